/*
 * Hooks: what an engine has run at the stages of a container's life (src/spec/types.ts, Hooks). Used by the supervisor,
 * by the process that becomes the container, and by mc-oci.
 */
#ifndef HOOKS_H
#define HOOKS_H

#include "event.h"
#include "spec.h"

/*
 * One after the other, each with the state document as its stdin: that of HOOKS with PID and STATUS ("creating" …). -1
 * with FAILURE at the first that fails, or lasts longer than it may.
 */
int hooks_run(const struct lifecycle *hooks, const struct hooks *list, const char *status, pid_t pid,
	      struct failure *failure);

#endif
