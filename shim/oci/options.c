/* runc's and crun's options, as tables. */
#include "call.h"
#include "report.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FLAG(name, letter, field, what)                                                                                \
	{                                                                                                              \
		name, letter, OPTION_FLAG, offsetof(struct call, field), NULL, what                                    \
	}
#define TEXT(name, letter, field, value, what)                                                                         \
	{                                                                                                              \
		name, letter, OPTION_TEXT, offsetof(struct call, field), value, what                                   \
	}
#define PLANNED(name, letter, value, what)                                                                             \
	{                                                                                                              \
		name, letter, OPTION_PLANNER_TEXT, 0, value, what                                                      \
	}
#define PLANNED_FLAG(name, letter, what)                                                                               \
	{                                                                                                              \
		name, letter, OPTION_PLANNER_FLAG, 0, NULL, what                                                       \
	}

const struct option no_options[] = {FLAG("help", 'h', help, "this text"), {0}};

const struct option global_options[] = {
	TEXT("root", 0, root, "DIR", "where the state of containers is kept"),
	TEXT("log", 0, log, "FILE", "where errors are written, besides stderr"),
	TEXT("log-format", 0, log_format, "text|json", "how"),
	FLAG("debug", 0, debug, "more in the log"),
	FLAG("systemd-cgroup", 's', systemd_cgroup, "cgroupsPath is SLICE:PREFIX:NAME"),
	TEXT("cgroup-manager", 0, cgroup_manager, "cgroupfs|systemd|disabled", "who makes control groups"),
	TEXT("rootless", 0, rootless, "true|false|auto", "taken for compatibility: it is found out"),
	TEXT("criu", 0, criu, "PATH", "taken for compatibility"),
	FLAG("version", 'v', version, "the version, and that of the runtime specification"),
	FLAG("help", 'h', help, "this text, or that of a verb"),
	{0},
};

#define CREATE_OPTIONS                                                                                                 \
	TEXT("bundle", 'b', bundle, "DIR", "where config.json is; default: the working directory"),                    \
		TEXT("config", 'f', config, "FILE", "another config.json"),                                            \
		TEXT("pid-file", 0, pid_file, "FILE", "gets the container's pid"),                                     \
		TEXT("console-socket", 0, console_socket, "SOCKET", "gets the terminal"),                              \
		TEXT("pidfd-socket", 0, pidfd_socket, "SOCKET", "gets a pidfd of the container"),                      \
		TEXT("preserve-fds", 0, preserve, "N", "descriptors from 3 on that the container gets"),               \
		FLAG("no-pivot", 0, no_pivot, "chroot instead of pivot_root, on a ramdisk"),                           \
		FLAG("no-new-keyring", 0, no_new_keyring, "keep the caller's session keyring"),                        \
		FLAG("help", 'h', help, "this text")

const struct option create_options[] = {CREATE_OPTIONS, {0}};

const struct option run_options_table[] = {
	CREATE_OPTIONS,
	FLAG("detach", 'd', detach, "come back when it has started"),
	FLAG("keep", 0, keep, "keep its state when it has ended"),
	FLAG("no-subreaper", 0, no_subreaper, "taken for compatibility"),
	{0},
};

const struct option exec_options[] = {
	PLANNED("process", 'p', "FILE", "the process as in config.json"),
	PLANNED_FLAG("tty", 't', "with a terminal"),
	PLANNED("cwd", 0, "DIR", "working directory"),
	PLANNED("env", 'e', "NAME=VALUE", "a variable; may be repeated"),
	PLANNED("user", 'u', "UID[:GID]", "as whom"),
	PLANNED("additional-gids", 'g', "GID", "a supplementary group; may be repeated"),
	PLANNED("cap", 'c', "CAPABILITY", "one more; may be repeated"),
	PLANNED("cgroup", 0, "[CONTROLLER:]PATH", "a group below the container's"),
	PLANNED_FLAG("no-new-privs", 0, "setuid programs give nothing"),
	PLANNED("apparmor", 0, "PROFILE", "AppArmor profile"),
	PLANNED("process-label", 0, "LABEL", "SELinux label"),
	FLAG("detach", 'd', detach, "come back when it has started"),
	TEXT("pid-file", 0, pid_file, "FILE", "gets its pid"),
	TEXT("console-socket", 0, console_socket, "SOCKET", "gets the terminal"),
	TEXT("pidfd-socket", 0, pidfd_socket, "SOCKET", "gets a pidfd"),
	TEXT("preserve-fds", 0, preserve, "N", "descriptors from 3 on that it gets"),
	FLAG("ignore-paused", 0, ignore_paused, "in a paused container too"),
	FLAG("no-subreaper", 0, no_subreaper, "taken for compatibility"),
	FLAG("help", 'h', help, "this text"),
	{0},
};

const struct option delete_options[] = {
	FLAG("force", 'f', force, "kill it first; one that is not there is no error"),
	FLAG("regex", 0, regex, "ID is an extended regular expression"),
	FLAG("help", 'h', help, "this text"),
	{0},
};

const struct option kill_options[] = {
	FLAG("all", 'a', all, "all its processes"),
	FLAG("help", 'h', help, "this text"),
	{0},
};

const struct option list_options[] = {
	TEXT("format", 'f', format, "table|json", "how"),
	FLAG("quiet", 'q', quiet, "ids only"),
	FLAG("help", 'h', help, "this text"),
	{0},
};

