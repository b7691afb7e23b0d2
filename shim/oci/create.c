#include "create.h"

#include "groups.h"
#include "launch.h"
#include "place.h"
#include "report.h"
#include "story.h"
#include "verbs.h"

#include "../hooks.h"
#include "../sys.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const char *create_bundle(const struct call *call)
{
	static char path[PATH_MAX];
	const char *given = call->bundle ? call->bundle : ".";
	if (!realpath(given, path))
		fatal_errno("%s", given);
	return path;
}

static void plan(struct oci_container *c, const struct call *call, const char *bundle)
{
	struct words words = {0};
	int fd = openat(c->dir, "spec.json", O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		fatal_errno("%s/spec.json", c->path);
	words_add(&words, "create");
	words_add(&words, "%s", c->id);
	words_add(&words, "--bundle=%s", bundle);
	words_add(&words, "--state=%s", place_root(call));
	if (call->config)
		words_add(&words, "--config=%s", call->config);
	if (call->cgroup_manager)
		words_add(&words, "--cgroup-manager=%s", call->cgroup_manager);
	if (call->no_new_keyring)
		words_add(&words, "--no-new-keyring");
	launch_planner(call, &words, fd, false);
	if (lseek(fd, 0, SEEK_SET) < 0)
		fatal_errno("%s/spec.json", c->path);
	container_read_spec(c, fd);
	close(fd);
	if (!c->has_spec)
		fatal("the planner gave no spec");
	free(words.items);
}

static void forget(void *context)
{
	container_forget(context);
}

/* Reserves the id, plans, and says what is wrong before anything is made. */
void create_prepare(struct oci_container *c, const struct call *call, const char *bundle)
{
	container_new(c, call, call->arguments.items[0]);
	report_cleanup(forget, c);
	container_describe(c, bundle);
	plan(c, call, bundle);
	/* Whoever ends this container ends all that is in its group. */
	size_t others = groups_processes(&c->spec, NULL);
	if (others)
		fatal("container's cgroup is not empty: %zu process(es) found", others);
}

int container_member(const struct oci_container *c, const char *name, int flags)
{
	int fd = openat(c->dir, name, flags | O_CLOEXEC, 0600);
	if (fd < 0)
		fatal_errno("%s/%s", c->path, name);
	return fd;
}

_Noreturn void create_failed(const struct oci_container *c, int code)
{
	size_t length;
	char *story = place_read(c->dir, "story", &length), *error = story ? story_error(story) : NULL;
	if (error)
		fatal("%s", error);
	fatal("the container's set-up ended without a word (exit code %d)", code);
}

/* Until it holds before its command. */
static void make(struct oci_container *c, const struct call *call)
{
	if (mkfifoat(c->dir, "start.new", 0600) < 0)
		fatal_errno("%s/start", c->path);
	struct launch l = {
		.leaves = true,
		.preserved = launch_preserved(call),
		.spec = container_member(c, "spec.json", O_RDONLY),
		.status = container_member(c, "story", O_WRONLY | O_CREAT | O_APPEND),
		.hold = container_member(c, "start.new", O_RDWR),
		.console = launch_console(call, c->spec.process.terminal, true),
	};
	int code = launch_wait(launch_helper(&l));
	if (code)
		create_failed(c, code);
	container_look(c);
	close(l.spec);
	close(l.status);
	close(l.hold);
	if (l.console >= 0)
		close(l.console);
}

void create_undo(void *context)
{
	container_end(context);
}

void create_held(struct oci_container *c, const struct call *call)
{
	const char *bundle = create_bundle(call);
	create_prepare(c, call, bundle);
	make(c, call);
	report_cleanup(create_undo, c);
	launch_tell(call, c->pid);
	if (renameat(c->dir, "start.new", c->dir, "start") < 0)
		fatal_errno("%s/start", c->path);
	container_look(c);
	report_cleanup(NULL, NULL);
}

/* The container's process has the FIFO open until it executes the command, or ends. */
static void let_go(struct oci_container *c)
{
	struct stat before = {0};
	int fifo = openat(c->dir, "start", O_WRONLY | O_NONBLOCK | O_CLOEXEC);
	(void)fstatat(c->dir, "story", &before, 0);
	if (fifo < 0 || write(fifo, "", 1) != 1)
		fatal("cannot start a container that has stopped");
	struct pollfd gone = {.fd = fifo, .events = 0};
	while (!(gone.revents & POLLERR))
		if (poll(&gone, 1, -1) < 0 && errno != EINTR)
			fatal_errno("poll");
	close(fifo);
	(void)unlinkat(c->dir, "start", 0);
	size_t length;
	char *story = place_read(c->dir, "story", &length);
	char *error = story && length > (size_t)before.st_size ? story_error(story + before.st_size) : NULL;
	if (error)
		fatal("%s", error);
	free(story);
}

/* Hooks that fail after the start end the container: runc's rule, and the specification's since 1.2. */
void create_poststart(struct oci_container *c)
{
	const struct lifecycle *h = &c->spec.hooks;
	struct failure failure;
	if (hooks_run(h, &h->poststart, "running", c->pid, &failure) == 0)
		return;
	groups_signal(&c->spec, SIGKILL);
	int pidfd = container_pidfd(c);
	if (pidfd >= 0)
		(void)sys_pidfd_send_signal(pidfd, SIGKILL);
	fatal("poststart %s", failure.message);
}

void create_go(struct oci_container *c)
{
	if (c->status == STATUS_RUNNING)
		fatal("cannot start an already running container");
	if (c->status == STATUS_STOPPED)
		fatal("cannot start a container that has stopped");
	if (c->status != STATUS_CREATED)
		fatal("cannot start a container in the %s state", status_names[c->status]);
	let_go(c);
	create_poststart(c);
}

int create_verb(struct call *call)
{
	struct oci_container c;
	create_held(&c, call);
	return 0;
}

int start_verb(struct call *call)
{
	struct oci_container c;
	container_get(&c, call, call->arguments.items[0], true);
	create_go(&c);
	return 0;
}
