#include "foreground.h"

#include "report.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

static volatile pid_t helper;
static volatile sig_atomic_t early;

/* What the terminal or the kernel sends, the helper has got itself. */
static void pass(int number, siginfo_t *info, void *context)
{
	int error = errno;
	(void)context;
	if (info->si_code > 0)
		return;
	if (helper)
		(void)kill(helper, number);
	else
		early = number;
	errno = error;
}

static void catch_all(void)
{
	static const int left[] = {SIGCHLD, SIGSEGV, SIGBUS,  SIGILL,  SIGFPE, SIGTSTP,
				   SIGTTIN, SIGTTOU, SIGCONT, SIGKILL, SIGSTOP};
	struct sigaction action = {.sa_sigaction = pass, .sa_flags = SA_SIGINFO | SA_RESTART};
	for (int n = 1; n <= SIGRTMAX; n++) {
		bool is_left = false;
		for (size_t i = 0; i < sizeof(left) / sizeof(*left); i++)
			is_left = is_left || left[i] == n;
		if (!is_left)
			(void)sigaction(n, &action, NULL);
	}
}

int foreground(struct launch *launch, void (*take)(void *context, const char *text), void *context)
{
	int story[2];
	char text[8192];
	if (pipe2(story, O_CLOEXEC) < 0)
		fatal_errno("pipe");
	launch->status = story[1];
	catch_all();
	helper = launch_helper(launch);
	if (early)
		(void)kill(helper, early);
	close(story[1]);
	for (ssize_t n; (n = read(story[0], text, sizeof(text) - 1)) != 0;) {
		text[n > 0 ? n : 0] = '\0';
		take(context, text);
	}
	close(story[0]);
	return launch_wait(helper);
}
