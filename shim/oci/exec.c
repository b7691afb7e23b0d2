/* exec: one more process in a container. */
#include "container.h"
#include "foreground.h"
#include "launch.h"
#include "place.h"
#include "report.h"
#include "story.h"
#include "verbs.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static void plan(struct oci_container *c, const struct call *call, int fd)
{
	struct words words = {0};
	words_add(&words, "exec");
	words_add(&words, "%s", c->id);
	words_add(&words, "--spec=%s/spec.json", c->path);
	words_add(&words, "--pid=%d", (int)c->pid);
	words_add(&words, "--start-time=%llu", c->start_time);
	words_add(&words, "--state=%s", place_root(call));
	for (size_t i = 0; i < call->planner.count; i++)
		words_add(&words, "%s", call->planner.items[i]);
	words_add(&words, "--");
	for (size_t i = 1; i < call->arguments.count; i++)
		words_add(&words, "%s", call->arguments.items[i]);
	launch_planner(call, &words, fd, false);
}

static bool has_terminal(int fd)
{
	struct oci_container planned = {.path = "exec"};
	if (lseek(fd, 0, SEEK_SET) < 0)
		fatal_errno("spec");
	container_read_spec(&planned, fd);
	bool terminal = planned.spec.process.terminal;
	spec_free(&planned.spec);
	if (lseek(fd, 0, SEEK_SET) < 0)
		fatal_errno("spec");
	return terminal;
}

struct told {
	const struct call *call;
	char *error;
	bool done;
};

/* Its pid is told as soon as it is known: who waits for the file may wait for it before the command ends. */
static void take(void *context, const char *text)
{
	struct told *t = context;
	unsigned long long start_time;
	pid_t pid = story_created(text, &start_time);
	if (pid && !t->done)
		launch_tell(t->call, pid);
	t->done = t->done || pid;
	char *error = story_error(text);
	t->error = error ? error : t->error;
}

static void check(const struct oci_container *c, const struct call *call)
{
	bool has_process = false;
	for (size_t i = 0; i < call->planner.count; i++)
		has_process = has_process || !strncmp(call->planner.items[i], "--process=", 10);
	if (c->status == STATUS_STOPPED)
		fatal("cannot exec in a stopped container");
	if (c->status == STATUS_CREATING)
		fatal("cannot exec in a container that is being created");
	if (c->status == STATUS_PAUSED && !call->ignore_paused)
		fatal("cannot exec in a paused container (use --ignore-paused to override)");
	if (!has_process && call->arguments.count < 2)
		fatal("process args cannot be empty");
}

int exec_verb(struct call *call)
{
	struct oci_container c;
	struct told told = {.call = call};
	/* runc's, so that it is not taken for the command's own. */
	report_exit_code(255);
	container_get(&c, call, call->arguments.items[0], false);
	check(&c, call);
	struct launch l = {.preserved = launch_preserved(call), .hold = -1, .leaves = call->detach};
	l.spec = memfd_create("spec", MFD_CLOEXEC);
	if (l.spec < 0)
		fatal_errno("memfd_create");
	plan(&c, call, l.spec);
	l.console = launch_console(call, has_terminal(l.spec), call->detach);
	int code = foreground(&l, take, &told);
	if (told.error)
		fatal("exec failed: %s", told.error);
	return code;
}
