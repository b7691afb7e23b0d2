/*
 * Sources of binds that only the supervisor can open, before the container's process is born: the user namespace's root
 * may not reach them, and may not map their ids (mount_setattr(2), MOUNT_ATTR_IDMAP).
 */
#ifndef OUTSIDE_H
#define OUTSIDE_H

#include "event.h"
#include "spec.h"

enum { MOST_OUTSIDE = 256 };

struct outside {
	size_t count;
	struct {
		size_t mount; /* index in spec->mounts */
		int fd;       /* detached */
	} items[MOST_OUTSIDE];
};

/* 0, or -1 with FAILURE. */
int outside_open(const struct spec *spec, struct outside *outside, struct failure *failure);
/* Theirs alone from here on. */
void outside_close(struct outside *outside);
/* -1: the process itself is to open it. */
int outside_of(const struct outside *outside, size_t mount);

#endif
