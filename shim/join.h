/*
 * Into namespaces that are there already (exec). A process can't enter a pid namespace itself, only be born there; so a
 * go-between enters, gives birth to the container's process as the supervisor's own child (CLONE_PARENT), and ends. The
 * supervisor itself stays outside.
 */
#ifndef JOIN_H
#define JOIN_H

#include "spec.h"

/*
 * In the go-between: enters, then comes back in the new process. The go-between itself sends the new pid over CHANNEL
 * and exits. CGROUP: a directory of version 2 to be born in, or -1.
 */
void join_and_fork(const struct spec *spec, int channel, int cgroup);

#endif
