/* kill, delete: the end of a container's life. */
#include "container.h"
#include "create.h"
#include "groups.h"
#include "report.h"
#include "verbs.h"

#include "../hooks.h"
#include "../sys.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <regex.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "place.h"

#define SIGNAL(name)                                                                                                   \
	{                                                                                                              \
#name, SIG##name                                                                                       \
	}
static const struct {
	const char *name;
	int number;
} signal_names[] = {
	SIGNAL(ABRT),   SIGNAL(ALRM),  SIGNAL(BUS),  SIGNAL(CHLD), SIGNAL(CONT),     SIGNAL(FPE),    SIGNAL(HUP),
	SIGNAL(ILL),    SIGNAL(INT),   SIGNAL(IO),   SIGNAL(IOT),  SIGNAL(KILL),     SIGNAL(PIPE),   SIGNAL(POLL),
	SIGNAL(PROF),   SIGNAL(PWR),   SIGNAL(QUIT), SIGNAL(SEGV), SIGNAL(STOP),     SIGNAL(SYS),    SIGNAL(TERM),
	SIGNAL(TRAP),   SIGNAL(TSTP),  SIGNAL(TTIN), SIGNAL(TTOU), SIGNAL(URG),      SIGNAL(USR1),   SIGNAL(USR2),
	SIGNAL(VTALRM), SIGNAL(WINCH), SIGNAL(XCPU), SIGNAL(XFSZ), {"CLD", SIGCHLD}, {"STKFLT", 16},
};

static int signal_of(const char *text)
{
	char *end;
	const char *name = strncasecmp(text, "SIG", 3) ? text : text + 3;
	long number = strtol(text, &end, 10);
	if (end != text && !*end && number > 0 && number <= SIGRTMAX)
		return (int)number;
	for (size_t i = 0; i < sizeof(signal_names) / sizeof(*signal_names); i++)
		if (!strcasecmp(name, signal_names[i].name))
			return signal_names[i].number;
	if (!strncasecmp(name, "RTMIN", 5) && (!name[5] || name[5] == '+') && atoi(name + 5) <= SIGRTMAX - SIGRTMIN)
		return SIGRTMIN + atoi(name + 5);
	if (!strncasecmp(name, "RTMAX", 5) && (!name[5] || name[5] == '-') && atoi(name + 5) >= SIGRTMIN - SIGRTMAX)
		return SIGRTMAX + atoi(name + 5);
	fatal("unknown signal \"%s\"", text);
}

static bool has_own_pids(const struct oci_container *c)
{
	return spec_clone_flags(&c->spec) & CLONE_NEWPID;
}

static void send(struct oci_container *c, int signal, bool all)
{
	/* The end of a PID namespace's first process is that of all. */
	bool everyone = all || (signal == SIGKILL && !has_own_pids(c));
	int pidfd = container_pidfd(c);
	if (pidfd < 0 && !(all && groups_processes(&c->spec, NULL)))
		fatal("container not running");
	if (everyone)
		groups_signal(&c->spec, signal);
	if (pidfd >= 0 && (!all || !c->spec.cgroup.join.count) && sys_pidfd_send_signal(pidfd, signal) < 0 &&
	    errno != ESRCH)
		fatal_errno("kill");
	/* What is frozen, of version 1, does not die before it thaws. */
	if (signal == SIGKILL && c->status == STATUS_PAUSED)
		groups_freeze(&c->spec, false);
	if (pidfd >= 0)
		close(pidfd);
}

int kill_verb(struct call *call)
{
	struct oci_container c;
	const char *signal = call->arguments.count > 1 ? call->arguments.items[1] : "TERM";
	int number = signal_of(signal);
	container_get(&c, call, call->arguments.items[0], false);
	if (c.status == STATUS_STOPPED && !call->all)
		fatal("container not running");
	send(&c, number, call->all);
	return 0;
}

static void kill_first(struct oci_container *c)
{
	int pidfd = container_pidfd(c);
	if (pidfd < 0)
		return;
	(void)sys_pidfd_send_signal(pidfd, SIGKILL);
	if (c->status == STATUS_PAUSED)
		groups_freeze(&c->spec, false);
	struct pollfd end = {.fd = pidfd, .events = POLLIN};
	while (poll(&end, 1, 10000) < 0 && errno == EINTR)
		;
	close(pidfd);
	if (!(end.revents & POLLIN))
		fatal("container init still running");
}

/* All of them, whatever one of them does: the container is gone already. */
static void run_poststop(const struct oci_container *c)
{
	const struct lifecycle *h = &c->spec.hooks;
	for (size_t i = 0; i < h->poststop.count; i++) {
		struct hooks one = {&h->poststop.items[i], 1};
		struct failure failure;
		if (hooks_run(h, &one, "stopped", 0, &failure) < 0)
			warn("poststop %s", failure.message);
	}
}

void container_end(struct oci_container *c)
{
	report_cleanup(NULL, NULL);
	kill_first(c);
	if (c->has_spec) {
		if (groups_frozen(&c->spec))
			groups_freeze(&c->spec, false);
		groups_signal(&c->spec, SIGKILL);
		groups_remove(&c->spec);
		run_poststop(c);
	}
	container_forget(c);
}

static void delete (const struct call *call, const char *id)
{
	struct oci_container c;
	if (!container_open(&c, call, id, true)) {
		if (call->force)
			return;
		fatal("container does not exist: %s", id);
	}
	if (!call->force && (c.status == STATUS_RUNNING || c.status == STATUS_PAUSED))
		fatal("cannot delete container %s that is not stopped: %s", id, status_names[c.status]);
	container_end(&c);
}

static void delete_matching(const struct call *call, const char *pattern)
{
	regex_t regex;
	if (regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB))
		fatal("--regex: %s is no extended regular expression", pattern);
	DIR *root = opendir(place_root(call));
	const struct dirent *entry;
	while (root && (entry = readdir(root)))
		if (*entry->d_name != '.' && !regexec(&regex, entry->d_name, 0, NULL, 0)) {
			char *id = strdup(entry->d_name);
			delete (call, id);
			free(id);
		}
	if (root)
		closedir(root);
	regfree(&regex);
}

int delete_verb(struct call *call)
{
	if (call->regex)
		delete_matching(call, call->arguments.items[0]);
	else
		delete (call, call->arguments.items[0]);
	return 0;
}
