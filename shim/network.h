/*
 * A network namespace made beside the container's other parts. It takes the kernel as long as half of the rest, so the
 * supervisor, which has nothing else to do, makes it while the child mounts, and passes it on:
 *
 *   supervisor                              child
 *       |  clone3, without it                 |
 *       |  unshare(CLONE_NEWNET)              |  its other namespaces, root, pivot, first mounts
 *       |  network (with fd) ---------------> |  setns; goes on
 *       |  lo up; setns back to its own       | -- joined ---->  only now is the child said to be `created`
 *       |  loopback ------------------------> |  sysctl and the rest
 *
 * Where there is a user namespace it must own the network namespace: then both come from the one clone.
 */
#ifndef NETWORK_H
#define NETWORK_H

#include "event.h"
#include "spec.h"

/* Whether it is made so. Not where the child has to wait for the supervisor anyway. */
bool network_is_beside(const struct spec *spec);
/* The supervisor's part. 0, or -1 with FAILURE; it is then back in its own namespace, or says that it is not. */
int network_make(const struct spec *spec, int channel, struct failure *failure);
/* In the namespace that this process is in. 0, or -1 with errno. */
int network_raise_loopback(void);

#endif
