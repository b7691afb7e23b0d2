#include "leave.h"

#include "channel.h"
#include "event.h"
#include "step.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <unistd.h>

int leave_terminal(const struct leave *leave, int master)
{
	static const char name[] = "/dev/ptmx"; /* what it is called is shown by some */
	/* Ours never blocks; who gets it expects an ordinary one. */
	int flags = fcntl(master, F_GETFL);
	if (flags < 0 || fcntl(master, F_SETFL, flags & ~O_NONBLOCK) < 0)
		return -1;
	int r = channel_pass(leave->console, name, sizeof(name) - 1, master);
	close(master);
	return r;
}

/*
 * From here on nothing ties this process to its caller. What cannot be executed is said before, while the caller of
 * `create` still listens; what fails later is written to the status descriptor, where `start` finds it.
 */
void leave_caller(struct container *c)
{
	char go;
	if (!c->leave->leaves)
		return;
	if (prctl(PR_SET_PDEATHSIG, 0) < 0)
		die("PR_SET_PDEATHSIG");
	if (c->leave->hold < 0)
		return;
	look_for_command(c);
	at_step("payload", "leave");
	channel_send_holding(c->channel);
	close(c->channel);
	c->channel = -1;
	report_to(-1);
	event_open(c->leave->status);
	if (read(c->leave->hold, &go, 1) != 1)
		die("waiting for the start");
}
