#include "resolve.h"

#include "sys.h"
#include "text.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MOST_LINKS = 40 /* as the kernel's own limit, path_resolution(7) */ };

bool is_reserved(const char *path)
{
	static const char *const reserved[] = {"/dev", "/proc", "/sys"};
	for (size_t i = 0; i < sizeof(reserved) / sizeof(*reserved); i++) {
		size_t n = strlen(reserved[i]);
		if (strncmp(path, reserved[i], n) == 0 && (path[n] == '\0' || path[n] == '/'))
			return true;
	}
	return false;
}

static uint64_t how_to_resolve(const char *path)
{
	return RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS | (is_reserved(path) ? RESOLVE_NO_SYMLINKS : 0);
}

/* A rename elsewhere makes the kernel ask for another try (openat2(2), EAGAIN). An attacker may rename for ever. */
static int try_open(int root, const char *path, int flags, uint64_t resolve)
{
	int fd = -1;
	for (int i = 0; i < 128 && fd < 0; i++) {
		fd = sys_openat2(root, path, (uint64_t)(O_PATH | flags), 0, resolve);
		if (fd < 0 && errno != EAGAIN && errno != EINTR)
			break;
	}
	return fd;
}

int open_in_root(int root, const char *path, int flags)
{
	return try_open(root, path, flags, how_to_resolve(path));
}

/* Makes NAME in DIR and opens it; -1 with EISLNK where a dangling link stands in its place. */
#define EISLNK EUCLEAN

static int make_entry(int dir, const char *name, enum target kind)
{
	struct stat st;
	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(st.st_mode))
		return errno = EISLNK, -1;
	/* The text of a link may hold these; what is missing below them can't be made. */
	if (!strcmp(name, "..") || !strcmp(name, ".") || !*name)
		return errno = ENOENT, -1;
	int made = kind == TARGET_DIRECTORY ? mkdirat(dir, name, 0755) : mknodat(dir, name, S_IFREG | 0644, 0);
	if (made < 0 && errno != EEXIST)
		return -1;
	return try_open(dir, name, O_NOFOLLOW, RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS);
}

/* PATH, whose component NAME (in DIR) is a link, with the text of the link in its place; REST follows it. */
static int substitute(int dir, char path[PATH_MAX], const char *name, const char *rest)
{
	char target[PATH_MAX], result[PATH_MAX];
	ssize_t n = readlinkat(dir, name, target, sizeof(target) - 1);
	if (n < 0)
		return -1;
	target[n] = '\0';
	int before = *target == '/' ? 0 : (int)(name - path);
	int length = text_format(result, sizeof(result), "%.*s%s%s%s", before, path, target, *rest ? "/" : "", rest);
	if (length >= (int)sizeof(result))
		return errno = ENAMETOOLONG, -1;
	memcpy(path, result, (size_t)length + 1);
	return 0;
}

/* One pass along PATH, component by component. EISLNK: PATH has changed, go along it again. */
static int make_along(int root, char path[PATH_MAX], enum target kind)
{
	int dir = open_in_root(root, "/", O_DIRECTORY);
	for (char *name = path + 1; dir >= 0;) {
		char *end = name + strcspn(name, "/");
		bool last = *end == '\0';
		*end = '\0';
		int fd = open_in_root(root, path, 0);
		if (fd < 0 && errno == ENOENT)
			fd = make_entry(dir, name, last ? kind : TARGET_DIRECTORY);
		if (fd < 0 && errno == EISLNK && is_reserved(path))
			errno = ELOOP;
		if (fd < 0 && errno == EISLNK && substitute(dir, path, name, last ? "" : end + 1) == 0)
			errno = EISLNK;
		int error = errno;
		close(dir);
		errno = error;
		if (fd < 0 || last)
			return fd;
		*end = '/';
		name = end + 1;
		dir = fd;
	}
	return -1;
}

/* Nearly always only the last component is missing: EISLNK where it is not so simple. */
static int make_last(int root, const char *path, enum target kind)
{
	char changing[PATH_MAX];
	const char *name;
	int dir = open_around(root, path, false, changing, &name);
	if (dir < 0)
		return errno = EISLNK, -1;
	int fd = make_entry(dir, name, kind), error = errno;
	close(dir);
	return errno = error, fd;
}

int make_in_root(int root, const char *path, enum target kind)
{
	int fd = open_in_root(root, path, 0);
	if (fd >= 0 || errno != ENOENT)
		return fd;
	fd = make_last(root, path, kind);
	if (fd >= 0 || errno != EISLNK)
		return fd;
	char changing[PATH_MAX];
	if (text_format(changing, sizeof(changing), "%s", path) >= PATH_MAX)
		return errno = ENAMETOOLONG, -1;
	for (int i = 0; i < MOST_LINKS; i++) {
		fd = make_along(root, changing, kind);
		if (fd >= 0 || errno != EISLNK)
			return fd;
	}
	return errno = ELOOP, -1;
}

int make_parent_in_root(int root, const char *path, const char **name)
{
	char parent[PATH_MAX];
	const char *slash = strrchr(path, '/');
	*name = slash + 1;
	if (text_format(parent, sizeof(parent), "%.*s", slash == path ? 1 : (int)(slash - path), path) >= PATH_MAX)
		return errno = ENAMETOOLONG, -1;
	return make_in_root(root, parent, TARGET_DIRECTORY);
}

int open_around(int root, const char *path, bool follow, char changing[PATH_MAX], const char **name)
{
	if (text_format(changing, PATH_MAX, "%s", path) >= PATH_MAX)
		return errno = ENAMETOOLONG, -1;
	for (int i = 0; i < MOST_LINKS; i++) {
		char *slash = strrchr(changing, '/');
		*slash = '\0';
		int dir = open_in_root(root, *changing ? changing : "/", O_DIRECTORY);
		*slash = '/';
		*name = slash[1] ? slash + 1 : ".";
		if (dir < 0 || !follow || substitute(dir, changing, *name, "") < 0)
			return dir;
		close(dir);
	}
	return errno = ELOOP, -1;
}
