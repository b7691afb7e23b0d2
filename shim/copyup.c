/* `tmpcopyup`: a tmpfs begins with what the image has in its place. By descriptors; links are copied, never followed.
 */
#include "copyup.h"

#include "event.h"
#include "sys.h"

#include <limits.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MOST_LEVELS = 128 };

/* getdents64(2) */
struct entry {
	uint64_t inode;
	int64_t offset;
	uint16_t length;
	uint8_t type;
	char name[];
};

static void copy_directory(int from, int to, const char *where, unsigned level);

static void copy_bytes(int from, int to, const char *where)
{
	char bytes[16384];
	ssize_t n;
	while ((n = read(from, bytes, sizeof(bytes))) > 0)
		if (write(to, bytes, (size_t)n) != n)
			die("%s: write", where);
	if (n < 0)
		die("%s: read", where);
}

static void copy_file(int from, int to, const char *name, const struct stat *st, const char *where)
{
	/* What is a FIFO by now does not keep us. */
	int in = openat(from, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	int out = openat(to, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (in < 0 || out < 0)
		die("%s: %s", where, name);
	copy_bytes(in, out, where);
	if (fchown(out, st->st_uid, st->st_gid) < 0 || fchmod(out, st->st_mode & 07777) < 0)
		die("%s: %s: owner", where, name);
	close(in);
	close(out);
}

static void copy_link(int from, int to, const char *name, const char *where)
{
	char target[PATH_MAX];
	ssize_t n = readlinkat(from, name, target, sizeof(target) - 1);
	target[n > 0 ? n : 0] = '\0';
	if (n < 0 || symlinkat(target, to, name) < 0)
		die("%s: %s", where, name);
}

static void copy_tree(int from, int to, const char *name, const char *where, unsigned level)
{
	int in = openat(from, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	int made = mkdirat(to, name, 0700);
	int out = openat(to, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (in < 0 || made < 0 || out < 0)
		die("%s: %s", where, name);
	copy_directory(in, out, where, level);
	close(in);
	close(out);
}

static void copy_entry(int from, int to, const char *name, const char *where, unsigned level)
{
	struct stat st;
	if (fstatat(from, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		die("%s: %s", where, name);
	if (S_ISDIR(st.st_mode))
		copy_tree(from, to, name, where, level);
	else if (S_ISREG(st.st_mode))
		copy_file(from, to, name, &st, where);
	else if (S_ISLNK(st.st_mode))
		copy_link(from, to, name, where);
	else if (mknodat(to, name, st.st_mode, st.st_rdev) < 0)
		die("%s: %s", where, name);
	if (!S_ISDIR(st.st_mode) && !S_ISREG(st.st_mode) &&
	    fchownat(to, name, st.st_uid, st.st_gid, AT_SYMLINK_NOFOLLOW) < 0)
		die("%s: %s: owner", where, name);
}

static void copy_owner(int from, int to, const char *where)
{
	struct stat st;
	int directory = openat(to, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (directory < 0 || fstat(from, &st) < 0 || fchown(directory, st.st_uid, st.st_gid) < 0 ||
	    fchmod(directory, st.st_mode & 07777) < 0)
		die("%s: owner", where);
	close(directory);
}

static void copy_directory(int from, int to, const char *where, unsigned level)
{
	_Alignas(struct entry) char list[4096];
	int directory = openat(from, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	ssize_t n = directory < 0 || level == MOST_LEVELS ? -1 : 0;
	while (n >= 0 && (n = sys_getdents(directory, list, sizeof(list))) > 0)
		for (ssize_t at = 0; at < n;) {
			const struct entry *e = (const void *)(list + at);
			at += e->length;
			if (strcmp(e->name, ".") && strcmp(e->name, ".."))
				copy_entry(from, to, e->name, where, level + 1);
		}
	if (n < 0)
		die("%s: reading a directory", where);
	close(directory);
	copy_owner(from, to, where);
}

void copy_up(int from, int to, const char *where)
{
	copy_directory(from, to, where, 0);
}
