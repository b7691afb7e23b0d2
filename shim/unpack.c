/*
 * A tar archive from stdin, into the container. Who wrote it may be hostile, and so may be who changes the tree
 * meanwhile: each component is opened by itself and never followed (CVE-2018-15664), what is made is made anew.
 */
#include "event.h"
#include "resolve.h"
#include "step.h"
#include "sys.h"
#include "tar.h"
#include "text.h"
#include "util.h"
#include "walk.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Where things go: below `base`, and there what comes first in the archive is called `as`. */
static struct place {
	int base;
	bool renames; /* the first component of each name gives way to `as` */
	char as[NAME_MAX + 1];
	bool keep_owner;
} place;

/* NAME as the way from the base, without `.` and empty components; "": the base itself. */
static void make_path(char path[TAR_NAME_MAX], const char *name)
{
	size_t length = 0;
	if (place.renames) {
		name += strcspn(name, "/");
		length = strlen(place.as);
		memcpy(path, place.as, length);
	}
	for (size_t n; *name; name += n + (name[n] == '/')) {
		n = strcspn(name, "/");
		if (n == 0 || (n == 1 && *name == '.'))
			continue;
		if (n == 2 && !strncmp(name, "..", 2))
			refuse("the archive has a name with .. in it");
		if (length + n + 2 > TAR_NAME_MAX)
			refuse("a path is longer than %d bytes", TAR_NAME_MAX);
		if (length)
			path[length++] = '/';
		memcpy(path + length, name, n);
		length += n;
	}
	path[length] = '\0';
}

