#include "idmap.h"

#include "print.h"
#include "procfs.h"
#include "signals.h"
#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* The kernel's limit of lines, user_namespaces(7) (Linux 4.15). */
enum { MOST_LINES = 340, LINE = 36 };

static int write_directly(int proc, pid_t pid, const char *file, const struct id_mappings *map, struct failure *f)
{
	static char text[MOST_LINES * LINE];
	char path[64];
	size_t length = 0;
	if (map->count > MOST_LINES)
		return errno = E2BIG, fail(f, "%s: %zu lines", file, map->count);
	for (size_t i = 0; i < map->count; i++)
		length += (size_t)text_format(text + length, sizeof(text) - length, "%u %u %u\n",
					      map->items[i].container, map->items[i].host, map->items[i].size);
	text_format(path, sizeof(path), "%d/%s", (int)pid, file);
	return proc_write(proc, path, text) < 0 ? fail(f, "/proc/PID/%s", file) : 0;
}

/* Fixed places only: these programs are setuid, and the caller's PATH is not asked for them. */
static _Noreturn void execute_tool(const char *name, char *const argv[])
{
	static const char *const places[] = {"/usr/bin", "/bin", "/usr/sbin", "/usr/local/bin", "/run/wrappers/bin"};
	char *const no_env[] = {NULL};
	char path[64];
	signals_reset();
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		text_format(path, sizeof(path), "%s/%s", places[i], name);
		execve(path, argv, no_env);
	}
	complain("%s", strerror(errno));
	_exit(127);
}

/* What the tool says on stderr becomes part of the one line. */
static int run_tool(const char *name, char *const argv[], struct failure *f)
{
	char said[256] = "";
	int ends[2], status = 0;
	if (pipe2(ends, O_CLOEXEC) < 0)
		return fail(f, "%s: pipe", name);
	pid_t pid = _Fork();
	if (pid == 0) {
		dup2(ends[1], 2);
		execute_tool(name, argv);
	}
	close(ends[1]);
	ssize_t n = pid < 0 ? -1 : read(ends[0], said, sizeof(said) - 1);
	close(ends[0]);
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		return fail(f, "%s", name);
	if (status == 0)
		return 0;
	said[n > 0 ? n : 0] = '\0';
	said[strcspn(said, "\n")] = '\0';
	errno = 0;
	return fail(f, "%s: %s", name, *said ? said : "failed");
}

static int write_by_tool(const char *tool, pid_t pid, const struct id_mappings *map, struct failure *f)
{
	static char words[MOST_LINES * 3 + 1][12];
	static char *argv[MOST_LINES * 3 + 3];
	size_t argc = 0;
	if (map->count > MOST_LINES)
		return errno = E2BIG, fail(f, "%s: %zu lines", tool, map->count);
	text_format(words[0], sizeof(words[0]), "%d", (int)pid);
	argv[argc++] = (char *)tool;
	argv[argc++] = words[0];
	for (size_t i = 0; i < map->count; i++) {
		const uint32_t numbers[] = {map->items[i].container, map->items[i].host, map->items[i].size};
		for (size_t j = 0; j < 3; j++) {
			char *word = words[1 + i * 3 + j];
			text_format(word, sizeof(words[0]), "%u", numbers[j]);
			argv[argc++] = word;
		}
	}
	argv[argc] = NULL;
	return run_tool(tool, argv, f);
}

/* The one line that needs no privilege: our own id. */
static bool is_own(const struct id_mappings *map, uint32_t id)
{
	return map->count == 1 && map->items[0].host == id && map->items[0].size == 1;
}

static int write_maps(int proc, pid_t pid, const struct spec *s, struct failure *f)
{
	char path[64];
	bool may = geteuid() == 0;
	text_format(path, sizeof(path), "%d/setgroups", (int)pid);
	if (s->setgroups == SETGROUPS_DENY && proc_write(proc, path, "deny") < 0)
		return fail(f, "/proc/PID/setgroups");
	int r = may || is_own(&s->uid_mappings, geteuid()) ? write_directly(proc, pid, "uid_map", &s->uid_mappings, f)
							   : write_by_tool("newuidmap", pid, &s->uid_mappings, f);
	if (r < 0)
		return r;
	return may || is_own(&s->gid_mappings, getegid()) ? write_directly(proc, pid, "gid_map", &s->gid_mappings, f)
							  : write_by_tool("newgidmap", pid, &s->gid_mappings, f);
}

int idmap_write_direct(pid_t pid, const struct id_mappings *uids, const struct id_mappings *gids, struct failure *f)
{
	int proc = proc_open();
	if (proc < 0)
		return fail(f, "/proc");
	int r = write_directly(proc, pid, "uid_map", uids, f);
	if (r == 0)
		r = write_directly(proc, pid, "gid_map", gids, f);
	close(proc);
	return r;
}

int idmap_write(pid_t pid, const struct spec *s, struct failure *f)
{
	int proc = proc_open();
	if (proc < 0)
		return fail(f, "/proc");
	int r = write_maps(proc, pid, s, f);
	close(proc);
	return r;
}
