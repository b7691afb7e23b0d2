#ifndef MOUNT_H
#define MOUNT_H

#include "spec.h"

/* What mount_setattr(2) takes. */
struct attributes {
	uint64_t set, clear, propagation;
};

/* Of the options that are recursive, or of those that are not. */
struct attributes attributes_of(const struct strings *options, bool recursive);

#endif
