/* The control groups that a container is in, of version 1 and 2. */
#ifndef GROUPS_H
#define GROUPS_H

#include "../spec.h"

/* How many processes there are, in groups below too. LIST may be NULL; it is to be freed. */
size_t groups_processes(const struct spec *spec, pid_t **list);
bool groups_frozen(const struct spec *spec);
/* False: it has no group that could be frozen. */
bool groups_freeze(const struct spec *spec, bool freeze);
/* SIGNAL to each. Where it is SIGKILL, until there are none. */
void groups_signal(const struct spec *spec, int signal);
/* Those that it is in, with all below; not their parents, which are the engine's. */
void groups_remove(const struct spec *spec);
/* A file of one of them: the first that has it. NULL: none has. */
char *groups_read(const struct spec *spec, const char *file);

#endif
