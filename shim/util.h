/* Helpers without side effects, and memory that is never short: running out of it ends the process. */
#ifndef UTIL_H
#define UTIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Memory that is freed all at once; zeroed. Exits with 125 when there is none. */
struct arena;
struct arena *arena_new(void);
void *arena_alloc(struct arena *arena, size_t size);
void arena_free(struct arena *arena);

/* Absolute, no empty, "." or ".." component, no trailing slash (but "/" itself is clean). */
bool path_is_clean(const char *path);

#endif
