#include "place.h"

#include "report.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* In a user namespace root is a user too, whose own /run is elsewhere. */
static bool is_rootless(void)
{
	size_t length;
	char *map = place_read(AT_FDCWD, "/proc/self/uid_map", &length);
	unsigned inside = 0, outside = 0, count = 0;
	bool whole = !map || (sscanf(map, "%u %u %u", &inside, &outside, &count) == 3 && !outside && count == ~0u);
	free(map);
	return geteuid() != 0 || !whole;
}

static void make_parents(char *path)
{
	for (char *c = path + 1; *c; c++)
		if (*c == '/') {
			*c = '\0';
			(void)mkdir(path, 0711);
			*c = '/';
		}
}

const char *place_root(const struct call *call)
{
	static char path[PATH_MAX];
	const char *own = getenv("XDG_RUNTIME_DIR");
	if (*path)
		return path;
	if (call->root)
		snprintf(path, sizeof(path), "%s", call->root);
	else if (!is_rootless())
		snprintf(path, sizeof(path), "/run/minicontainer-oci");
	else if (own && *own)
		snprintf(path, sizeof(path), "%s/minicontainer-oci", own);
	else
		snprintf(path, sizeof(path), "/tmp/minicontainer-oci-%d", (int)geteuid());
	make_parents(path);
	struct stat s;
	if (mkdir(path, 0700) < 0 && errno != EEXIST)
		fatal_errno("--root %s", path);
	/* What lies in another's directory could be another's spec. */
	if (stat(path, &s) < 0 || !S_ISDIR(s.st_mode))
		fatal("--root %s: not a directory", path);
	if (s.st_uid != geteuid() && s.st_uid != 0)
		fatal("--root %s: it belongs to another user", path);
	return path;
}

void place_check_id(const char *id)
{
	bool right = *id && strcmp(id, ".") && strcmp(id, "..") && strlen(id) < 256;
	for (const char *c = id; *c; c++)
		right = right && (isalnum((unsigned char)*c) || strchr("_+-.", *c));
	if (!right)
		fatal("invalid container ID format: %s", id);
}

char *place_beside(const char *name)
{
	char self[PATH_MAX], *path;
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	self[n > 0 ? n : 0] = '\0';
	char *slash = strrchr(self, '/');
	if (!slash || asprintf(&path, "%.*s/%s", (int)(slash - self), self, name) < 0)
		fatal("cannot find out where this program is: is /proc mounted?");
	return path;
}

/* The one that built this; one in the same prefix as the package that this is in; then where it usually is. Callers
 * may have emptied PATH. */
char *place_node(void)
{
	size_t length;
	char *recorded = place_read(AT_FDCWD, place_beside("node-path"), &length);
	const char *const places[] = {recorded ? recorded : "", place_beside("../../../../bin/node"),
				      "/usr/local/bin/node", "/usr/bin/node", "/bin/node"};
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++)
		if (*places[i] && access(places[i], X_OK) == 0)
			return strdup(places[i]);
	const char *path = getenv("PATH");
	for (const char *dir = path ? path : "", *end; *dir; dir = *end ? end + 1 : end) {
		char *file;
		end = dir + strcspn(dir, ":");
		if (*dir == '/' && asprintf(&file, "%.*s/node", (int)(end - dir), dir) > 0 && access(file, X_OK) == 0)
			return file;
	}
	fatal("node is not found: not where this was built (%s), not in /usr/local/bin, /usr/bin, or PATH",
	      recorded ? recorded : "not recorded");
}

#if defined(__aarch64__)
#define HELPER "mc-init-arm64"
#else
#define HELPER "mc-init-x64"
#endif

char *place_helper(void)
{
	const char *chosen = getenv("MC_INIT");
	return chosen && *chosen ? strdup(chosen) : place_beside(HELPER);
}

char *place_read_all(int fd, size_t *length)
{
	size_t room = 4096, n = 0;
	char *text = malloc(room);
	ssize_t got;
	while (text && (got = read(fd, text + n, room - n - 1)) > 0) {
		n += (size_t)got;
		if (n + 1 < room)
			continue;
		char *larger = realloc(text, room *= 2);
		if (!larger)
			fatal("out of memory");
		text = larger;
	}
	if (!text)
		fatal("out of memory");
	text[n] = '\0';
	*length = n;
	return text;
}

char *place_read(int dir, const char *name, size_t *length)
{
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return NULL;
	char *text = place_read_all(fd, length);
	close(fd);
	return text;
}

/* Who waits for the file finds all of it. */
void place_write(const char *file, const char *text)
{
	char *new;
	const char *slash = strrchr(file, '/');
	int dir = slash ? (int)(slash - file) + 1 : 0;
	if (asprintf(&new, "%.*s.%s.%d", dir, file, file + dir, (int)getpid()) < 0)
		fatal("out of memory");
	int fd = open(new, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666);
	size_t length = strlen(text);
	bool done = fd >= 0 && write(fd, text, length) == (ssize_t)length && close(fd) == 0 && rename(new, file) == 0;
	if (!done) {
		int error = errno;
		(void)unlink(new);
		errno = error;
		fatal_errno("%s", file);
	}
	free(new);
}

void place_empty(int dir)
{
	int copy = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *list = copy < 0 ? NULL : fdopendir(copy);
	const struct dirent *entry;
	while (list && (entry = readdir(list)))
		(void)unlinkat(dir, entry->d_name, 0);
	if (list)
		closedir(list);
}
