/*
 * For an engine that looks after the container itself (minicontainer-oci): the supervisor ends as soon as the container
 * holds, or its command has started, and the container is the child of whoever adopts orphans (conmon,
 * containerd-shim).
 */
#ifndef LEAVE_H
#define LEAVE_H

#include <stdbool.h>

struct leave {
	bool leaves; /* false: the supervisor stays */
	int hold;    /* a FIFO: the command waits for a byte; -1: it waits for nothing */
	int console; /* a UNIX socket that gets the pty's master; -1: there is none */
	int status;  /* where a failure after the hold is told; -1: stderr */
};

/* The engine's terminal gets MASTER, which is closed here. 0, or -1 with errno. */
int leave_terminal(const struct leave *leave, int master);

#endif
