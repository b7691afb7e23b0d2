#include "supervise.h"

#include "channel.h"
#include "child.h"
#include "clock.h"
#include "detach.h"
#include "drain.h"
#include "event.h"
#include "orphans.h"
#include "parent.h"
#include "programs.h"
#include "record.h"
#include "signals.h"
#include "step.h"
#include "supervisor.h"
#include "sys.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

static void kill_child(const struct supervisor *s)
{
	(void)sys_pidfd_send_signal(s->pidfd, SIGKILL);
}

/* The channel's end is the start of the command, if the child had said that it would execute it. */
static void channel_ended(struct supervisor *s)
{
	close(s->channel);
	s->channel = -1;
	if (!s->executing || s->failed)
		return;
	s->started = true;
	s->left = s->options->leave.leaves;
	if (s->spec->timeout_ms)
		s->deadline = clock_us() / 1000 + s->spec->timeout_ms;
	event_started();
	detach_let_go(0);
}

static int take_terminal(struct supervisor *s, int master)
{
	at_step("parent", "terminal");
	if (s->options->leave.console >= 0)
		return leave_terminal(&s->options->leave, master) < 0 ? fail(&s->failure, "console socket") : 0;
	if (terminal_attach(&s->terminal, master, !s->spec->stdin_null && !s->options->detached) < 0)
		return fail(&s->failure, "pty");
	/* The child has set it; but it may have changed since. One that the spec says is the spec's. */
	if (!s->spec->process.console_size.present)
		terminal_resize(&s->terminal);
	return 0;
}

/* The go-between has entered the namespaces and left this one behind. */
static int take_child(struct supervisor *s, pid_t child)
{
	at_step("parent", "child");
	close(s->pidfd);
	s->child = child;
	s->pidfd = sys_pidfd_open(child);
	return s->pidfd < 0 ? fail(&s->failure, "pidfd_open") : let_go(s);
}

static void take_message(struct supervisor *s)
{
	struct message m;
	int r = channel_receive(s->channel, &m);
	if (r == 0) {
		channel_ended(s);
	} else if (r < 0) {
		s->failed = fail(&s->failure, "channel") < 0;
	} else if (m.kind == MESSAGE_TRACE) {
		event_trace(m.trace.phase, m.trace.step, m.trace.microseconds);
	} else if (m.kind == MESSAGE_FAILURE) {
		s->failed = true;
		s->failure = m.failure;
	} else if (m.kind == MESSAGE_TERMINAL) {
		s->failed = take_terminal(s, m.fd) < 0;
	} else if (m.kind == MESSAGE_CHILD) {
		s->failed = take_child(s, m.child) < 0;
	} else if (m.kind == MESSAGE_HOOKS) {
		s->failed = run_outer_hooks(s) < 0;
	} else if (m.kind == MESSAGE_JOINED) {
		event_created(s->child);
	}
	s->left = s->left || (r > 0 && m.kind == MESSAGE_HOLDING);
	s->executing = s->executing || (r > 0 && m.kind == MESSAGE_EXECUTING);
	if (s->failed)
		kill_child(s);
}

/* Before there is a command to take a signal, a signal ends the set-up. */
static void pass_on(struct supervisor *s, int signal)
{
	if (s->started) {
		(void)sys_pidfd_send_signal(s->pidfd, signal);
	} else if (signals_is_end(signal)) {
		s->interrupted = signal;
		kill_child(s);
	}
}

/* A go-between that ends has done its work, or has said in the channel why not. */
static void look_for_end(struct supervisor *s)
{
	if (s->between > 0 && waitpid(s->between, NULL, WNOHANG) == s->between) {
		s->ended = s->ended || s->child == s->between;
		s->between = -1;
	}
	s->ended = s->ended || child_ended(s->child, &s->status);
}

