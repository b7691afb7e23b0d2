/*
 * Control groups (cgroups(7)), version 1 and 2. The planner says which directories, which files and which values; here
 * they are made before the container's process is, so that it is limited from its first instruction, and removed after
 * it.
 */
#ifndef CGROUP_H
#define CGROUP_H

#include "event.h"
#include "spec.h"

struct cgroup_run {
	int unified; /* the version 2 directory to clone into; -1: none */
	size_t made; /* of spec->cgroup.create: how many there are now */
};

/* Makes the directories, writes the settings. 0, or -1 with FAILURE; what was made is then still to be removed. */
int cgroup_create(const struct spec *spec, struct cgroup_run *run, struct failure *failure);
/* Removes what cgroup_create() made or found, last first, and as far as nobody else uses it. */
void cgroup_remove(const struct spec *spec, const struct cgroup_run *run);
/* True if the kernel killed a process of the container because its memory limit was reached. */
bool cgroup_saw_oom(const struct spec *spec);

#endif
