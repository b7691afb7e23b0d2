/* The two programs that this one starts: the planner (Node), which is gone before anything is done; and mc-init. */
#ifndef LAUNCH_H
#define LAUNCH_H

#include "call.h"

#include <sys/types.h>

/* Plans, with what the user gave for the planner; SPEC_FD gets the spec (-1: there is none). Where it fails, its line
 * is the error. WITH_STDIO: it reads and writes the caller's. */
void launch_planner(const struct call *call, const struct words *words, int spec_fd, bool with_stdio);

struct launch {
	int spec, status, hold, console; /* descriptors; -1: none */
	int preserved;
	bool leaves;
};

/* Starts mc-init, which dies with this process. */
pid_t launch_helper(const struct launch *launch);
/* Its exit code. */
int launch_wait(pid_t helper);

/* --preserve-fds and the descriptors that LISTEN_FDS tells of: how many, from 3 on; all of them are open. */
int launch_preserved(const struct call *call);
/* Connects to --console-socket; -1: none was given. */
int launch_console(const struct call *call, bool terminal, bool leaves);
/* --pid-file and --pidfd-socket. */
void launch_tell(const struct call *call, pid_t pid);

#endif
