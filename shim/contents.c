/*
 * Files that are the container's own and no part of its image: /etc/hosts and its kin. They are bound over what the
 * image has there, so that the image and the changes to it never hold them.
 */
#include "event.h"
#include "mount.h"
#include "print.h"
#include "resolve.h"
#include "step.h"
#include "sys.h"

#include <errno.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

/* One that others write to while the container runs: on the host, where it is made unless it is there. */
static int open_source(const struct content *f)
{
	int fd = open(f->source, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0644);
	struct stat st;
	if (fd < 0 || fstat(fd, &st) < 0)
		die("%s", f->source);
	if (!S_ISREG(st.st_mode))
		refuse("%s is not a file", f->source);
	return fd;
}

/* Any other: on the tmpfs that the container has for /dev. It is there already, and goes with the container. */
static int open_room(int root)
{
	struct statfs fs;
	int fd = open_in_root(root, "/dev", O_DIRECTORY);
	if (fd < 0 || fstatfs(fd, &fs) < 0)
		die("/dev");
	if (fs.f_type != TMPFS_MAGIC)
		refuse("/dev is no tmpfs");
	return fd;
}

static void fill(int fd, const struct content *f)
{
	size_t length = strlen(f->text), done = 0;
	while (done < length) {
		ssize_t n = write(fd, f->text + done, length - done);
		if (n < 0)
			die("%s: write", f->destination);
		done += (size_t)n;
	}
}

/* A mount of nothing but the file. */
static int detach(int fd, const struct content *f)
{
	int mount = sys_open_tree_clone(fd, 0);
	if (mount < 0)
		die("%s: open_tree", f->destination);
	if (sys_mount_setattr(mount, 0, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC, 0, 0) < 0)
		die("%s: mount_setattr", f->destination);
	close(fd);
	return mount;
}

void open_contents(struct container *c)
{
	for (size_t i = 0; i < c->spec->contents.count; i++) {
		struct content *f = &c->spec->contents.items[i];
		if (!f->source)
			continue;
		int fd = open_source(f);
		struct stat st;
		if (fstat(fd, &st) == 0 && st.st_size == 0)
			fill(fd, f);
		f->mount = detach(fd, f);
	}
}

/* Errors that mean: there is none. Or, where one is to be made if possible: it is not, such as in a directory of
 * root's. */
static bool is_absent(const struct content *f, int error)
{
	if (f->make == MAKE_TRY && (error == EACCES || error == EPERM || error == EROFS || error == EOVERFLOW))
		return true;
	return f->make != MAKE_MUST && (error == ENOENT || error == ENOTDIR || error == ELOOP);
}

/* -1: the file is left out. */
static int find_target(const struct container *c, const struct content *f)
{
	int fd =
		f->make ? make_in_root(c->root, f->destination, TARGET_FILE) : open_in_root(c->root, f->destination, 0);
	if (fd < 0 && !is_absent(f, errno))
		die("%s", f->destination);
	struct stat st;
	if (fd >= 0 && fstat(fd, &st) == 0 && S_ISDIR(st.st_mode))
		refuse("%s of the image is a directory", f->destination);
	return fd;
}

/* Its name is only there until it is mounted: what has none cannot be. */
#define NAME ".contents"

static void attach_new(const struct container *c, const struct content *f, int room, int target)
{
	int fd = openat(room, NAME, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
	if (fd < 0)
		die("%s: a file on /dev", f->destination);
	fill(fd, f);
	int mount = detach(fd, f);
	attach_at(c, f->destination, mount, target);
	close(mount);
	if (unlinkat(room, NAME, 0) < 0)
		die("%s: unlink", f->destination);
}

void attach_contents(struct container *c)
{
	int room = open_room(c->root);
	for (size_t i = 0; i < c->spec->contents.count; i++) {
		const struct content *f = &c->spec->contents.items[i];
		int target = find_target(c, f);
		if (target >= 0 && f->source)
			attach_at(c, f->destination, f->mount, target);
		else if (target >= 0)
			attach_new(c, f, room, target);
		if (f->source)
			close(f->mount);
	}
	close(room);
}

void detail_contents(const struct spec *s)
{
	for (size_t i = 0; i < s->contents.count; i++) {
		const struct content *f = &s->contents.items[i];
		print("      mount --bind -o nosuid,nodev,noexec %s %s\n", f->source ? f->source : "(tmpfs)/file",
		      f->destination);
	}
}
