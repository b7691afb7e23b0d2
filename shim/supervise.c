#include "supervise.h"

#include "cgroup.h"
#include "channel.h"
#include "event.h"
#include "idmap.h"
#include "orphans.h"
#include "procfs.h"
#include "pty.h"
#include "signals.h"
#include "step.h"
#include "sys.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct supervisor {
	const struct spec *spec;
	const struct run_options *options;
	pid_t child;
	int pidfd, channel, signals, proc;
	bool executing, started, ended, timed_out, failed;
	int interrupted;   /* the signal that ended a container before its command started */
	int status;        /* waitpid(2) */
	uint64_t deadline; /* CLOCK_MONOTONIC, ms; 0: none */
	struct failure failure;
	struct cgroup_run cgroup;
	struct terminal terminal;
};

static uint64_t now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

/* The process that becomes the container. */
static _Noreturn void become_container(struct supervisor *s, int channel)
{
	struct container c = {.spec = s->spec,
			      .channel = channel,
			      .trace = s->options->trace,
			      .proc = -1,
			      .root = -1,
			      .terminal = -1};
	close(s->channel);
	report_to(channel);
	c.umask = umask(0); /* modes are what the spec says */
	run_phase("child", &c);
	run_phase("payload", &c);
	_exit(EXIT_FAILED);
}

static bool has_pid_ns(const struct spec *spec)
{
	return spec_clone_flags(spec) & CLONE_NEWPID;
}

static bool needs_parent(const struct spec *spec)
{
	return spec->uid_mappings.count || spec->pid_file;
}

static int start_child(struct supervisor *s)
{
	int ends[2];
	if (cgroup_create(s->spec, &s->cgroup, &s->failure) < 0)
		return -1;
	at_step("host", "clone");
	signals_block();
	s->signals = signals_open();
	if (s->signals < 0 || channel_new(ends) < 0)
		return fail(&s->failure, "descriptors");
	s->channel = ends[0];
	/* Said beforehand where there is nothing to wait for: that spares the child a sleep. */
	if (!needs_parent(s->spec) && channel_send_go(s->channel) < 0)
		return fail(&s->failure, "channel");
	s->child = sys_clone3((uint64_t)spec_clone_flags(s->spec) & ~(uint64_t)CLONE_NEWCGROUP, &s->pidfd,
			      s->cgroup.unified);
	if (s->child < 0)
		return fail(&s->failure, "new namespaces");
	if (s->child == 0)
		become_container(s, ends[1]);
	close(ends[1]);
	return 0;
}

static int write_pid_file(struct supervisor *s)
{
	at_step("parent", "pid-file");
	const char *path = s->spec->pid_file;
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0644);
	if (fd < 0 || dprintf(fd, "%d\n", (int)s->child) < 0)
		return fail(&s->failure, "%s", path);
	close(fd);
	return 0;
}

static int let_go(struct supervisor *s)
{
	at_step("parent", "id-maps");
	if (s->spec->uid_mappings.count && idmap_write(s->proc, s->child, s->spec, &s->failure) < 0)
		return -1;
	if (s->spec->pid_file && write_pid_file(s) < 0)
		return -1;
	event_created(s->child);
	at_step("parent", "go");
	if (!needs_parent(s->spec))
		return 0;
	return channel_send_go(s->channel) < 0 ? fail(&s->failure, "the container is gone") : 0;
}

static void kill_child(const struct supervisor *s)
{
	(void)sys_pidfd_send_signal(s->pidfd, SIGKILL);
}

/* The channel's end is the start of the command, if the child had said that it would execute it. */
static void channel_ended(struct supervisor *s)
{
	close(s->channel);
	s->channel = -1;
	if (!s->executing)
		return;
	s->started = true;
	if (s->spec->timeout_ms)
		s->deadline = now_ms() + s->spec->timeout_ms;
	event_started();
}

static int take_terminal(struct supervisor *s, int master)
{
	at_step("parent", "terminal");
	if (terminal_attach(&s->terminal, master, !s->spec->stdin_null) < 0)
		return fail(&s->failure, "pty");
	return 0;
}

static void take_message(struct supervisor *s)
{
	struct message m;
	int r = channel_receive(s->channel, &m);
	if (r == 0) {
		channel_ended(s);
	} else if (r < 0) {
		s->failed = true;
		fail(&s->failure, "channel");
	} else if (m.kind == MESSAGE_TRACE) {
		event_trace(m.trace.phase, m.trace.step, m.trace.microseconds);
	} else if (m.kind == MESSAGE_FAILURE) {
		s->failed = true;
		s->failure = m.failure;
	} else if (m.kind == MESSAGE_TERMINAL) {
		s->failed = take_terminal(s, m.fd) < 0;
	} else if (m.kind == MESSAGE_EXECUTING) {
		s->executing = true;
	}
	if (s->failed)
		kill_child(s);
}

