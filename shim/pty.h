/* The supervisor's side of a container's terminal: the caller's own terminal made raw, bytes both ways, the size. */
#ifndef PTY_H
#define PTY_H

#include "outlet.h"
#include "tty.h"

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>

struct terminal {
	int master,
		peer; /* -1: there is none. The peer is held so that the master never reports a hang-up in between. */
	bool relays_input; /* the caller's stdin goes in */
	bool from_tty;  /* that stdin is a terminal; asked at the start, for one that has gone says that it is none */
	char last_byte; /* of what went in */
	struct tty tty; /* the caller's, made raw */
	struct buffer in, out;
	size_t taken;      /* bytes, of what came out so far */
	int own;           /* the descriptor that the output goes to; -1: none */
	tap_function *tap; /* gets a copy of it; may be NULL */
	void *context;
};

enum { TERMINAL_POLLS = 3 };

/* Takes MASTER over. 0, or -1 with errno. */
int terminal_attach(struct terminal *t, int master, bool relays_input);
/* What to wait for. */
void terminal_poll(const struct terminal *t, struct pollfd polls[static TERMINAL_POLLS]);
/* Moves what can be moved without blocking. */
void terminal_serve(struct terminal *t, const struct pollfd polls[static TERMINAL_POLLS]);
/* The caller's window size goes to the container. */
void terminal_resize(const struct terminal *t);
/* What the container wrote before it ended. */
void terminal_drain(struct terminal *t, wait_function *wait, void *context);

#endif
