/*
 * A container as it stands in its directory, ROOT/ID:
 *
 *   state.json  what it is: bundle, when and by whom made
 *   spec.json   the whole plan, as the planner wrote it and mc-init reads it
 *   story       the helper's events: `created` has the pid and its start time, `error` is the last word
 *   start       a FIFO: the container's process waits at it. Its name is `start.new` until all is set up; it is gone
 *               when the command has been started.
 *
 * The directory itself is locked (flock) by whoever changes something.
 */
#ifndef CONTAINER_H
#define CONTAINER_H

#include "../spec.h"
#include "call.h"

#include <stdio.h>

enum status { STATUS_CREATING, STATUS_CREATED, STATUS_RUNNING, STATUS_PAUSED, STATUS_STOPPED };
extern const char *const status_names[];

struct oci_container {
	const char *id;
	char *path; /* ROOT/ID */
	int dir;
	bool has_spec;
	char *bundle, *created, *owner; /* "" where there is no state.json yet */
	struct spec spec;
	pid_t pid; /* 0: none yet */
	unsigned long long start_time;
	enum status status;
};

/* Makes ROOT/ID, which must not be there, and locks it. */
void container_new(struct oci_container *c, const struct call *call, const char *id);
/* Writes state.json. */
void container_describe(struct oci_container *c, const char *bundle);
/* Reads what the planner wrote, from FD. */
void container_read_spec(struct oci_container *c, int fd);
/* Whether there is one; reads all of it, and its status. With the lock, for who changes it. */
bool container_open(struct oci_container *c, const struct call *call, const char *id, bool locked);
/* The same; one that is not there is an error. */
void container_get(struct oci_container *c, const struct call *call, const char *id, bool locked);
/* Its story and its status, anew. */
void container_look(struct oci_container *c);
/* A pidfd of its first process; -1: it has ended. */
int container_pidfd(const struct oci_container *c);
/* Removes ROOT/ID and what is in it. */
void container_forget(struct oci_container *c);
/* As `state` and `list` print it; INDENT: over lines. */
void container_print(const struct oci_container *c, FILE *to, bool indent);

#endif
