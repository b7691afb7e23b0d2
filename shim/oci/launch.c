#include "launch.h"

#include "place.h"
#include "report.h"

#include "../channel.h"
#include "../sys.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

/* Of the caller's environment nothing that changes what Node does: NODE_OPTIONS, NODE_EXTRA_CA_CERTS … */
static char **environment(void)
{
	extern char **environ;
	static struct words kept;
	for (char **variable = environ; *variable; variable++)
		if (strncmp(*variable, "NODE_", 5))
			words_add(&kept, "%s", *variable);
	words_add(&kept, "NODE_NO_WARNINGS=1");
	return kept.items;
}

static _Noreturn void become_planner(char *const argv[], int spec_fd, int errors, bool with_stdio)
{
	int null = open("/dev/null", O_RDWR);
	if (!with_stdio)
		(void)(dup2(null, 0) < 0 || dup2(null, 1) < 0);
	/* In this order: the one may have the other's number. */
	int spec = fcntl(spec_fd < 0 ? null : spec_fd, F_DUPFD, 4);
	if (null < 0 || spec < 0 || dup2(errors, 2) < 0 || dup2(spec, 3) < 0 || sys_close_range(4, ~0u, 0) < 0)
		_exit(1);
	execve(argv[0], argv, environment());
	dprintf(2, "%s: %s", argv[0], strerror(errno));
	_exit(1);
}

void launch_planner(const struct call *call, const struct words *words, int spec_fd, bool with_stdio)
{
	int errors[2], status;
	size_t length;
	struct words argv = {0};
	words_add(&argv, "%s", place_node());
	words_add(&argv, "%s", place_beside("minicontainer-oci-plan.cjs"));
	for (size_t i = 0; i < words->count; i++)
		words_add(&argv, "%s", words->items[i]);
	(void)call;
	if (pipe2(errors, O_CLOEXEC) < 0)
		fatal_errno("pipe");
	pid_t pid = fork();
	if (pid < 0)
		fatal_errno("fork");
	if (pid == 0)
		become_planner(argv.items, spec_fd, errors[1], with_stdio);
	close(errors[1]);
	char *said = place_read_all(errors[0], &length);
	close(errors[0]);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	while (length && said[length - 1] == '\n')
		said[--length] = '\0';
	if (status != 0)
		fatal("%s", *said ? said : "the planner ended without a word");
	free(said);
}

static void inherit(struct words *argv, const char *option, int fd)
{
	if (fd < 0)
		return;
	words_add(argv, "%s", option);
	words_add(argv, "%d", fd);
	/* Only in the child of a fork. */
	if (fcntl(fd, F_SETFD, 0) < 0)
		_exit(125);
}

static _Noreturn void become_helper(const struct launch *l, pid_t parent)
{
	struct words argv = {0};
	words_add(&argv, "%s", place_helper());
	words_add(&argv, "run");
	words_add(&argv, "--die-with");
	words_add(&argv, "%d", (int)parent);
	inherit(&argv, "--spec-fd", l->spec);
	inherit(&argv, "--status-fd", l->status);
	inherit(&argv, "--hold-fd", l->hold);
	inherit(&argv, "--console-fd", l->console);
	for (int fd = 3; fd < 3 + l->preserved; fd++)
		(void)fcntl(fd, F_SETFD, 0);
	if (l->preserved) {
		words_add(&argv, "--preserve-fds");
		words_add(&argv, "%d", l->preserved);
	}
	if (l->leaves)
		words_add(&argv, "--leave");
	execv(argv.items[0], argv.items);
	dprintf(l->status, "{\"event\":\"error\",\"message\":\"%s: cannot be executed\",\"exitCode\":125}\n",
		argv.items[0]);
	_exit(125);
}

pid_t launch_helper(const struct launch *l)
{
	pid_t self = getpid(), pid = fork();
	if (pid == 0)
		become_helper(l, self);
	if (pid < 0)
		fatal_errno("fork");
	return pid;
}

int launch_wait(pid_t helper)
{
	int status;
	while (waitpid(helper, &status, 0) < 0)
		if (errno != EINTR)
			fatal_errno("waitpid");
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static int count_of(const char *what, const char *text)
{
	char *end;
	long n = strtol(text, &end, 10);
	if (end == text || *end || n < 0 || n > 65536)
		fatal("%s: %s is not a count of descriptors", what, text);
	return (int)n;
}

int launch_preserved(const struct call *call)
{
	const char *listen = getenv("LISTEN_FDS");
	int count = call->preserve ? count_of("--preserve-fds", call->preserve) : 0;
	if (listen && *listen)
		count += count_of("LISTEN_FDS", listen);
	for (int fd = 3; fd < 3 + count; fd++)
		if (fcntl(fd, F_GETFD) < 0)
			fatal("--preserve-fds: descriptor %d is not open", fd);
	return count;
}

static int connect_to(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), dir = -1;
	const char *slash = strrchr(path, '/');
	if (strlen(path) < sizeof(address.sun_path)) {
		memcpy(address.sun_path, path, strlen(path) + 1);
	} else if (slash) {
		/* Longer than an address may be: by way of its directory. */
		char *parent = strndup(path, (size_t)(slash - path));
		dir = open(parent, O_PATH | O_DIRECTORY | O_CLOEXEC);
		snprintf(address.sun_path, sizeof(address.sun_path), "/proc/self/fd/%d/%s", dir, slash + 1);
		free(parent);
	}
	if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		fatal_errno("%s", path);
	if (dir >= 0)
		close(dir);
	return fd;
}

int launch_console(const struct call *call, bool terminal, bool leaves)
{
	if (terminal && leaves && !call->console_socket)
		fatal("cannot allocate tty if the container will detach without setting console socket");
	if (call->console_socket && !(terminal && leaves))
		fatal("cannot use console socket if it will not detach or allocate tty");
	return call->console_socket ? connect_to(call->console_socket) : -1;
}

void launch_tell(const struct call *call, pid_t pid)
{
	char text[32];
	snprintf(text, sizeof(text), "%d", (int)pid);
	if (call->pid_file)
		place_write(call->pid_file, text);
	if (!call->pidfd_socket)
		return;
	int socket = connect_to(call->pidfd_socket), pidfd = sys_pidfd_open(pid);
	if (pidfd < 0 || channel_pass(socket, "pidfd", 5, pidfd) < 0)
		fatal_errno("--pidfd-socket");
	close(pidfd);
	close(socket);
}
