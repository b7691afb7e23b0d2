#include "detach.h"

#include "descriptors.h"
#include "event.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

static int waiting = -1;

/* When the caller dies it dies, and with it, until the command has started, the supervisor. */
static _Noreturn void wait_for_start(int fd, pid_t parent)
{
	unsigned char code = EXIT_FAILED;
	if (parent && (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || getppid() != parent))
		_exit(code);
	(void)!read(fd, &code, 1);
	_exit(code);
}

static void replace(int first, int last)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	for (int fd = first; null >= 0 && fd <= last; fd++)
		(void)dup2(null, fd);
	if (null > 2)
		close(null);
}

void detach(pid_t parent)
{
	int ends[2];
	at_step("host", "detach");
	if (pipe2(ends, O_CLOEXEC) < 0)
		die("pipe");
	pid_t self = getpid(), pid = _Fork();
	if (pid < 0)
		die("fork");
	if (pid > 0) {
		close(ends[1]);
		wait_for_start(ends[0], parent);
	}
	close(ends[0]);
	waiting = ends[1];
	/* Until the command has started, whoever gives up waiting for it ends it. */
	if (prctl(PR_SET_PDEATHSIG, SIGTERM) < 0 || chdir("/") < 0)
		die("leaving the caller");
	if (getppid() != self)
		refuse("nobody waits for the start");
	replace(0, 1);
}

void detach_let_go(int code)
{
	unsigned char byte = (unsigned char)code;
	if (waiting < 0)
		return;
	(void)prctl(PR_SET_PDEATHSIG, 0);
	replace(2, 2);
	(void)!write(waiting, &byte, 1);
	close_end(&waiting);
}
