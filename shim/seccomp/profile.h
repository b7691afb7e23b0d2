/*
 * What calls a process may make, as OCI's config-linux.md puts it ("seccomp"): flat, that is, for one machine and one
 * set of capabilities. Who writes it has made all choices (src/plan/seccomp.ts); names are all that is left to look up.
 */
#ifndef PROFILE_H
#define PROFILE_H

#include "../json.h"

#include <sys/types.h>

#define PROFILE_MAX_BYTES (1u << 20)
#define PROFILE_MAX_DEPTH 8
#define PROFILE_ARGUMENTS 6

/* Of seccomp(2), in the order in which the kernel prefers them when several filters answer: the strictest first. */
enum answer { KILL_PROCESS, KILL_THREAD, TRAP, ERRNO, NOTIFY, TRACE, LOG, ALLOW, ANSWERS };

struct comparison {
	uint32_t index;
	uint64_t value, value_two;
	uint32_t operator; /* enum scmp_compare */
};

struct comparisons {
	struct comparison *items;
	size_t count;
};

struct names {
	char **items;
	size_t count;
};

struct rule {
	struct names names;
	uint32_t answer;
	bool has_errno;
	uint32_t error; /* or what a tracer is told */
	struct comparisons comparisons;
};

struct rules {
	struct rule *items;
	size_t count;
};

struct architectures {
	uint32_t *items; /* SCMP_ARCH_* */
	size_t count;
};

struct profile {
	uint32_t answer; /* to calls that no rule names */
	bool has_errno;
	uint32_t error;
	struct architectures architectures; /* none: the machine's own */
	struct rules rules;
	/* Not compiled, but no mistake either: who loads the filter sees to them. */
	uint64_t flags;
	char *listener_path, *listener_metadata;

	struct arena *arena; /* owns every pointer above */
};

/* As spec_read(): 0, or -1 with ERROR saying `POINTER: what is wrong`. profile_free() is owed in both cases. */
int profile_read(const char *text, size_t length, struct profile *profile, char error[static JSON_ERROR_BYTES]);
void profile_free(struct profile *profile);

#endif
