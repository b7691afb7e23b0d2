/*
 * minicontainer-oci: runc's command line. It reserves the container's id and directory, has config.json made a spec by
 * the planner (Node, gone before anything happens), and has that spec run by mc-init, which leaves the container to
 * whoever called. What needs no plan is done right here.
 */
#include "place.h"
#include "report.h"
#include "verbs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../sys.h"

static const struct verb verbs[] = {
	{"create", create_verb, "ID", "make a container, which then waits for its start", create_options, 1, 1, false},
	{"start", start_verb, "ID", "have it execute its command", no_options, 1, 1, false},
	{"run", run_verb, "ID", "create, start, and wait for the end", run_options_table, 1, 1, false},
	{"state", state_verb, "ID", "what it is and does, as JSON", no_options, 1, 1, false},
	{"kill", kill_verb, "ID [SIGNAL]", "send it a signal; default: TERM", kill_options, 1, 2, false},
	{"delete", delete_verb, "ID", "remove what is left of it", delete_options, 1, 1, false},
	{"exec", exec_verb, "ID [COMMAND [ARG…]]", "one more process in it", exec_options, 1, -1, true},
	{"pause", pause_verb, "ID", "stop all its processes", no_options, 1, 1, false},
	{"resume", resume_verb, "ID", "let them go on", no_options, 1, 1, false},
	{"list", list_verb, "", "all containers of this --root", list_options, 0, 0, false},
	{"ps", ps_verb, "ID [ARG…]", "its processes; ARG: ps(1)'s", ps_options, 1, -1, true},
	{"update", update_verb, "ID", "change its limits", update_options, 1, 1, false},
	{"events", events_verb, "ID", "what it uses, as JSON lines", events_options, 1, 1, false},
	{"spec", spec_verb, "", "write a config.json to begin with", spec_options, 0, 0, false},
	{"features", features_verb, "", "what is supported, as JSON", no_options, 0, 0, false},
	{0},
};

static void print_help(void)
{
	printf("usage: minicontainer-oci [OPTION…] VERB …\n\nverbs:\n");
	for (const struct verb *v = verbs; v->name; v++)
		printf("  %-10s %s\n", v->name, v->what);
	printf("\noptions:\n");
	options_print(global_options);
	printf("\nVERB --help tells more. Configurations of podman, Docker, containerd, CRI-O: docs/engines.md\n");
}

static void print_verb_help(const struct verb *v)
{
	printf("usage: minicontainer-oci [OPTION…] %s [OPTION…] %s\n%s\n\noptions:\n", v->name, v->usage, v->what);
	options_print(v->options);
}

static int print_version(void)
{
	/* Engines look for "runc" or "spec:" at the start of a line. */
	printf("minicontainer-oci version %s\nspec: 1.2.0\n", VERSION);
	return 0;
}

static const struct verb *find(const char *name)
{
	for (const struct verb *v = verbs; v->name; v++)
		if (!strcmp(v->name, name))
			return v;
	fatal("no such verb: %s (see --help)", name);
}

/* Refused rather than passed over: a container whose limits nobody sets would run without. */
static void check(const struct call *call)
{
	if (call->systemd_cgroup || (call->cgroup_manager && !strcmp(call->cgroup_manager, "systemd")))
		fatal("--systemd-cgroup: control groups are made in the file system here, not by systemd: set the "
		      "engine to "
		      "cgroupfs");
}

static int act(const struct verb *v, struct call *call, char *argv[])
{
	char **rest = options_take(call, v->options, argv, !v->ends_options);
	if (v->ends_options && *rest) {
		/* The id; options may follow it, too; and then a command, whose options are its own. */
		words_add(&call->arguments, "%s", *rest++);
		rest = options_take(call, v->options, rest, false);
	}
	for (; *rest; rest++)
		words_add(&call->arguments, "%s", *rest);
	if (call->help) {
		print_verb_help(v);
		return 0;
	}
	int count = (int)call->arguments.count;
	if (count < v->least || (v->most >= 0 && count > v->most))
		fatal("%s wants %s", v->name, *v->usage ? v->usage : "no arguments");
	check(call);
	return v->act(call);
}

int main(int argc, char *argv[])
{
	static struct call call;
	(void)argc;
	/* No descriptor of ours is to become stdin, stdout or stderr. */
	int null;
	while ((null = open("/dev/null", O_RDWR)) >= 0 && null < 3)
		continue;
	close(null);
	char **rest = options_take(&call, global_options, argv + 1, false);
	report_open(&call);
	if (call.version)
		return print_version();
	if (call.help || !*rest || !strcmp(*rest, "help")) {
		print_help();
		return call.help || *rest ? 0 : 1;
	}
	int code = act(find(*rest), &call, rest + 1);
	if (fflush(stdout) != 0 || ferror(stdout))
		fatal_errno("standard output");
	return code;
}
