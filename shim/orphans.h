#ifndef ORPHANS_H
#define ORPHANS_H

#include <sys/types.h>

/*
 * A container that shares the host's pid namespace has no PID 1 whose end takes the rest along. So the supervisor
 * becomes the parent of whatever the command leaves behind (PR_SET_CHILD_SUBREAPER, Linux 3.4), and ends it.
 */
int orphans_adopt(void);
/* All but one, which is left to be waited for. */
void orphans_kill(pid_t spared);

#endif