void supervisor_take_signal(struct supervisor *s)
{
	struct signalfd_siginfo info;
	while (read(s->signals, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
		int signal = (int)info.ssi_signo;
		if (signal == SIGCHLD)
			look_for_end(s);
		else if (parent_is_gone(s))
			kill_child(s);
		else if (signal == SIGWINCH && s->spec->process.terminal && !s->options->detached)
			terminal_resize(&s->terminal);
		else if (signal != SIGPIPE)
			pass_on(s, signal);
	}
}

static int time_left(struct supervisor *s)
{
	if (!s->deadline)
		return -1;
	uint64_t now = clock_us() / 1000;
	if (now < s->deadline)
		return s->deadline - now > 1000000 ? 1000000 : (int)(s->deadline - now);
	s->timed_out = true;
	s->deadline = 0;
	kill_child(s);
	return -1;
}

static void watch(struct supervisor *s)
{
	enum {
		OUT = TERMINAL_POLLS,
		ERR = OUT + OUTLET_POLLS,
		CONTROL = ERR + OUTLET_POLLS,
		SIGNALS = CONTROL + CONTROL_POLLS,
		CHANNEL,
		POLLS
	};
	struct pollfd polls[POLLS];
	while (!s->ended && !s->left) {
		terminal_poll(&s->terminal, polls);
		outlet_poll(&s->out, polls + OUT);
		outlet_poll(&s->err, polls + ERR);
		control_poll(s, polls + CONTROL);
		polls[SIGNALS] = (struct pollfd){.fd = s->signals, .events = POLLIN};
		polls[CHANNEL] = (struct pollfd){.fd = s->channel, .events = POLLIN};
		if (poll(polls, POLLS, time_left(s)) < 0)
			continue;
		terminal_serve(&s->terminal, polls);
		outlet_serve(&s->out, polls + OUT);
		outlet_serve(&s->err, polls + ERR);
		control_serve(s, polls + CONTROL);
		if (polls[CHANNEL].revents)
			take_message(s);
		else if (polls[SIGNALS].revents)
			supervisor_take_signal(s);
	}
}

/* Its last words: what is still in the channel, in the pipes and on the terminal. */
static void wind_up(struct supervisor *s)
{
	if (!spec_leaves(s->spec, CLONE_NEWPID))
		orphans_kill(s->child);
	while (s->channel >= 0 && !s->failed)
		if (poll(&(struct pollfd){.fd = s->channel, .events = POLLIN}, 1, 0) == 0)
			channel_ended(s); /* all who could say something are dead */
		else
			take_message(s);
	drain(s);
	tty_restore(&s->terminal.tty);
}

/* A death that nobody explained: the child was killed while it set itself up. */
static void explain_death(struct supervisor *s)
{
	at_step("child", "set-up");
	errno = 0;
	if (s->interrupted)
		fail(&s->failure, "interrupted by signal %d", s->interrupted);
	else
		fail(&s->failure, "the container's process was killed before its command started");
	if (s->interrupted)
		s->failure.exit_code = 128 + s->interrupted;
	s->failed = true;
}

/* After clean_up(), for who hears of the end may make the same anew: writes it down, tells of it, lets go of all. */
static int tell(struct supervisor *s)
{
	int signalled = WIFSIGNALED(s->status), number = signalled ? WTERMSIG(s->status) : WEXITSTATUS(s->status);
	int code = s->failed ? s->failure.exit_code : signalled ? 128 + number : number;
	const char *line =
		s->failed ? event_failed(&s->failure) : event_exited(signalled, number, s->timed_out, s->oom);
	if (s->spec->supervise.dir)
		record_end(s->spec->supervise.dir, line);
	if (s->failed)
		event_error(&s->failure);
	else
		event_say(line);
	(void)(s->child > 0 && waitpid(s->child, NULL, 0));
	detach_let_go(code);
	control_tell_end(&s->control, code);
	return code;
}

static void copy_output(void *context, enum stream stream, const char *bytes, size_t length)
{
	struct supervisor *s = context;
	log_write(&s->log, stream, bytes, length);
	control_tell(&s->control, CONTROL_OUTPUT, stream, bytes, length);
}

/* For a container that is looked after: its streams pass through here. */
static int open_streams(struct supervisor *s)
{
	const struct supervise *v = &s->spec->supervise;
	bool piped = !s->spec->process.terminal, detached = s->options->detached;
	at_step("host", "supervise");
	s->terminal.own = detached ? -1 : tty_reopen(1);
	if (!v->dir)
		return 0;
	s->terminal.tap = copy_output;
	s->terminal.context = s;
	if (v->log_path && log_open(&s->log, v->log_path, v->log_max_size, v->log_files) < 0)
		return fail(&s->failure, "%s", v->log_path);
	if (control_open(&s->control, v->dir, piped && detached && !s->spec->stdin_null) < 0)
		return fail(&s->failure, "%s/control", v->dir);
	if (piped && (outlet_open(&s->out, STREAM_OUT, detached ? -1 : tty_reopen(1), copy_output, s) < 0 ||
		      outlet_open(&s->err, STREAM_ERR, detached ? -1 : tty_reopen(2), copy_output, s) < 0))
		return fail(&s->failure, "pipes");
	return 0;
}

static void init(struct supervisor *s, const struct spec *spec, const struct run_options *options)
{
	s->spec = spec;
	s->options = options;
	s->child = s->pidfd = s->channel = s->terminal.master = s->terminal.peer = s->log.fd = -1;
	s->out.outer = s->out.inner = s->err.outer = s->err.inner = -1;
	s->control.listener = s->control.input = s->control.feed = -1;
	memset(s->control.clients, -1, sizeof(s->control.clients));
}

static void clean_up(struct supervisor *s)
{
	programs_detach(s);
	cgroup_remove(s->spec, &s->cgroup);
	if (s->spec->supervise.dir)
		control_close(&s->control, s->spec->supervise.dir);
}

int supervise(const struct spec *spec, const struct run_options *options)
{
	static struct supervisor s; /* all zero, so that its buffers take no room in the program */
	init(&s, spec, options);
	s.failed = parent_watch(&s) < 0 || open_streams(&s) < 0 || start_child(&s) < 0;
	if (!s.failed && let_go(&s) < 0) {
		s.failed = true;
		kill_child(&s);
	}
	if (s.child > 0) {
		watch(&s);
		if (s.left)
			return 0;
		wind_up(&s);
	}
	if (!s.failed && (!s.started || (s.interrupted && WIFSIGNALED(s.status))))
		explain_death(&s);
	s.oom = s.started && cgroup_saw_oom(spec);
	clean_up(&s);
	int code = tell(&s);
	record_run(spec->supervise.exit_command.items);
	return code;
}
