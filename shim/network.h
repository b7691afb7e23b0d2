/*
 * A network namespace made beside the container's other parts. It takes the kernel as long as half of the rest, so the
 * supervisor, which has nothing else to do, makes it while the child mounts, and passes it on:
 *
 *   supervisor                              child
 *       |  clone3, without it                 |
 *       |  unshare(CLONE_NEWNET)              |  its other namespaces, root, pivot, first mounts
 *       |  network (with fd) ---------------> |  setns; goes on
 *       |  lo up; setns back to its own       | -- joined ---->  only now is the child said to be `created`
 *       |  attach (programs.h)                |
 *       |  loopback ------------------------> |  sysctl and the rest
 *
 * Where there is a user namespace it must own the network namespace: then both come from the one clone.
 */
#ifndef NETWORK_H
#define NETWORK_H

#include "supervisor.h"

/* Whether it is made so. Not where the child has to wait for the supervisor anyway. */
bool network_is_beside(const struct spec *spec);
/* The supervisor's part. 0, or -1 with s->failure; it is then back in its own namespace, or says that it is not. */
int network_make(struct supervisor *s);
/* The same for a namespace that came with the child: what connects it to the world. */
int network_attach(struct supervisor *s);
/* Whether the child has something to wait for in its network: its step `loopback`. */
bool network_child_waits(const struct spec *spec);
/* In the namespace that this process is in. 0, or -1 with errno. */
int network_raise_loopback(void);

#endif
