#ifndef IDMAP_H
#define IDMAP_H

#include "event.h"
#include "spec.h"

/*
 * Writes the id maps of the user namespace of process PID (user_namespaces(7)). Maps that the caller may not write
 * itself go through newuidmap(1) and newgidmap(1), which check them against /etc/subuid and /etc/subgid.
 * 0, or -1 with FAILURE filled.
 */
int idmap_write(pid_t pid, const struct spec *spec, struct failure *failure);

/* Maps that need no tool: of a namespace for mounts. The same results. */
int idmap_write_direct(pid_t pid, const struct id_mappings *uids, const struct id_mappings *gids,
		       struct failure *failure);

#endif
