/* What a command line says. */
#ifndef CALL_H
#define CALL_H

#include <stdbool.h>
#include <stddef.h>

struct words {
	char **items; /* ends with NULL */
	size_t count, room;
};

struct call {
	/* before the verb */
	const char *root, *log, *log_format, *cgroup_manager, *rootless, *criu, *self;
	bool debug, systemd_cgroup, help, version;
	/* after it */
	const char *bundle, *config, *pid_file, *console_socket, *pidfd_socket, *format, *preserve, *interval;
	bool no_pivot, no_new_keyring, detach, keep, force, all, regex, quiet, tty, ignore_paused, stats, no_subreaper;
	struct words planner;   /* what only the planner wants, `--name=value` each */
	struct words arguments; /* what is no option */
};

void words_add(struct words *words, const char *format, ...) __attribute__((format(printf, 2, 3)));

struct verb {
	const char *name;
	int (*act)(struct call *call);
	const char *usage, *what;
	const struct option *options;
	int least, most;   /* how many arguments; most -1: any number */
	bool ends_options; /* the second argument begins a command */
};

enum option_kind { OPTION_FLAG, OPTION_TEXT, OPTION_PLANNER_FLAG, OPTION_PLANNER_TEXT };

struct option {
	const char *name;
	char letter; /* 0: none */
	enum option_kind kind;
	size_t offset; /* in struct call */
	const char *value, *what;
};

extern const struct option global_options[], create_options[], run_options_table[], exec_options[], delete_options[],
	kill_options[], list_options[], ps_options[], update_options[], events_options[], spec_options[], no_options[];

/* Takes the options of TABLE at the start of ARGV, and with PERMUTED among the arguments too, which it collects. What
 * is left, or NULL where all was taken. */
char **options_take(struct call *call, const struct option *table, char *argv[], bool permuted);
void options_print(const struct option *table);

#endif
