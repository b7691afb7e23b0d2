/* From a spec to a process: cgroups, channel, clone, id maps, go. */
#include "channel.h"
#include "descriptors.h"
#include "hooks.h"
#include "idmap.h"
#include "join.h"
#include "layers.h"
#include "network.h"
#include "programs.h"
#include "signals.h"
#include "step.h"
#include "supervisor.h"
#include "sys.h"
#include "text.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* This process may stay, as PID 1 (--init): what /proc/1/environ shows then must not be the caller's. */
static void forget_environment(void)
{
	extern char **environ;
	for (char **variable = environ; *variable; variable++)
		memset(*variable, 0, strlen(*variable));
}

/* The process that becomes the container. */
static _Noreturn void become_container(struct supervisor *s, int channel)
{
	struct container c = {
		.spec = s->spec,
		.channel = channel,
		.trace = s->options->trace,
		.proc = -1,
		.root = -1,
		.terminal = -1,
		.stdio = {s->control.input, s->out.inner, s->err.inner},
		.detached = s->options->detached,
		.outside = &s->outside,
		.leave = &s->options->leave,
		.preserved = s->options->preserved,
	};
	/* No descriptor of the host's goes where the container may come to see it: not /proc, not the log, not the
	 * socket. */
	int keep[MOST_OUTSIDE + 8] = {channel,    s->cgroup.unified, c.stdio[0],     c.stdio[1],
				      c.stdio[2], c.leave->hold,     c.leave->status};
	report_to(channel);
	/* Hooks that say nothing of their environment have the caller's. */
	if (!s->spec->hooks.state)
		forget_environment();
	/* Zeros are kept anyway. */
	for (size_t i = 0; i < s->outside.count; i++)
		keep[8 + i] = s->outside.items[i].fd;
	if (close_all_but(3 + (unsigned)c.preserved, keep, sizeof(keep) / sizeof(*keep)) < 0)
		die("close_range");
	c.umask = umask(0); /* modes are what the spec says */
	if (spec_joins(s->spec)) {
		use_first_processors(&c);
		at_step("host", "cgroup");
		join_cgroups(&c);
		join_and_fork(s->spec, channel, s->cgroup.unified);
	}
	if (!s->spec->root.path)
		c.root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	run_phase("child", &c);
	run_phase("payload", &c);
	_exit(EXIT_FAILED);
}

/* Of a namespace that is made beside it the child hears later. */
static bool waits(const struct spec *spec)
{
	return spec_waits(spec) || (spec->network.attach.count && !network_is_beside(spec));
}

static pid_t clone_child(struct supervisor *s)
{
	uint64_t flags = (uint64_t)spec_birth_flags(s->spec);
	bool joins = spec_joins(s->spec);
	/* The rest the child makes while we make its network. */
	if (network_is_beside(s->spec))
		flags = CLONE_NEWPID;
	return sys_clone3(joins ? 0 : flags, &s->pidfd, joins ? -1 : s->cgroup.unified);
}

int start_child(struct supervisor *s)
{
	int ends[2];
	if (cgroup_create(s->spec, &s->cgroup, &s->failure) < 0 || outside_open(s->spec, &s->outside, &s->failure) < 0)
		return -1;
	at_step("host", "clone");
	s->signals = signals_block() < 0 ? -1 : signals_open();
	if (s->signals < 0 || channel_new(ends) < 0)
		return fail(&s->failure, "descriptors");
	s->channel = ends[0];
	/* Said beforehand where there is nothing to wait for: that spares the child a sleep. */
	if (!waits(s->spec) && channel_send_go(s->channel) < 0)
		return fail(&s->failure, "channel");
	s->child = clone_child(s);
	if (s->child < 0)
		return fail(&s->failure, "new namespaces");
	if (s->child == 0)
		become_container(s, ends[1]);
	close(ends[1]);
	outside_close(&s->outside);
	outlet_close_inner(&s->out);
	outlet_close_inner(&s->err);
	control_close_input(&s->control);
	return 0;
}

static int write_pid_file(struct supervisor *s)
{
	at_step("parent", "pid-file");
	const char *path = s->spec->pid_file;
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0644);
	char text[16];
	int length = text_format(text, sizeof(text), "%d\n", (int)s->child);
	if (fd < 0 || write(fd, text, (size_t)length) != length)
		return fail(&s->failure, "%s", path);
	close(fd);
	return 0;
}

int let_go(struct supervisor *s)
{
	/* Of a go-between the real child is yet to be heard of. */
	if (spec_joins(s->spec) && !s->between) {
		s->between = s->child;
		return 0;
	}
	if (network_is_beside(s->spec))
		return network_make(s);
	at_step("parent", "id-maps");
	if (s->spec->uid_mappings.count && idmap_write(s->child, s->spec, &s->failure) < 0)
		return -1;
	if (s->spec->pid_file && write_pid_file(s) < 0)
		return -1;
	event_created(s->child);
	if (s->spec->network.attach.count && network_attach(s) < 0)
		return -1;
	at_step("parent", "go");
	if (!waits(s->spec) || s->interrupted || s->ended)
		return 0;
	if (channel_send_go(s->channel) < 0)
		return fail(&s->failure, "the container is gone");
	at_step("parent", "layers");
	return s->spec->idmap ? layers_send(s->spec, s->child, s->channel, &s->failure) : 0;
}

int run_outer_hooks(struct supervisor *s)
{
	const struct lifecycle *h = &s->spec->hooks;
	at_step("parent", "hooks");
	if (hooks_run(h, &h->prestart, "creating", s->child, &s->failure) < 0 ||
	    hooks_run(h, &h->create_runtime, "creating", s->child, &s->failure) < 0)
		return -1;
	return channel_send_go(s->channel) < 0 ? fail(&s->failure, "the container is gone") : 0;
}
