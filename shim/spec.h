/*
 * The spec: what one container is, as read from the wire (src/spec/types.ts tells the meaning of each field).
 * The reader (spec.c) is strict and gives no defaults: what the document does not say is zero or NULL here.
 */
#ifndef SPEC_H
#define SPEC_H

#include "spec_lists.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define WIRE_VERSION   1
#define SPEC_MAX_BYTES (4u << 20)
#define SPEC_MAX_DEPTH 32
#define MOST_PROGRAMS  32

struct namespace
{
	int flag;   /* CLONE_NEW* */
	char *path; /* NULL: a new one; else one to enter, /proc/PID/ns/TYPE */
};

struct namespaces {
	struct namespace *items;
	size_t count;
};

struct mount {
	char *destination, *type, *source;
	struct id_mappings uid_mappings, gid_mappings; /* of the mount alone: idmap.h */
	struct strings
		options; /* each known to mount_option() or of the form key=value or a bare key for the file system */
};

struct mounts {
	struct mount *items;
	size_t count;
};

struct device {
	char type; /* c u b p */
	char *path;
	uint32_t major, minor;
	mode_t mode;
	uint32_t uid, gid;
};

struct devices {
	struct device *items;
	size_t count;
};

struct link {
	char *path, *target;
};

struct links {
	struct link *items;
	size_t count;
};

struct content {
	char *destination, *text, *source;
	enum make { MAKE_NOT, MAKE_TRY, MAKE_MUST } make;
	int mount; /* of the source, detached: contents.c */
};

struct contents {
	struct content *items;
	size_t count;
};

struct limit {
	int resource; /* RLIMIT_* */
	uint64_t soft, hard;
};

struct limits {
	struct limit *items;
	size_t count;
};

struct setting {
	char *path, *value;
};

struct settings {
	struct setting *items;
	size_t count;
};

struct device_rule {
	char type; /* c, b; 0: both */
	bool has_major, has_minor;
	uint32_t major, minor;
	char *access; /* some of r w m */
};

struct device_rules {
	struct device_rule *items;
	size_t count;
};

/* Of the host's, run by the supervisor: programs.h. */
struct host_program {
	struct strings args;
	char *input, *otherwise; /* its stdin; and what to try if it fails */
	bool inside, optional, meanwhile, stays;
};

struct host_programs {
	struct host_program *items;
	size_t count;
};

/* Bit n is capability n (capabilities(7)). */
struct capabilities {
	uint64_t bounding, effective, inheritable, permitted, ambient;
};

struct spec {
	char *oci_version;

	struct process {
		struct strings args, env;
		char *cwd;
		bool terminal;
		struct console_size {
			bool present;
			uint32_t height, width;
		} console_size;
		struct user {
			uint32_t uid, gid;
			bool has_umask;
			mode_t umask;
			struct gids groups;
		} user;
		bool has_capabilities;
		struct capabilities capabilities;
		struct limits limits;
		bool no_new_privileges;
		bool has_oom_score_adj;
		int32_t oom_score_adj;
		char *apparmor, *selinux;
		struct scheduler {
			bool present;
			uint32_t policy, priority;
			int32_t nice;
			uint64_t flags, runtime, deadline, period;
		} scheduler;
		struct io_priority {
			bool present;
			uint32_t class, priority;
		} io_priority;
		struct affinity {
			struct gids initial, final; /* processors */
		} affinity;
	} process;

	struct root {
		char *path;
		bool readonly;
	} root;

	char *hostname, *domainname;
	struct mounts mounts;
	struct namespaces namespaces;
	struct id_mappings uid_mappings, gid_mappings;
	struct time_offsets {
		struct time_offset {
			int64_t seconds;
			uint32_t nanoseconds;
			bool present; /* not the first, whose offset would say that there is none */
		} monotonic, boottime;
	} time_offsets;
	uint64_t root_propagation; /* MS_*; 0: private from the beginning */
	struct memory_policy {
		uint32_t mode;
		struct gids nodes;
		uint64_t flags;
		bool present;
	} memory_policy;
	bool has_personality;
	uint32_t personality;
	struct devices devices;
	struct pairs sysctl;
	struct strings masked_paths, readonly_paths;
	struct pairs annotations;

	/* The object "minicontainer". */
	uint32_t version;
	char *id;
	bool has_target;
	struct entered {
		uint32_t pid;
		uint64_t start_time; /* field 22 of proc_pid_stat(5) */
	} target;
	struct overlay {
		bool present;
		struct strings lower;
		char *upper, *work;
		bool tmpfs;          /* the object was there */
		uint64_t tmpfs_size; /* bytes; 0: not said */
		bool userxattr, stacked;
		struct strings parts;
	} overlay;
	struct strings root_options;
	bool idmap; /* layers are seen through the container's id maps */
	struct cgroup {
		struct strings create, join;
		struct settings settings;
		bool has_devices;
		struct device_rules devices;
	} cgroup;
	struct network {
		struct host_programs attach, detach;
	} network;
	bool loopback, new_keyring;
	enum setgroups { SETGROUPS_UNSAID, SETGROUPS_ALLOW, SETGROUPS_DENY } setgroups;
	struct links links;
	struct contents contents;
	struct lifecycle {
		char *state; /* what of the state document is known beforehand, without braces */
		struct hooks prestart, create_runtime, create_container, start_container, poststart, poststop;
	} hooks;
	bool stdin_null;
	struct supervise {
		char *dir;
		char *log_path;
		uint64_t log_max_size;
		uint32_t log_files;
		struct strings exit_command;
	} supervise;
	struct files {
		bool pack, unpack; /* the object was there */
		char *path, *name;
		bool follow, directory, contents, entries, keep_owner;
		char *diff;
	} files;
	struct seccomp {
		char *filter;   /* base64 of struct sock_filter[]; NULL: none */
		uint64_t flags; /* SECCOMP_FILTER_FLAG_* */
	} seccomp;
	bool init;
	uint64_t timeout_ms; /* 0: none */
	char *pid_file;

	struct arena *arena; /* owns every pointer above */
};

/*
 * Reads a document of LENGTH bytes. 0, or -1 with ERROR saying `POINTER: what is wrong` (RFC 6901), e.g.
 * `/linux/namespaces/2/pth: unknown key`. Never prints, never exits. spec_free() is owed in both cases.
 */
int spec_read(const char *text, size_t length, struct spec *spec, char error[static 512]);
void spec_free(struct spec *spec);

/* JSON Schema (2020-12) of the wire, from the same field tables, on stdout. */
void spec_print_schema(void);

/* The union of the CLONE_NEW* flags of the namespaces that are to be new. */
int spec_clone_flags(const struct spec *spec);
/* Those of them that a process is born in; a cgroup namespace waits for its groups, a time namespace for its offsets.
 */
int spec_birth_flags(const struct spec *spec);
/* True if there are namespaces to enter. */
bool spec_joins(const struct spec *spec);
/* True if the new process may do nothing before the supervisor has done its part: id maps, a pid file, a go-between. */
bool spec_waits(const struct spec *spec);
/* True if the caller's own namespace of this kind is left, for a new one or for one to enter. */
bool spec_leaves(const struct spec *spec, int flag);

#endif
