/* A minimal PID 1 (`--init`): without one, orphans stay zombies and signals without a handler are lost
 * (pid_namespaces(7)). */
#include "init.h"

#include "event.h"
#include "seccomp.h"
#include "sys.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* The command's signal can't end PID 1 itself, so it is told as the exit code that a shell would give it. */
static _Noreturn void end_as(int status)
{
	_exit(WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status));
}

static void reap(pid_t command)
{
	int status, failures = 0;
	/* There is one child at least, until the command has been seen to end: that is told once. */
	for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) != 0;) {
		if (pid == command)
			end_as(status);
		if (pid < 0 && ++failures == 3)
			_exit(EXIT_FAILED);
	}
}

static _Noreturn void serve(pid_t command)
{
	sigset_t all;
	sigfillset(&all);
	for (;;) {
		int signal = sigwaitinfo(&all, NULL);
		if (signal == SIGCHLD)
			reap(command);
		else if (signal > 0)
			kill(command, signal);
		else if (errno != EINTR)
			_exit(EXIT_FAILED);
	}
}

/* A process group of its own, in the foreground: Ctrl-C then reaches the command once, not also through PID 1. */
static void isolate(void)
{
	sys_signal(SIGTTOU, SIG_IGN);
	/* A terminal that is not the controlling one (-i without -t) has no foreground of ours: ENOTTY. */
	if (setpgid(0, 0) < 0 || (isatty(0) && tcsetpgrp(0, getpid()) < 0 && errno != ENOTTY))
		die("process group");
}

/* What the command cannot do, PID 1 cannot either: a tracer could make it do anything (CAP_SYS_PTRACE). */
static void confine(const struct spec *s)
{
	const struct capabilities *want = &s->process.capabilities;
	seccomp_load(s);
	/* It executes nothing, which would take away what only loading the filter needed. */
	if (s->process.has_capabilities && !s->process.no_new_privileges &&
	    sys_capset(want->effective, want->permitted, want->inheritable) < 0)
		_exit(EXIT_FAILED);
}

/* Shared memory, for no system call need be allowed to write to it. */
static atomic_bool *new_mark(void)
{
	void *mark = mmap(NULL, sizeof(atomic_bool), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (mark == MAP_FAILED)
		die("mmap");
	return mark;
}

void init_fork(const struct spec *spec)
{
	atomic_bool *confined = new_mark();
	pid_t command = _Fork();
	if (command < 0)
		die("fork");
	if (command == 0) {
		isolate();
		/* Should PID 1 end instead, the kernel ends us. */
		while (!*confined)
			sched_yield();
		return;
	}
	/* The channel too: it must be closed everywhere once the command is executed. */
	sys_close_range(3, ~0u, 0);
	prctl(PR_SET_NAME, "init");
	confine(spec);
	*confined = true;
	serve(command);
}
