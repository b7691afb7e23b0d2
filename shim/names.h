/* Tables of the names that the wire uses, one array each; the same arrays feed `mc-init features`. */
#ifndef NAMES_H
#define NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct name {
	const char *name;
	uint64_t value;
};

/* End with {NULL, 0}. */
extern const struct name namespace_names[];   /* "pid" → CLONE_NEWPID … (OCI's names: "network", "mount") */
extern const struct name capability_names[];  /* "CAP_CHOWN" → 0 … */
extern const struct name rlimit_names[];      /* "RLIMIT_NOFILE" → RLIMIT_NOFILE … */
extern const struct name propagation_names[]; /* "private" → MS_PRIVATE, "rslave" → MS_REC | MS_SLAVE … */
extern const struct name setgroups_names[];   /* "allow", "deny" → enum setgroups */
extern const struct name filter_flag_names[]; /* "SECCOMP_FILTER_FLAG_LOG" → its bit */
extern const struct name errno_names[];       /* "ENOENT" → ENOENT … */

/* NULL where there is none. */
const struct name *name_find(const struct name *table, const char *name);
/* The name of a value, or NULL. */
const char *name_of(const struct name *table, uint64_t value);

/* A mount option that is not data for the file system: mount_setattr(2) bits and propagation. */
struct mount_option {
	const char *name;
	uint64_t set, clear;  /* MOUNT_ATTR_* */
	uint64_t propagation; /* MS_PRIVATE … ; 0: leave it */
	bool recursive;       /* applies to submounts too (AT_RECURSIVE) */
	bool bind;            /* "bind", "rbind" */
};

extern const struct mount_option mount_options[];
const struct mount_option *mount_option_find(const char *name);

/* Which file systems a mount may name in `type`; "bind" among them. Ends with NULL. */
extern const char *const mount_types[];

#endif
