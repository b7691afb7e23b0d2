#include "groups.h"

#include "place.h"
#include "report.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { TRIES = 2000, PAUSE_NS = 5000000 };

static void pause_shortly(void)
{
	nanosleep(&(struct timespec){.tv_nsec = PAUSE_NS}, NULL);
}

static struct {
	pid_t *items;
	size_t count, room;
} found;

static void add_all(const char *text)
{
	char *end;
	for (long pid; (pid = strtol(text, &end, 10)) > 0; text = end) {
		if (found.count == found.room)
			found.items = realloc(found.items, (found.room = found.room * 2 + 64) * sizeof(pid_t));
		if (!found.items)
			fatal("out of memory");
		found.items[found.count++] = (pid_t)pid;
	}
}

static int visit(const char *path, const struct stat *s, int kind, struct FTW *where)
{
	char file[PATH_MAX];
	size_t length;
	(void)s, (void)where;
	if (kind != FTW_D)
		return 0;
	snprintf(file, sizeof(file), "%s/cgroup.procs", path);
	char *text = place_read(AT_FDCWD, file, &length);
	if (text)
		add_all(text);
	free(text);
	return 0;
}

/* All its groups have the same processes: one is looked at. */
size_t groups_processes(const struct spec *spec, pid_t **list)
{
	found.items = NULL;
	found.count = found.room = 0;
	for (size_t i = 0; i < spec->cgroup.join.count && !found.count; i++)
		(void)nftw(spec->cgroup.join.items[i], visit, 16, FTW_PHYS);
	if (list)
		*list = found.items;
	else
		free(found.items);
	return found.count;
}

static bool path_of(const struct spec *spec, const char *file, char path[PATH_MAX])
{
	for (size_t i = 0; i < spec->cgroup.join.count; i++) {
		snprintf(path, PATH_MAX, "%s/%s", spec->cgroup.join.items[i], file);
		if (access(path, F_OK) == 0)
			return true;
	}
	return false;
}

char *groups_read(const struct spec *spec, const char *file)
{
	char path[PATH_MAX];
	size_t length;
	return path_of(spec, file, path) ? place_read(AT_FDCWD, path, &length) : NULL;
}

bool groups_frozen(const struct spec *spec)
{
	char *state = groups_read(spec, "freezer.state");
	if (!state)
		state = groups_read(spec, "cgroup.events");
	bool frozen = state && (!strncmp(state, "FR", 2) || strstr(state, "frozen 1"));
	free(state);
	return frozen;
}

static bool write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
	ssize_t n = fd < 0 ? -1 : write(fd, text, strlen(text));
	if (fd >= 0)
		close(fd);
	return n == (ssize_t)strlen(text);
}

/* FREEZING may last for as long as something forks: then it is tried anew. */
bool groups_freeze(const struct spec *spec, bool freeze)
{
	char path[PATH_MAX];
	bool first = path_of(spec, "freezer.state", path);
	if (!first && !path_of(spec, "cgroup.freeze", path))
		return false;
	const char *text = first ? (freeze ? "FROZEN" : "THAWED") : (freeze ? "1" : "0");
	for (int i = 0; i < TRIES; i++) {
		char *state;
		if (!write_file(path, text))
			fatal_errno("%s", path);
		state = groups_read(spec, first ? "freezer.state" : "cgroup.events");
		bool done = state && (first ? !strncmp(state, text, 6)
					    : strstr(state, freeze ? "frozen 1" : "frozen 0") != NULL);
		free(state);
		if (done)
			return true;
		pause_shortly();
	}
	fatal("%s: not done in time", path);
}

void groups_signal(const struct spec *spec, int signal)
{
	char path[PATH_MAX];
	for (int i = 0; i < TRIES; i++) {
		pid_t *list;
		size_t count = groups_processes(spec, &list);
		bool at_once =
			signal == SIGKILL && count && path_of(spec, "cgroup.kill", path) && write_file(path, "1");
		for (size_t k = 0; k < count && !at_once; k++)
			(void)kill(list[k], signal);
		free(list);
		if (!count || signal != SIGKILL)
			return;
		pause_shortly();
	}
}

static int remove_one(const char *path, const struct stat *s, int kind, struct FTW *where)
{
	(void)s, (void)where;
	if (kind != FTW_DP)
		return 0;
	/* Busy until the last of its processes has been reaped. */
	for (int i = 0; rmdir(path) < 0 && errno == EBUSY && i < 200; i++)
		pause_shortly();
	return 0;
}

void groups_remove(const struct spec *spec)
{
	for (size_t i = 0; i < spec->cgroup.join.count; i++)
		(void)nftw(spec->cgroup.join.items[i], remove_one, 16, FTW_PHYS | FTW_DEPTH);
}
