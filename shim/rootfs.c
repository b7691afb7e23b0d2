/* The root file system: an overlay, or a bind mount of the directory as it is, and the pivot into it. */
#include "rootfs.h"

#include "event.h"
#include "layers.h"
#include "mount.h"
#include "overlay.h"
#include "print.h"
#include "step.h"
#include "sys.h"

#include <unistd.h>

int open_directory(const char *path)
{
	int fd = openat(AT_FDCWD, path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		die("%s", path);
	return fd;
}

void attach_over(const char *path, int mount, const char *what)
{
	int target = open_directory(path);
	if (sys_move_mount(mount, target) < 0)
		die("%s over %s", what, path);
	close(target);
}

const char *root_point(const struct spec *s)
{
	return s->idmap ? "/dev" : s->root.path;
}

static int clone_directory(const char *path)
{
	int directory = open_directory(path);
	int fd = sys_open_tree_clone(directory, AT_RECURSIVE);
	if (fd < 0)
		die("open_tree %s", path);
	close(directory);
	return fd;
}

static int open_as_it_is(struct container *c, struct attributes a)
{
	const char *path = c->spec->root.path;
	int fd = c->spec->idmap ? layers_receive(c->spec, c->channel) : clone_directory(path);
	if (sys_mount_setattr(fd, AT_RECURSIVE, a.set, a.clear, 0) < 0)
		die("%s: mount_setattr", path);
	return fd;
}

void mount_rootfs(struct container *c)
{
	const struct spec *s = c->spec;
	struct attributes a = attributes_of(&s->root_options, false);
	c->root = s->overlay.present ? overlay_open(c, a.set) : open_as_it_is(c, a);
	/* The copies are made: what is left of the host's must not let this, or the pivot, out (pivot_root(2)). */
	if (s->root_propagation) {
		if (sys_set_propagation("/", MS_REC | MS_PRIVATE) < 0)
			die("/ private");
		if ((s->root_propagation & MS_SHARED) && sys_mount_setattr(c->root, 0, 0, 0, MS_PRIVATE) < 0)
			die("root private");
	}
	if (!s->overlay.parts.count)
		attach_over(root_point(s), c->root, "root");
}

/*
 * Takes off what lies over the new root: the old one, and what was mounted over that. `/..` shows what is on top of
 * `/`, and so would it to the container: the host, if one were left.
 */
static void uncover(struct container *c)
{
	int64_t ours = sys_mount_id(c->root, "");
	for (int i = 0; i < 4; i++) {
		if (sys_umount(".", MNT_DETACH) < 0)
			die("umount of the old root");
		if (ours >= 0 && sys_mount_id(AT_FDCWD, "/..") == ours)
			return;
	}
	refuse("the old root is still there");
}

/* pivot_root(2), "pivot_root(".", ".")": the old root ends up over the new one. */
void pivot(struct container *c)
{
	if (fchdir(c->root) < 0)
		die("fchdir to the new root");
	if (sys_pivot_root(".", ".") < 0)
		die("pivot_root %s", c->spec->root.path);
	uncover(c);
	if (chdir("/") < 0)
		die("chdir /");
	close(c->root);
	c->root = open_directory("/");
}

void set_root_propagation(struct container *c)
{
	if (sys_set_propagation("/", c->spec->root_propagation) < 0)
		die("/");
}

void make_root_readonly(struct container *c)
{
	if (sys_mount_setattr(c->root, 0, MOUNT_ATTR_RDONLY, 0, 0) < 0)
		die("mount_setattr /");
}

void detail_rootfs(const struct spec *s)
{
	if (!s->overlay.present) {
		print("      mount --rbind %s %s\n", s->root.path, s->root.path);
		return;
	}
	print("      mount -t overlay overlay %s -o lowerdir=", s->root.path);
	for (size_t i = 0; i < s->overlay.lower.count; i++)
		print("%s%s", i ? ":" : "", s->overlay.lower.items[i]);
	print(",upperdir=%s,workdir=%s%s\n", s->overlay.tmpfs ? "(tmpfs)/upper" : s->overlay.upper,
	      s->overlay.tmpfs ? "(tmpfs)/work" : s->overlay.work, s->overlay.userxattr ? ",userxattr" : "");
}
