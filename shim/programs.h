/*
 * What connects the container's network namespace to the rest of the world: programs of the host (ip, nft, pasta), run
 * by the supervisor, since who started it may be gone by the time they are to be undone.
 *
 * They get nothing of the container's: the host's files by absolute paths, an empty environment, and as descriptors
 *   0  their input, a sealed text     3  the container's network namespace (`netns /proc/self/fd/3` in a batch of ip)
 *   1  /dev/null                      4  its user namespace, where that is new
 *   2  a file of ours: what a failing one says of it
 * One that stays until the container's end has at 0 a pipe, and is ready when it has written there; it is killed with
 * us. An argument PID stands for the container's first process.
 */
#ifndef PROGRAMS_H
#define PROGRAMS_H

#include "supervisor.h"

/* In order, with NETWORK, a descriptor of the namespace. 0, or -1 with s->failure; 0 also if the container died or was
 * interrupted meanwhile: that has its own words. */
int programs_attach(struct supervisor *s, int network);
/* All of them, whatever each comes to; nothing where attaching had not begun. */
void programs_detach(const struct supervisor *s);
void detail_programs(const struct spec *spec);

#endif