/* The directory that PATH's last component is in, made where missing; *LAST is that component. */
static int open_parent(char *path, const char **last)
{
	int dir = openat(place.base, ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	char *name = path;
	for (char *end; (end = strchr(name, '/')); name = end + 1) {
		*end = '\0';
		int next = openat(dir, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (next < 0 && errno == ENOENT && mkdirat(dir, name, 0755) == 0)
			next = openat(dir, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (next < 0)
			die("%s", path);
		*end = '/';
		close(dir);
		dir = next;
	}
	*last = name;
	return dir;
}

/* Without an owner of its own it is whoever unpacks, and then it is no setuid program (as for chown(2)). */
static mode_t mode_of(const struct tar_entry *e)
{
	return place.keep_owner ? e->mode : e->mode & 01777;
}

/* Another's ids are kept where the user namespace has them and lets us. */
static void set_owner(int dir, const char *name, const struct tar_entry *e, const char *path)
{
	uid_t uid = geteuid();
	gid_t gid = getegid();
	if (place.keep_owner) {
		if (e->uid > UINT32_MAX - 1 || e->gid > UINT32_MAX - 1)
			refuse("%s belongs to an id that there is not", path);
		uid = (uid_t)e->uid;
		gid = (gid_t)e->gid;
	}
	if (fchownat(dir, name, uid, gid, AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH) < 0 &&
	    !(place.keep_owner && (errno == EPERM || errno == EINVAL)))
		die("%s: owner", path);
}

/* A file system without times is as good. */
static void set_time(int dir, const char *name, uint64_t mtime)
{
	(void)!sys_set_time(dir, name, mtime);
}

static void make_file(int dir, const char *name, const struct tar_entry *e, const char *path)
{
	int fd = openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		die("%s", path);
	tar_read_data(fd, e->size, path);
	set_owner(fd, "", e, path);
	set_time(fd, NULL, e->mtime);
	if (fchmod(fd, mode_of(e)) < 0 || close(fd) < 0)
		die("%s", path);
}

/* Times of directories are set last, the deepest first, for what is made in them changes them. */
static struct directory {
	struct directory *before;
	uint64_t mtime;
	char path[];
} * directories;
static struct arena *arena;

static void remember(const char *path, uint64_t mtime)
{
	size_t size = strlen(path) + 1;
	if (!arena)
		arena = arena_new();
	struct directory *d = arena_alloc(arena, sizeof(*d) + size);
	d->before = directories;
	d->mtime = mtime;
	memcpy(d->path, path, size);
	directories = d;
}

static void set_times(void)
{
	for (struct directory *d = directories; d; d = d->before) {
		const char *name;
		int dir = open_parent(d->path, &name);
		set_time(dir, name, d->mtime);
		close(dir);
	}
	arena_free(arena);
}

static void make_directory(int dir, const char *name, const struct tar_entry *e, const char *path)
{
	if (mkdirat(dir, name, 0700) < 0 && errno != EEXIST)
		die("%s", path);
	int fd = walk_open(dir, name);
	if (fd < 0)
		die("%s", path);
	set_owner(fd, "", e, path);
	if (fchmod(fd, mode_of(e)) < 0)
		die("%s", path);
	close(fd);
	remember(path, e->mtime);
}

/* A further name for what lies below the base, too. */
static void make_hard_link(int dir, const char *name, const struct tar_entry *e, const char *path)
{
	static char target[TAR_NAME_MAX];
	const char *last;
	make_path(target, e->target);
	int from = open_parent(target, &last);
	if (linkat(from, last, dir, name, 0) < 0)
		die("%s", path);
	close(from);
}

static void make_other(int dir, const char *name, const struct tar_entry *e, const char *path)
{
	if (e->type == TAR_HARD_LINK) {
		make_hard_link(dir, name, e, path);
		return;
	}
	if (e->type == TAR_LINK && symlinkat(e->target, dir, name) < 0)
		die("%s", path);
	if (e->type == TAR_FIFO && mknodat(dir, name, S_IFIFO | (mode_of(e) & 0777), 0) < 0)
		die("%s", path);
	set_owner(dir, name, e, path);
	set_time(dir, name, e->mtime);
}

/* As docker: a directory stays where one is to be, anything else gives way, and neither takes the other's place. */
static void make_room(int dir, const char *name, bool is_directory, const char *path)
{
	struct stat st;
	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return;
	if (S_ISDIR(st.st_mode) != is_directory)
		refuse(is_directory ? "%s is there and no directory" : "%s is there and a directory", path);
	if (!is_directory && unlinkat(dir, name, 0) < 0)
		die("%s", path);
}

static void make_entry(const struct tar_entry *e)
{
	static char path[TAR_NAME_MAX];
	const char *name;
	if (!strchr("01256", e->type))
		refuse("%s is a device, or of another kind ('%c') that is not copied", e->name, e->type);
	make_path(path, e->name);
	if (!*path)
		return;
	int dir = open_parent(path, &name);
	make_room(dir, name, e->type == TAR_DIRECTORY, path);
	if (e->type == TAR_DIRECTORY)
		make_directory(dir, name, e, path);
	else if (e->type == TAR_FILE)
		make_file(dir, name, e, path);
	else
		make_other(dir, name, e, path);
	close(dir);
	if (e->type != TAR_FILE)
		tar_read_data(-1, e->size, path);
}

/* There is no directory: what comes is to be called so. */
static void choose_name(const struct container *c, bool is_directory)
{
	const struct files *f = &c->spec->files;
	char changing[PATH_MAX];
	const char *name;
	struct stat st;
	place.base = open_around(c->root, f->path, f->follow, changing, &name);
	if (place.base < 0 || !strcmp(name, ".") || !strcmp(name, ".."))
		die("%s", f->path);
	bool is_there = fstatat(place.base, name, &st, AT_SYMLINK_NOFOLLOW) == 0;
	if (f->entries || (f->directory && (is_there || !is_directory)))
		refuse("%s: no such directory", f->path);
	if (is_there && is_directory)
		refuse("%s is there and no directory", f->path);
	if (text_format(place.as, sizeof(place.as), "%s", name) >= (int)sizeof(place.as))
		refuse("a name of more than %d bytes", NAME_MAX);
	place.renames = true;
}

/* Docker's rules (docker container cp --help), told apart by what is there, and by whether a directory comes. */
static void choose_place(const struct container *c, bool is_directory)
{
	const struct files *f = &c->spec->files;
	place.keep_owner = f->keep_owner;
	place.base = open_in_root(c->root, f->path, O_DIRECTORY | (f->follow ? 0 : O_NOFOLLOW));
	if (place.base < 0)
		choose_name(c, is_directory);
	else
		place.renames = f->contents && is_directory;
}

void unpack(struct container *c)
{
	struct tar_entry e;
	bool more = tar_read_entry(&e);
	choose_place(c, more && e.type == TAR_DIRECTORY);
	for (; more; more = tar_read_entry(&e))
		make_entry(&e);
	set_times();
	walk_done(c);
}
