/*
 * Going through a tree of directories that may change meanwhile: by descriptors, never along a path, so that nothing
 * that is swapped for a link leads elsewhere; as deep as it may be.
 */
#ifndef WALK_H
#define WALK_H

#include "step.h"

#include <stddef.h>

/* What the way to the present place is called; where it grows too long, or there are too many levels, refuse(). */
struct walk {
	char name[64 << 10];
	size_t length;
	unsigned depth;
	void (*visit)(struct walk *walk, int dir, const char *name);
	int other; /* diff: the same directory of the lower layer; -1: there is none */
};

/* Visits each name in the directory open as FD, which is closed then. Meanwhile the walk's name ends in it. */
void walk_through(struct walk *walk, int fd);
/* A name in DIR, for walk_through(); -1 where there is no directory. */
int walk_open(int dir, const char *name);

/* Ends this process as the command would have: with all said in its stead. */
_Noreturn void walk_done(const struct container *c);

#endif
