#include "signals.h"

#include "sys.h"

#include <signal.h>
#include <stddef.h>
#include <sys/signalfd.h>

static void blocked(sigset_t *set)
{
	static const int not_blocked[] = {SIGTSTP, SIGTTIN, SIGTTOU, SIGSEGV, SIGBUS,
					  SIGFPE,  SIGILL,  SIGABRT, SIGTRAP, SIGSYS};
	sigfillset(set);
	for (size_t i = 0; i < sizeof(not_blocked) / sizeof(*not_blocked); i++)
		sigdelset(set, not_blocked[i]);
}

int signals_block(void)
{
	sigset_t set;
	blocked(&set);
	return sigprocmask(SIG_SETMASK, &set, NULL);
}

int signals_reset(void)
{
	sigset_t none;
	for (int n = 1; n < NSIG; n++)
		sys_signal(n, SIG_DFL);
	sigemptyset(&none);
	return sigprocmask(SIG_SETMASK, &none, NULL);
}

bool signals_is_end(int number)
{
	return number == SIGTERM || number == SIGINT || number == SIGHUP || number == SIGQUIT;
}

int signals_open(void)
{
	sigset_t set;
	blocked(&set);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}