const struct option ps_options[] = {
	TEXT("format", 'f', format, "table|json", "how"),
	FLAG("help", 'h', help, "this text"),
	{0},
};

const struct option update_options[] = {
	PLANNED("resources", 'r', "FILE|-", "linux.resources as JSON"),
	PLANNED("memory", 0, "BYTES", "limit of memory"),
	PLANNED("memory-reservation", 0, "BYTES", "what it is brought back to when memory is short"),
	PLANNED("memory-swap", 0, "BYTES", "memory and swap together; -1: no limit"),
	PLANNED("pids-limit", 0, "N", "processes and threads"),
	PLANNED("cpu-period", 0, "US", "of the quota"),
	PLANNED("cpu-quota", 0, "US", "time in each period"),
	PLANNED("cpu-share", 0, "N", "weight; 1024 is everyone's"),
	PLANNED("cpu-burst", 0, "US", "unused quota that may be saved"),
	PLANNED("cpu-idle", 0, "0|1", "only when nobody else wants it"),
	PLANNED("cpu-rt-period", 0, "US", "of the realtime limit"),
	PLANNED("cpu-rt-runtime", 0, "US", "realtime in each period"),
	PLANNED("cpuset-cpus", 0, "LIST", "processors"),
	PLANNED("cpuset-mems", 0, "LIST", "memory nodes"),
	PLANNED("blkio-weight", 0, "N", "10..1000"),
	PLANNED("kernel-memory", 0, "BYTES", "taken for compatibility: the kernel has it no more"),
	PLANNED("kernel-memory-tcp", 0, "BYTES", "limit of TCP buffers"),
	FLAG("help", 'h', help, "this text"),
	{0},
};

const struct option events_options[] = {
	FLAG("stats", 0, stats, "once, and no more"),
	TEXT("interval", 0, interval, "DURATION", "between two of them; default 5s"),
	FLAG("help", 'h', help, "this text"),
	{0},
};

const struct option spec_options[] = {
	TEXT("bundle", 'b', bundle, "DIR", "where config.json is written"),
	PLANNED_FLAG("rootless", 0, "for a user without privileges"),
	FLAG("help", 'h', help, "this text"),
	{0},
};

void words_add(struct words *words, const char *format, ...)
{
	va_list args;
	if (words->count + 2 > words->room)
		words->items = realloc(words->items, (words->room = words->room * 2 + 8) * sizeof(char *));
	va_start(args, format);
	if (!words->items || vasprintf(&words->items[words->count], format, args) < 0)
		fatal("out of memory");
	va_end(args);
	words->items[++words->count] = NULL;
}

/* Go's flags, which runc has, know no difference between `-name` and `--name`. */
static const struct option *find(const struct option *table, const char *word, size_t length)
{
	for (const struct option *o = table; o->name; o++)
		if ((length == 1 && *word == o->letter) ||
		    (strlen(o->name) == length && !strncmp(o->name, word, length)))
			return o;
	return NULL;
}

static bool is_true(const struct option *o, const char *text)
{
	if (!text || !strcmp(text, "true") || !strcmp(text, "1"))
		return true;
	if (strcmp(text, "false") && strcmp(text, "0"))
		fatal("--%s is true or false, not %s", o->name, text);
	return false;
}

static void set(struct call *call, const struct option *o, const char *value)
{
	void *field = (char *)call + o->offset;
	if (o->kind == OPTION_FLAG)
		*(bool *)field = is_true(o, value);
	else if (o->kind == OPTION_TEXT)
		*(const char **)field = value;
	else if (o->kind == OPTION_PLANNER_TEXT)
		words_add(&call->planner, "--%s=%s", o->name, value);
	else if (is_true(o, value))
		words_add(&call->planner, "--%s", o->name);
}

static char **take_one(struct call *call, const struct option *table, char *argv[])
{
	const char *word = *argv + strspn(*argv, "-"), *equals = strchr(word, '=');
	const struct option *o = find(table, word, equals ? (size_t)(equals - word) : strlen(word));
	if (!o)
		fatal("unknown option %s", *argv);
	const char *value = equals ? equals + 1 : NULL;
	if (!value && (o->kind == OPTION_TEXT || o->kind == OPTION_PLANNER_TEXT)) {
		value = *++argv;
		if (!value)
			fatal("--%s wants %s", o->name, o->value);
	}
	set(call, o, value);
	return argv + 1;
}

char **options_take(struct call *call, const struct option *table, char *argv[], bool permuted)
{
	while (*argv) {
		bool is_option = (*argv)[0] == '-' && (*argv)[1];
		if (is_option && !strcmp(*argv, "--"))
			return argv + 1;
		if (is_option)
			argv = take_one(call, table, argv);
		else if (permuted)
			words_add(&call->arguments, "%s", *argv++);
		else
			break;
	}
	return argv;
}

void options_print(const struct option *table)
{
	for (const struct option *o = table; o->name; o++) {
		char name[64];
		snprintf(name, sizeof(name), "%s--%s%s%s", o->letter ? (char[]){'-', o->letter, ',', ' ', 0} : "    ",
			 o->name, o->value ? " " : "", o->value ? o->value : "");
		printf("  %-36s %s\n", name, o->what);
	}
}
