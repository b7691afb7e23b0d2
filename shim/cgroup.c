#include "cgroup.h"

#include "devfilter.h"
#include "step.h"
#include "sys.h"
#include "text.h"

#include <errno.h>
#include <limits.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

enum { TRIES = 200, PAUSE_NS = 1000000 };

static void pause_shortly(void)
{
	nanosleep(&(struct timespec){.tv_nsec = PAUSE_NS}, NULL);
}

static bool is_unified(int fd)
{
	struct statfs fs;
	return fstatfs(fd, &fs) == 0 && fs.f_type == CGROUP2_SUPER_MAGIC;
}

/* A directory or a file of a cgroup's; elsewhere a limit would be a plain file that nobody reads (ENOTSUP). */
static int open_cgroup(const char *path, int flags)
{
	struct statfs fs;
	int fd = open(path, flags | O_CLOEXEC);
	if (fd < 0)
		return -1;
	if (fstatfs(fd, &fs) == 0 && (fs.f_type == CGROUP_SUPER_MAGIC || fs.f_type == CGROUP2_SUPER_MAGIC))
		return fd;
	close(fd);
	return errno = ENOTSUP, -1;
}

static int open_group(const char *path)
{
	return open_cgroup(path, O_RDONLY | O_DIRECTORY);
}

static int make_directory(const char *path)
{
	if (mkdir(path, 0755) < 0 && errno != EEXIST)
		return -1;
	int fd = open_group(path);
	if (fd >= 0)
		close(fd);
	return fd < 0 ? -1 : 0;
}

/*
 * Parents are shared, and removed by whoever ends: one that was there may be gone when its child is to be made. Then
 * all are gone through again; where it never works, the parent's own parent is missing.
 */
static int make_directories(const struct spec *s, struct cgroup_run *run, struct failure *f)
{
	const struct strings *create = &s->cgroup.create;
	for (size_t i = 0, tries = 0; i < create->count; i++) {
		if (make_directory(create->items[i]) == 0) {
			run->made = i + 1 > run->made ? i + 1 : run->made;
			continue;
		}
		if ((errno != ENOENT && errno != ENODEV) || ++tries > TRIES)
			return fail(f, "%s", create->items[i]);
		i = (size_t)-1;
	}
	return 0;
}

static int write_setting(const struct setting *set)
{
	size_t length = strlen(set->value);
	int fd = open_cgroup(set->path, O_WRONLY | O_NOFOLLOW);
	if (fd < 0)
		return -1;
	ssize_t n = write(fd, set->value, length);
	int error = errno;
	close(fd);
	errno = error;
	return n == (ssize_t)length ? 0 : -1;
}

static int write_settings(const struct spec *s, struct failure *f)
{
	for (size_t i = 0; i < s->cgroup.settings.count; i++) {
		const struct setting *set = &s->cgroup.settings.items[i];
		if (write_setting(set) < 0)
			return fail(f, "%s = %s", set->path, set->value);
	}
	return 0;
}

static int open_unified(const struct spec *s, struct cgroup_run *run, struct failure *f)
{
	for (size_t i = 0; i < s->cgroup.join.count && run->unified < 0; i++) {
		int fd = open_group(s->cgroup.join.items[i]);
		if (fd < 0)
			return fail(f, "%s", s->cgroup.join.items[i]);
		if (is_unified(fd))
			run->unified = fd;
		else
			close(fd);
	}
	if (!s->cgroup.has_devices)
		return 0;
	if (run->unified < 0)
		return errno = 0, fail(f, "a device filter needs a cgroup of version 2 to join");
	return devfilter_attach(run->unified, &s->cgroup.devices) < 0 ? fail(f, "device filter") : 0;
}

int cgroup_create(const struct spec *s, struct cgroup_run *run, struct failure *f)
{
	*run = (struct cgroup_run){.unified = -1};
	at_step("host", "cgroup");
	if (make_directories(s, run, f) < 0 || write_settings(s, f) < 0)
		return -1;
	return open_unified(s, run, f);
}

/*
 * Of version 1, by the process itself and with "0": for a single thread that moves itself the kernel does without the
 * lock whose writers wait for an RCU grace period (Linux 5.5): 0.1 ms instead of 7. Into version 2 it was cloned.
 */
void join_cgroups(struct container *c)
{
	char path[PATH_MAX];
	for (size_t i = 0; i < c->spec->cgroup.join.count; i++) {
		const char *dir = c->spec->cgroup.join.items[i];
		int fd = open_group(dir);
		if (fd < 0)
			die("%s", dir);
		bool done = is_unified(fd);
		close(fd);
		if (done)
			continue;
		text_format(path, sizeof(path), "%s/tasks", dir);
		fd = open(path, O_WRONLY | O_CLOEXEC);
		if (fd < 0 || write(fd, "0", 1) != 1)
			die("%s", path);
		close(fd);
	}
}

/* After the join, so that the namespace's root is the container's own cgroup (cgroup_namespaces(7)). */
void new_cgroup_namespace(struct container *c)
{
	(void)c;
	if (sys_unshare(CLONE_NEWCGROUP) < 0)
		die("unshare");
}

static bool is_joined(const struct spec *s, const char *path)
{
	for (size_t i = 0; i < s->cgroup.join.count; i++)
		if (!strcmp(s->cgroup.join.items[i], path))
			return true;
	return false;
}

/*
 * Whoever made it: of all that have had a part in a parent the last one removes it. A group is busy until the last of
 * its processes has been reaped, which may take a moment after a kill; a parent that is busy is another container's,
 * too.
 */
void cgroup_remove(const struct spec *s, const struct cgroup_run *run)
{
	for (size_t i = run->made; i-- > 0;) {
		const char *path = s->cgroup.create.items[i];
		int tries = is_joined(s, path) ? TRIES : 1;
		while (rmdir(path) < 0 && errno == EBUSY && --tries > 0)
			pause_shortly();
	}
}

/* `oom_kill N` is in memory.events of version 2 and in memory.oom_control of version 1 (Linux 4.13). */
static bool counts_oom(const char *dir, const char *file)
{
	char path[PATH_MAX], text[1024];
	text_format(path, sizeof(path), "%s/%s", dir, file);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	if (fd >= 0)
		close(fd);
	text[n > 0 ? n : 0] = '\0';
	uint64_t count = 0;
	for (const char *line = text; line && !count; line = strchr(line, '\n'), line += line != NULL)
		if (!strncmp(line, "oom_kill ", 9))
			(void)text_number(line + 9, &count);
	return count > 0;
}

bool cgroup_saw_oom(const struct spec *s)
{
	for (size_t i = 0; i < s->cgroup.join.count; i++)
		if (counts_oom(s->cgroup.join.items[i], "memory.events") ||
		    counts_oom(s->cgroup.join.items[i], "memory.oom_control"))
			return true;
	return false;
}