/* Before there is a command to take a signal, a signal ends the set-up. */
static void pass_on(struct supervisor *s, int signal)
{
	if (s->started) {
		(void)sys_pidfd_send_signal(s->pidfd, signal);
	} else if (signal == SIGTERM || signal == SIGINT || signal == SIGHUP || signal == SIGQUIT) {
		s->interrupted = signal;
		kill_child(s);
	}
}

static void take_signal(struct supervisor *s)
{
	struct signalfd_siginfo info;
	while (read(s->signals, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
		int signal = (int)info.ssi_signo;
		if (s->options->parent && getppid() != s->options->parent)
			kill_child(s);
		else if (signal == SIGCHLD)
			s->ended = s->ended || waitpid(s->child, &s->status, WNOHANG) == s->child;
		else if (signal == SIGWINCH && s->spec->process.terminal)
			terminal_resize(&s->terminal);
		else if (signal != SIGPIPE)
			pass_on(s, signal);
	}
}

static int time_left(struct supervisor *s)
{
	if (!s->deadline)
		return -1;
	uint64_t now = now_ms();
	if (now < s->deadline)
		return s->deadline - now > 1000000 ? 1000000 : (int)(s->deadline - now);
	s->timed_out = true;
	s->deadline = 0;
	kill_child(s);
	return -1;
}

static void watch(struct supervisor *s)
{
	enum { SIGNALS = TERMINAL_POLLS, CHANNEL, POLLS };
	struct pollfd polls[POLLS];
	while (!s->ended) {
		terminal_poll(&s->terminal, polls);
		polls[SIGNALS] = (struct pollfd){.fd = s->signals, .events = POLLIN};
		polls[CHANNEL] = (struct pollfd){.fd = s->channel, .events = POLLIN};
		if (poll(polls, POLLS, time_left(s)) < 0)
			continue;
		terminal_serve(&s->terminal, polls);
		if (polls[CHANNEL].revents)
			take_message(s);
		else if (polls[SIGNALS].revents)
			take_signal(s);
	}
}

/* Its last words: what is still in the channel and on the terminal. */
static void wind_up(struct supervisor *s)
{
	if (!has_pid_ns(s->spec))
		orphans_kill();
	while (s->channel >= 0 && !s->failed)
		take_message(s);
	terminal_drain(&s->terminal);
	terminal_restore(&s->terminal);
}

/* A death that nobody explained: the child was killed while it set itself up. */
static void explain_death(struct supervisor *s)
{
	at_step("child", "set-up");
	errno = 0;
	if (s->interrupted)
		fail(&s->failure, "interrupted by signal %d (%s)", s->interrupted, strsignal(s->interrupted));
	else
		fail(&s->failure, "the container's process was killed before its command started");
	if (s->interrupted)
		s->failure.exit_code = 128 + s->interrupted;
}

static int tell(struct supervisor *s, bool oom)
{
	if (!s->started && !s->failed) {
		explain_death(s);
		s->failed = true;
	}
	if (s->failed) {
		event_error(&s->failure);
		return s->failure.exit_code;
	}
	bool signalled = WIFSIGNALED(s->status);
	int number = signalled ? WTERMSIG(s->status) : WEXITSTATUS(s->status);
	event_exited(signalled, number, s->timed_out, oom);
	return signalled ? 128 + number : number;
}

/*
 * With SIGTERM as the parent-death signal the supervisor lives long enough to kill the container and to restore the
 * terminal; take_signal() sees by getppid() what the signal means.
 */
static int watch_parent(struct supervisor *s)
{
	at_step("host", "parent");
	if (s->options->parent && prctl(PR_SET_PDEATHSIG, SIGTERM) < 0)
		return fail(&s->failure, "PR_SET_PDEATHSIG");
	errno = 0;
	if (s->options->parent && getppid() != s->options->parent)
		return fail(&s->failure, "process %d is not the parent, or died", (int)s->options->parent);
	if (!has_pid_ns(s->spec) && orphans_adopt() < 0)
		return fail(&s->failure, "PR_SET_CHILD_SUBREAPER");
	s->proc = proc_open();
	return s->proc < 0 ? fail(&s->failure, "/proc") : 0;
}

int supervise(const struct spec *spec, const struct run_options *options)
{
	static struct supervisor s; /* all zero, so that the terminal's buffers take no room in the program */
	s.spec = spec;
	s.options = options;
	s.child = s.pidfd = s.channel = s.terminal.master = s.terminal.peer = -1;
	s.failed = watch_parent(&s) < 0 || start_child(&s) < 0;
	if (!s.failed && let_go(&s) < 0) {
		s.failed = true;
		kill_child(&s);
	}
	if (s.child > 0) {
		watch(&s);
		wind_up(&s);
	}
	bool oom = s.started && cgroup_saw_oom(spec);
	cgroup_remove(spec, &s.cgroup);
	return tell(&s, oom);
}
