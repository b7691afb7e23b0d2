#include "orphans.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

int orphans_adopt(void)
{
	return prctl(PR_SET_CHILD_SUBREAPER, 1);
}

/* Not by process group or session: what does not want to be found changes those. */
static void kill_children(void)
{
	char path[64], list[4096];
	snprintf(path, sizeof(path), "/proc/self/task/%d/children", (int)getpid());
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? 0 : read(fd, list, sizeof(list) - 1);
	if (fd >= 0)
		close(fd);
	list[n > 0 ? n : 0] = '\0';
	/* A number that the buffer cuts off is not taken; it is first in line the next time. */
	for (char *at = list, *end; (end = strchr(at, ' ')); at = end + 1)
		kill((pid_t)strtol(at, NULL, 10), SIGKILL);
}

/* Each one that dies hands its own children to us: until there are none. */
void orphans_kill(void)
{
	do
		kill_children();
	while (waitpid(-1, NULL, 0) > 0 || errno == EINTR);
}
