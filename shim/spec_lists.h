/* Lists that several objects of the spec (spec.h) are made of. */
#ifndef SPEC_LISTS_H
#define SPEC_LISTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Every list is {items, count}, so that one field table can fill any of them. A list of strings also ends with NULL. */
struct strings {
	char **items;
	size_t count;
};

struct pair {
	char *name, *value;
};

struct pairs {
	struct pair *items;
	size_t count;
};

struct id_mapping {
	uint32_t container, host, size;
};

struct id_mappings {
	struct id_mapping *items;
	size_t count;
};

struct gids {
	uint32_t *items;
	size_t count;
};

/* Of the engines' documents: shim/spec_oci.c. */
struct hook {
	char *path;
	struct strings args, env;
	bool has_env;
	uint32_t timeout; /* seconds; 0: none */
};

struct hooks {
	struct hook *items;
	size_t count;
};

#endif
