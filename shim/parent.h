/* Whom the supervisor is to die with (--die-with). */
#ifndef PARENT_H
#define PARENT_H

#include "supervisor.h"

/* From now on its death is a SIGTERM to us. 0, or -1 with s->failure filled: it is dead already. */
int parent_watch(struct supervisor *s);
bool parent_is_gone(const struct supervisor *s);

#endif
