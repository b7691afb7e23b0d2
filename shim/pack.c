/* A file or a tree of the container's, to stdout, as tar; sockets and devices are left out. */
#include "event.h"
#include "resolve.h"
#include "step.h"
#include "sys.h"
#include "tar.h"
#include "walk.h"

#include <errno.h>
#include <limits.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

static void put_entry(const struct walk *w, const struct stat *st, enum tar_type type, const char *target)
{
	tar_write_entry(&(struct tar_entry){
		.type = (char)type,
		.mode = st->st_mode,
		.uid = st->st_uid,
		.gid = st->st_gid,
		.size = type == TAR_FILE ? (uint64_t)st->st_size : 0,
		.mtime = st->st_mtime < 0 ? 0 : (uint64_t)st->st_mtime,
		.name = w->name,
		.target = target,
	});
}

/* What is swapped for something else in between is that, or not there: a FIFO is not waited for. */
static void pack_file(struct walk *w, int dir, const char *name)
{
	struct stat st;
	int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) < 0)
		die("%s", w->name);
	if (!S_ISREG(st.st_mode))
		refuse("%s was replaced while it was read", w->name);
	put_entry(w, &st, TAR_FILE, "");
	tar_write_data(fd, (uint64_t)st.st_size, w->name);
	close(fd);
}

static void pack_link(struct walk *w, int dir, const char *name, const struct stat *st)
{
	char target[PATH_MAX] = "";
	if (readlinkat(dir, name, target, sizeof(target) - 1) < 0)
		die("%s", w->name);
	put_entry(w, st, TAR_LINK, target);
}

/* What the kernel makes up is no part of a tree: only asked for by name. */
static bool is_made_up(int fd)
{
	struct statfs fs;
	return fstatfs(fd, &fs) == 0 && (fs.f_type == PROC_SUPER_MAGIC || fs.f_type == SYSFS_MAGIC);
}

static void pack_directory(struct walk *w, int dir, const char *name)
{
	struct stat st;
	int fd = walk_open(dir, name);
	if (fd < 0 || fstat(fd, &st) < 0)
		die("%s", w->name);
	memcpy(w->name + w->length++, "/", 2);
	put_entry(w, &st, TAR_DIRECTORY, "");
	if (w->depth && is_made_up(fd))
		close(fd);
	else
		walk_through(w, fd);
}

static void pack_any(struct walk *w, int dir, const char *name)
{
	struct stat st;
	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0) {
		if (w->depth && errno == ENOENT)
			return;
		die("%s", w->name);
	}
	if (S_ISDIR(st.st_mode))
		pack_directory(w, dir, name);
	else if (S_ISREG(st.st_mode))
		pack_file(w, dir, name);
	else if (S_ISLNK(st.st_mode))
		pack_link(w, dir, name, &st);
	else if (S_ISFIFO(st.st_mode))
		put_entry(w, &st, TAR_FIFO, "");
	else if (!w->depth)
		refuse("%s is a device or a socket", w->name);
}

void pack(struct container *c)
{
	static struct walk w; /* all zero, so that it takes no room in the program */
	const struct files *f = &c->spec->files;
	char changing[PATH_MAX];
	const char *name = ".";
	struct stat st;
	int dir = f->directory ? open_in_root(c->root, f->path, O_DIRECTORY)
			       : open_around(c->root, f->path, f->follow, changing, &name);
	if (dir < 0 || fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		die("%s", f->path);
	w.visit = pack_any;
	w.length = strlen(f->name);
	if (w.length >= PATH_MAX)
		refuse("a name of %zu bytes", w.length);
	memcpy(w.name, f->name, w.length + 1);
	pack_any(&w, dir, name);
	tar_finish();
	walk_done(c);
}
