#include "orphans.h"

#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

int orphans_adopt(void)
{
	return prctl(PR_SET_CHILD_SUBREAPER, 1);
}

/* The numbers that are in /proc/self/task/TID/children; one that the buffer cuts off is first in line the next time. */
static void read_children(char list[4096])
{
	char path[64];
	text_format(path, sizeof(path), "/proc/self/task/%d/children", (int)getpid());
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? 0 : read(fd, list, 4095);
	if (fd >= 0)
		close(fd);
	list[n > 0 ? n : 0] = '\0';
}

/* How many there were. */
static int for_each(const char *list, pid_t spared, void (*act)(pid_t pid))
{
	int count = 0;
	uint64_t pid;
	for (const char *at = list; (at = text_number(at, &pid)) && *at == ' '; at++) {
		if ((pid_t)pid == spared)
			continue;
		act((pid_t)pid);
		count++;
	}
	return count;
}

static void end(pid_t pid)
{
	(void)kill(pid, SIGKILL);
}

static void reap(pid_t pid)
{
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		continue;
}

/*
 * Not by process group or session: what does not want to be found changes those. Each one that dies hands its own
 * children to us: until there are none.
 */
void orphans_kill(pid_t spared)
{
	char list[4096];
	do
		read_children(list);
	while (for_each(list, spared, end) && for_each(list, spared, reap));
}
