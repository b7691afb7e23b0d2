/*
 * The steps by which a spec becomes a container. A step is a row in a table; the runner in step.c goes through the
 * tables in order, and running, tracing, explaining and the names in errors all come from the same rows.
 */
#ifndef STEP_H
#define STEP_H

#include "leave.h"
#include "outside.h"
#include "spec.h"

/* What the steps of the child hand to one another. Descriptors are -1 until they are there. */
struct container {
	const struct spec *spec;
	int channel; /* to the supervisor */
	bool trace;
	mode_t umask;      /* the caller's */
	int proc;          /* a procfs that nothing of the image's lies over */
	pid_t outer_pid;   /* as the host sees it; known once hooks are run */
	bool in_network;   /* the one that the supervisor made, network.h */
	int *mounts;       /* detached, one for each of spec->mounts; -1: not made yet */
	int64_t *reserved; /* which of them lie in /dev, /proc or /sys by now: their mount ids, or 0 */
	const struct outside *outside;
	int root;     /* the new root: after pivot, `/` */
	int terminal; /* our end of the pty, the container's stdin */
	int stdio[3]; /* pipes to the supervisor, where the command is not to have the caller's own; -1: it is */
	const struct leave *leave;
	int preserved; /* how many descriptors of the caller's, from 3, are the command's too */
	bool detached; /* the caller's are not to be had: what is no pipe is the container's null device */
};

struct step {
	const char *name;
	bool (*applies)(const struct spec *spec); /* NULL: always */
	void (*act)(struct container *container); /* NULL: the supervisor's own code */
	const char *calls;                        /* system calls, for `explain` and `features` */
	const char *why;
	const char *by_hand; /* the same in shell, or "" */
	const char *manual;
	void (*detail)(const struct spec *spec); /* prints what exactly is done, a line each; may be NULL */
};

struct phase {
	const char *name;
	const struct step *steps; /* ends with a row without a name */
};

/* host, parent, child, payload: in the order in which they happen. Ends with a row without a name. */
extern const struct phase phases[];

/* Runs every step of the phase that applies; does not return if one fails. */
void run_phase(const char *name, struct container *container);

void explain(const struct spec *spec);
void print_steps(void);

/* The steps themselves, by file. Each die()s on failure. */
/* ns.c */
void wait_for_go(struct container *c);
void new_session(struct container *c);
void new_keyring(struct container *c);
void become_mapped_root(struct container *c);
void hide_from_ptrace(struct container *c);
void new_namespaces(struct container *c);
void join_network(struct container *c);
void loopback_up(struct container *c);
void set_hostname(struct container *c);
/* cgroup.c */
void join_cgroups(struct container *c);
void new_cgroup_namespace(struct container *c);
/* mount.c */
void make_private(struct container *c);
void open_sources(struct container *c);
void attach_mounts(struct container *c);
bool has_filled_mounts(const struct spec *spec);
void make_mounts_readonly(struct container *c);
void detail_mounts(const struct spec *spec);
/* rootfs.c */
void mount_rootfs(struct container *c);
void pivot(struct container *c);
void set_root_propagation(struct container *c);
void make_root_readonly(struct container *c);
void detail_rootfs(const struct spec *spec);
/* contents.c */
void open_contents(struct container *c);
void attach_contents(struct container *c);
void detail_contents(const struct spec *spec);
/* dev.c */
void make_devices(struct container *c);
void make_links(struct container *c);
void open_console(struct container *c);
void detail_devices(const struct spec *spec);
void detail_links(const struct spec *spec);
/* mask.c */
void make_paths_readonly(struct container *c);
void mask_paths(struct container *c);
/* sysctl.c */
/* Who enters a container has what that has for /proc, if it is a procfs. */
int proc_of(struct container *c);
void set_sysctls(struct container *c);
void set_oom_score_adj(struct container *c);
void detail_sysctls(const struct spec *spec);
/* schedule.c */
void use_first_processors(struct container *c);
void use_last_processors(struct container *c);
void set_scheduler(struct container *c);
void set_io_priority(struct container *c);
void set_memory_policy(struct container *c);
void set_personality(struct container *c);
/* timens.c */
void new_time_namespace(struct container *c);
/* label.c */
void set_labels(struct container *c);
/* hook_steps.c */
void run_create_hooks(struct container *c);
void run_start_hooks(struct container *c);
/* process.c */
void make_cwd(struct container *c);
void set_limits(struct container *c);
void set_stdio(struct container *c);
void set_user(struct container *c);
void enter_cwd(struct container *c);
void set_no_new_privileges(struct container *c);
void become_init(struct container *c);
/* Where it certainly cannot be executed, it says so now. */
void look_for_command(struct container *c);
void execute(struct container *c);
/* leave.c */
void leave_caller(struct container *c);
/* pack.c, unpack.c, diff.c: instead of a command */
void pack(struct container *c);
void unpack(struct container *c);
void diff(struct container *c);

#endif
