/*
 * The root file system: an overlay, or a bind mount of the directory as it is, and the pivot into it.
 *
 * Overlayfs is given its directories as /proc/self/fd/N: the descriptors were opened before anything was mounted, and
 * no path has to be escaped into an option string (a directory named `a,upperdir=c` is only a name).
 */
#include "event.h"
#include "mount.h"
#include "step.h"
#include "sys.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What fsconfig(2) takes as a string value, with its NUL. */
enum { VALUE_MAX = 256 };

static int open_directory(const char *path)
{
	int fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		die("%s", path);
	return fd;
}

/* Root as it is named, and what lies over it by now. */
static void attach_over(const char *path, int mount, const char *what)
{
	int target = open_directory(path);
	if (sys_move_mount(mount, target) < 0)
		die("%s over %s", what, path);
	close(target);
}

static void set_layer(int fs, const char *key, int layer)
{
	char path[32];
	snprintf(path, sizeof(path), "/proc/self/fd/%d", layer);
	if (sys_fsconfig(fs, FSCONFIG_SET_STRING, key, path) < 0)
		die("overlay %s", key);
}

/* All in one `lowerdir`, which every kernel knows, if they fit; else one `lowerdir+` each (Linux 6.5). */
static void set_lower(int fs, const int *layers, size_t count)
{
	char joined[VALUE_MAX];
	size_t length = 0;
	for (size_t i = 0; i < count && length < sizeof(joined); i++)
		length += (size_t)snprintf(joined + length, sizeof(joined) - length, "%s/proc/self/fd/%d", i ? ":" : "",
					   layers[i]);
	if (length < sizeof(joined)) {
		if (sys_fsconfig(fs, FSCONFIG_SET_STRING, "lowerdir", joined) < 0)
			die("overlay lowerdir");
		return;
	}
	for (size_t i = 0; i < count; i++)
		set_layer(fs, "lowerdir+", layers[i]);
}

static int create_overlay(int fs, const struct overlay *o, uint64_t attributes)
{
	if (o->userxattr && sys_fsconfig(fs, FSCONFIG_SET_FLAG, "userxattr", NULL) < 0)
		die("overlay userxattr");
	if (sys_fsconfig(fs, FSCONFIG_CMD_CREATE, NULL, NULL) < 0)
		die("overlay over %s", o->lower.items[0]);
	int fd = sys_fsmount(fs, attributes);
	if (fd < 0)
		die("overlay: fsmount");
	close(fs);
	return fd;
}

static int new_overlay(void)
{
	int fs = sys_fsopen("overlay");
	if (fs < 0)
		die("fsopen overlay");
	if (sys_fsconfig(fs, FSCONFIG_SET_STRING, "source", "overlay") < 0)
		die("overlay source");
	return fs;
}

/* A tmpfs for what overlayfs needs besides the lower layers. It goes over the root's directory, for overlayfs takes no
 * layer from a detached mount (before Linux 6.15), and is covered by the overlay itself. */
static int mount_scratch(const struct spec *s)
{
	char size[32];
	int fs = sys_fsopen("tmpfs");
	if (fs < 0)
		die("fsopen tmpfs");
	snprintf(size, sizeof(size), "%llu", (unsigned long long)s->overlay.tmpfs_size);
	if (s->overlay.tmpfs_size && sys_fsconfig(fs, FSCONFIG_SET_STRING, "size", size) < 0)
		die("overlay tmpfs size=%s", size);
	if (sys_fsconfig(fs, FSCONFIG_SET_STRING, "mode", "0755") < 0 ||
	    sys_fsconfig(fs, FSCONFIG_CMD_CREATE, NULL, NULL) < 0)
		die("overlay tmpfs");
	int fd = sys_fsmount(fs, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV);
	if (fd < 0)
		die("overlay tmpfs: fsmount");
	close(fs);
	attach_over(s->root.path, fd, "tmpfs");
	return fd;
}

static int make_directory(int parent, const char *name)
{
	if (mkdirat(parent, name, 0755) < 0)
		die("tmpfs: mkdir %s", name);
	int fd = openat(parent, name, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		die("tmpfs: %s", name);
	return fd;
}

/*
 * A read-only overlay of the lower layers, to be the one lower layer of the real one: another superblock, so that an
 * upper directory inside a lower layer does not overlap it. Overlayfs wants two lower layers where there is no upper:
 * the second is an empty directory.
 */
static void stack_lower(const struct spec *s, int *layers, size_t *count, int scratch)
{
	layers[*count] = make_directory(scratch, "empty");
	int fs = new_overlay();
	set_lower(fs, layers, *count + 1);
	int fd = create_overlay(fs, &s->overlay, MOUNT_ATTR_RDONLY);
	attach_over(s->root.path, fd, "lower overlay");
	for (size_t i = 0; i <= *count; i++)
		close(layers[i]);
	layers[0] = fd;
	*count = 1;
}

static int open_overlay(const struct spec *s, uint64_t attributes)
{
	const struct overlay *o = &s->overlay;
	enum { MOST_LAYERS = 500 }; /* as overlayfs, OVL_MAX_STACK */
	int layers[MOST_LAYERS + 1];
	size_t count = o->lower.count;
	if (count > MOST_LAYERS)
		refuse("%zu lower layers: overlayfs takes at most %d", count, MOST_LAYERS);
	for (size_t i = 0; i < count; i++)
		layers[i] = open_directory(o->lower.items[i]);
	int upper = o->upper ? open_directory(o->upper) : -1, work = o->work ? open_directory(o->work) : -1;
	int scratch = o->tmpfs || o->stacked ? mount_scratch(s) : -1;
	if (o->tmpfs) {
		upper = make_directory(scratch, "upper");
		work = make_directory(scratch, "work");
	}
	if (o->stacked)
		stack_lower(s, layers, &count, scratch);
	int fs = new_overlay();
	set_lower(fs, layers, count);
	set_layer(fs, "upperdir", upper);
	set_layer(fs, "workdir", work);
	return create_overlay(fs, o, attributes);
}

static int open_as_it_is(const char *path, struct attributes a)
{
	int directory = open_directory(path);
	int fd = sys_open_tree_clone(directory, AT_RECURSIVE);
	if (fd < 0)
		die("open_tree %s", path);
	if (sys_mount_setattr(fd, 0, a.set, a.clear, 0) < 0)
		die("%s: mount_setattr", path);
	close(directory);
	return fd;
}

void mount_rootfs(struct container *c)
{
	const struct spec *s = c->spec;
	struct attributes a = attributes_of(&s->root_options, false);
	c->root = s->overlay.present ? open_overlay(s, a.set) : open_as_it_is(s->root.path, a);
	attach_over(s->root.path, c->root, "root");
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

void make_root_readonly(struct container *c)
{
	if (sys_mount_setattr(c->root, 0, MOUNT_ATTR_RDONLY, 0, 0) < 0)
		die("mount_setattr /");
}

void detail_rootfs(const struct spec *s)
{
	if (!s->overlay.present) {
		printf("      mount --rbind %s %s\n", s->root.path, s->root.path);
		return;
	}
	printf("      mount -t overlay overlay %s -o lowerdir=", s->root.path);
	for (size_t i = 0; i < s->overlay.lower.count; i++)
		printf("%s%s", i ? ":" : "", s->overlay.lower.items[i]);
	printf(",upperdir=%s,workdir=%s%s\n", s->overlay.tmpfs ? "(tmpfs)/upper" : s->overlay.upper,
	       s->overlay.tmpfs ? "(tmpfs)/work" : s->overlay.work, s->overlay.userxattr ? ",userxattr" : "");
}
