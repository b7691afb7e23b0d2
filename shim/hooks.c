#include "hooks.h"

#include "signals.h"
#include "sys.h"
#include "text.h"

#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* A file, not a pipe: nobody has to read while it is written. */
static int open_text(void)
{
	return memfd_create("hook", MFD_CLOEXEC);
}

static bool say(int fd, const char *text)
{
	size_t length = strlen(text);
	return write(fd, text, length) == (ssize_t)length;
}

static int open_state(const struct lifecycle *hooks, const char *status, pid_t pid)
{
	char end[64];
	int fd = open_text();
	text_format(end, sizeof(end), ",\"status\":\"%s\",\"pid\":%d}\n", status, (int)pid);
	if (fd >= 0 && say(fd, "{") && say(fd, hooks->state) && say(fd, end) && lseek(fd, 0, SEEK_SET) == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

/* What both ends do after a fork; nothing of the host's but the three files goes into the hook. */
static _Noreturn void become(const struct hook *hook, int state, int said)
{
	char *const alone[] = {hook->path, NULL};
	if (dup2(state, 0) == 0 && dup2(said, 1) == 1 && dup2(said, 2) == 2 && sys_close_range(3, ~0u, 0) == 0) {
		signals_reset();
		execve(hook->path, hook->args.count ? hook->args.items : alone,
		       hook->has_env ? hook->env.items : environ);
	}
	(void)!say(2, strerror(errno));
	_exit(127);
}

/* A seccomp filter may know no pidfds; then there is no limit of time either. False: it had to be killed. */
static bool wait_for(pid_t pid, uint32_t seconds, int *status)
{
	int pidfd = seconds ? sys_pidfd_open(pid) : -1;
	struct pollfd end = {.fd = pidfd, .events = POLLIN};
	int limit = seconds > INT32_MAX / 1000 ? INT32_MAX : (int)seconds * 1000;
	bool in_time = pidfd < 0 || poll(&end, 1, limit) != 0;
	if (!in_time)
		(void)sys_pidfd_send_signal(pidfd, SIGKILL);
	while (waitpid(pid, status, 0) < 0 && errno == EINTR)
		;
	if (pidfd >= 0)
		close(pidfd);
	return in_time;
}

/* What it said, on one line, is part of the message. */
static int explain_end(const struct hook *hook, bool in_time, int status, int said, struct failure *failure)
{
	char text[400] = "";
	ssize_t n = pread(said, text, sizeof(text) - 1, 0);
	text[n > 0 ? n : 0] = '\0';
	while (n > 0 && text[n - 1] == '\n')
		text[--n] = '\0';
	errno = 0;
	if (!in_time)
		return fail(failure, "%s: not done after %u s", hook->path, hook->timeout);
	const char *how = WIFSIGNALED(status) ? "killed by signal" : "exit code";
	return fail(failure, "%s: %s %d%s%s", hook->path, how,
		    WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status), *text ? ": " : "", text);
}

/* Engines know the words in which runc says which one it was. */
static const char *stage_of(const struct lifecycle *hooks, const struct hooks *list)
{
	static const struct {
		size_t offset;
		const char *name;
	} stages[] = {
		{offsetof(struct lifecycle, prestart), "prestart"},
		{offsetof(struct lifecycle, create_runtime), "createRuntime"},
		{offsetof(struct lifecycle, create_container), "createContainer"},
		{offsetof(struct lifecycle, start_container), "startContainer"},
		{offsetof(struct lifecycle, poststart), "poststart"},
		{offsetof(struct lifecycle, poststop), "poststop"},
	};
	size_t i = 0;
	while ((const char *)hooks + stages[i].offset != (const char *)list)
		i++;
	return stages[i].name;
}

static int run(const struct hook *hook, int state, struct failure *failure)
{
	int said = open_text(), status = 0;
	pid_t pid = said < 0 || lseek(state, 0, SEEK_SET) < 0 ? -1 : _Fork();
	if (pid == 0)
		become(hook, state, said);
	if (pid < 0)
		return fail(failure, "%s", hook->path);
	bool in_time = wait_for(pid, hook->timeout, &status);
	int r = in_time && status == 0 ? 0 : explain_end(hook, in_time, status, said, failure);
	close(said);
	return r;
}

int hooks_run(const struct lifecycle *hooks, const struct hooks *list, const char *status, pid_t pid,
	      struct failure *failure)
{
	int r = 0;
	if (!list->count)
		return 0;
	int state = open_state(hooks, status, pid);
	if (state < 0)
		return fail(failure, "state");
	for (size_t i = 0; i < list->count && r == 0; i++) {
		struct failure why;
		r = run(&list->items[i], state, &why);
		errno = 0;
		if (r < 0)
			fail(failure, "error running %s hook #%zu: %s", stage_of(hooks, list), i,
			     strchr(why.message, ' ') + 1 /* without the step, which is said already */);
	}
	close(state);
	return r;
}
