#include "outside.h"

#include "idmap.h"
#include "names.h"
#include "sys.h"
#include "text.h"

#include <errno.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static bool has_option(const struct mount *m, const char *name)
{
	for (size_t i = 0; i < m->options.count; i++)
		if (!strcmp(m->options.items[i], name))
			return true;
	return false;
}

static bool is_outside(const struct spec *spec, const struct mount *m)
{
	bool foreign = geteuid() == 0 && spec->root.path && spec_leaves(spec, CLONE_NEWUSER);
	return !strcmp(m->type, "bind") && (foreign || m->uid_mappings.count);
}

/* Ids are mapped as in a user namespace; that of a process which does nothing but have one. */
static int open_user_namespace(const struct mount *m, struct failure *failure)
{
	char path[64];
	int pidfd, fd = -1;
	pid_t pid = sys_clone3(CLONE_NEWUSER, &pidfd, -1);
	if (pid == 0)
		for (;;)
			pause();
	if (pid < 0)
		return fail(failure, "%s: user namespace", m->destination);
	if (idmap_write_direct(pid, &m->uid_mappings, &m->gid_mappings, failure) == 0) {
		text_format(path, sizeof(path), "/proc/%d/ns/user", (int)pid);
		fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			fail(failure, "%s", path);
	}
	(void)sys_pidfd_send_signal(pidfd, SIGKILL);
	waitpid(pid, NULL, 0);
	close(pidfd);
	return fd;
}

static int map_ids(const struct mount *m, int tree, struct failure *failure)
{
	int user = open_user_namespace(m, failure);
	if (user < 0)
		return -1;
	int r = sys_mount_idmap(tree, has_option(m, "ridmap") ? AT_RECURSIVE : 0, user);
	if (r < 0)
		fail(failure, "%s: idmap of %s", m->destination, m->source);
	close(user);
	return r;
}

static int open_one(const struct mount *m, struct failure *failure)
{
	int source = openat(AT_FDCWD, m->source, O_PATH | O_CLOEXEC);
	if (source < 0)
		return fail(failure, "%s: %s", m->destination, m->source);
	int tree = sys_open_tree_clone(source, has_option(m, "rbind") ? AT_RECURSIVE : 0);
	if (tree < 0)
		fail(failure, "%s: open_tree %s", m->destination, m->source);
	close(source);
	if (tree < 0 || !m->uid_mappings.count || map_ids(m, tree, failure) == 0)
		return tree;
	close(tree);
	return -1;
}

int outside_open(const struct spec *spec, struct outside *outside, struct failure *failure)
{
	at_step("host", "outside");
	for (size_t i = 0; i < spec->mounts.count; i++) {
		const struct mount *m = &spec->mounts.items[i];
		if (!is_outside(spec, m))
			continue;
		if (outside->count == MOST_OUTSIDE)
			return errno = E2BIG, fail(failure, "%s", m->destination);
		int fd = open_one(m, failure);
		if (fd < 0)
			return -1;
		outside->items[outside->count].mount = i;
		outside->items[outside->count++].fd = fd;
	}
	return 0;
}

void outside_close(struct outside *outside)
{
	while (outside->count)
		close(outside->items[--outside->count].fd);
}

int outside_of(const struct outside *outside, size_t mount)
{
	for (size_t i = 0; i < outside->count; i++)
		if (outside->items[i].mount == mount)
			return outside->items[i].fd;
	return -1;
}
