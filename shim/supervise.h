/* The parent's side: it makes the child, watches over it, and tells how it ended. */
#ifndef SUPERVISE_H
#define SUPERVISE_H

#include "spec.h"

#include "leave.h"

struct run_options {
	bool trace;
	bool detached; /* not for our own stdin, stdout and stderr (detach.h) */
	int preserved; /* how many descriptors, from 3, are the container's too */
	struct leave leave;
	pid_t parent; /* end the container when this process, our parent, dies; 0: live on */
};

/* Runs the container to its end. The exit code: the command's own, 128+n, or 125, 126, 127. */
int supervise(const struct spec *spec, const struct run_options *options);

#endif
