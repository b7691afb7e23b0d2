#ifndef MOUNT_H
#define MOUNT_H

#include "spec.h"

/* What mount_setattr(2) takes. */
struct attributes {
	uint64_t set, clear, propagation;
};

/* Of the options that are recursive, or of those that are not. */
struct attributes attributes_of(const struct strings *options, bool recursive);

struct container;

/* MOUNT, detached, to TARGET, which is closed; DESTINATION is what it is called. Not into /proc, nor what is reserved.
 */
void attach_at(const struct container *c, const char *destination, int mount, int target);

#endif
