#include "child.h"

#include <sys/wait.h>

bool child_ended(pid_t child, int *status)
{
	siginfo_t info = {0};
	if (waitid(P_PID, (id_t)child, &info, WEXITED | WNOHANG | WNOWAIT) < 0 || !info.si_pid)
		return false;
	*status = info.si_code == CLD_EXITED ? info.si_status << 8 : info.si_status;
	return true;
}
