/* What the files of the parent's side share. */
#ifndef SUPERVISOR_H
#define SUPERVISOR_H

#include "cgroup.h"
#include "control.h"
#include "event.h"
#include "outlet.h"
#include "outside.h"
#include "pty.h"
#include "supervise.h"

struct supervisor {
	const struct spec *spec;
	const struct run_options *options;
	pid_t child, between; /* the container's first process; the go-between of join.h */
	int pidfd, channel, signals;
	bool executing, started, ended, timed_out, oom, failed, attached, left;
	int interrupted;   /* the signal that ended a container before its command started */
	int status;        /* waitpid(2) */
	uint64_t deadline; /* CLOCK_MONOTONIC, ms; 0: none */
	struct failure failure;
	struct cgroup_run cgroup;
	struct outside outside;
	struct terminal terminal;
	struct outlet out, err; /* the command's stdout and stderr, where they pass through here */
	struct log log;
	struct control control;
	pid_t staying[MOST_PROGRAMS]; /* programs of the network's, programs.c */
	size_t staying_count;
};

/* spawn.c. 0, or -1 with s->failure filled. */
int start_child(struct supervisor *s);
/* Id maps and pid file, then it may go. */
int let_go(struct supervisor *s);
/* While the child waits for them with its root mounted and not yet entered. */
int run_outer_hooks(struct supervisor *s);

/* supervise.c: what has come for the supervisor, while it waits for something else than its watch(). */
void supervisor_take_signal(struct supervisor *s);

#endif
