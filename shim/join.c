#include "join.h"

#include "channel.h"
#include "event.h"
#include "names.h"
#include "procfs.h"
#include "sys.h"

#include <errno.h>
#include <linux/magic.h>
#include <linux/nsfs.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/vfs.h>
#include <unistd.h>

enum { MOST_NAMESPACES = 16 };

/* All are opened before the first is entered: after that /proc is another one's. */
static void open_namespaces(const struct spec *s, int fds[MOST_NAMESPACES])
{
	at_step("host", "namespaces");
	if (s->namespaces.count > MOST_NAMESPACES)
		refuse("%zu namespaces", s->namespaces.count);
	for (size_t i = 0; i < s->namespaces.count; i++) {
		const struct namespace *n = &s->namespaces.items[i];
		struct statfs fs;
		fds[i] = n->path ? open(n->path, O_RDONLY | O_NONBLOCK | O_CLOEXEC) : -1;
		if (n->path && (fds[i] < 0 || fstatfs(fds[i], &fs) < 0))
			die("%s", n->path);
		/* Nothing else is asked by ioctl: to a device the same number may mean something. */
		if (n->path && (fs.f_type != NSFS_MAGIC || ioctl(fds[i], NS_GET_NSTYPE) != n->flag))
			refuse("%s is not a namespace of type %s", n->path,
			       name_of(namespace_names, (uint64_t)n->flag));
	}
	/* The number may have gone to another process since it was written down; what is open now is not that one's. */
	if (s->has_target && proc_start_time((pid_t)s->target.pid) != s->target.start_time)
		refuse("process %u is not the container's any more", s->target.pid);
}

static void enter(const struct spec *s, const int fds[MOST_NAMESPACES], int flag)
{
	for (size_t i = 0; i < s->namespaces.count; i++)
		if (s->namespaces.items[i].path && s->namespaces.items[i].flag == flag && sys_setns(fds[i], flag) < 0)
			die("setns %s", s->namespaces.items[i].path);
}

/* The user namespace first, for the privileges over the others; the mount namespace last, for it changes every path. */
static void enter_all(const struct spec *s, const int fds[MOST_NAMESPACES])
{
	static const int order[] = {CLONE_NEWUSER, CLONE_NEWIPC,  CLONE_NEWUTS, CLONE_NEWNET,
				    CLONE_NEWPID,  CLONE_NEWTIME, CLONE_NEWNS};
	at_step("host", "join");
	/* Nothing in there may look at this process, which still knows the host (CVE-2016-9962). */
	if (prctl(PR_SET_DUMPABLE, 0) < 0)
		die("PR_SET_DUMPABLE");
	for (size_t i = 0; i < sizeof(order) / sizeof(*order); i++)
		enter(s, fds, order[i]);
}

void join_and_fork(const struct spec *s, int channel, int cgroup)
{
	int fds[MOST_NAMESPACES];
	open_namespaces(s, fds);
	enter_all(s, fds);
	at_step("host", "clone");
	pid_t pid = sys_clone3_sibling((uint64_t)spec_birth_flags(s), cgroup);
	if (pid < 0)
		die("new process");
	if (pid > 0) {
		channel_send_child(channel, pid);
		_exit(0);
	}
	enter(s, fds, CLONE_NEWCGROUP);
	/* They, too, lead to more than the container has. */
	for (size_t i = 0; i < s->namespaces.count; i++)
		if (fds[i] >= 0)
			close(fds[i]);
}
