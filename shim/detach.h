/* Leaving the caller behind: `mc-init run --detached` ends when the command has started, and the supervisor lives on.
 */
#ifndef DETACH_H
#define DETACH_H

#include <sys/types.h>

/*
 * Returns in the supervisor, which holds nothing of the caller's but its stderr. The caller's child waits for
 * detach_let_go() and ends with the code said there. If PARENT, the caller, dies before, nothing is started.
 */
void detach(pid_t parent);
/* CODE: 0 when the command has started, else the exit code of the failure. Not when nobody waits. */
void detach_let_go(int code);

#endif
