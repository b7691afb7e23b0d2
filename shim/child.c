#include "child.h"

#include <signal.h>
#include <sys/wait.h>

bool child_ended(pid_t child, int *status)
{
	siginfo_t info = {0};
	int r = -1;
	/* Its end is told once, by one signal: whoever does not see it then waits for ever. */
	for (int tries = 0; r < 0 && tries < 3; tries++)
		r = waitid(P_PID, (id_t)child, &info, WEXITED | WNOHANG | WNOWAIT);
	if (r < 0)
		return *status = SIGKILL, true; /* as which it will end with us, if it has not */
	if (!info.si_pid)
		return false;
	*status = info.si_code == CLD_EXITED ? info.si_status << 8 : info.si_status;
	return true;
}
