/*
 * Overlayfs is given its directories as /proc/self/fd/N: the descriptors were opened before anything was mounted, and
 * no path has to be escaped into an option string (a directory named `a,upperdir=c` is only a name).
 */
#include "overlay.h"

#include "event.h"
#include "layers.h"
#include "memory.h"
#include "rootfs.h"
#include "sys.h"
#include "text.h"

#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What fsconfig(2) takes as a string value, with its NUL. */
enum { VALUE_MAX = 256 };

static void set_layer(int fs, const char *key, int layer)
{
	char path[32];
	text_format(path, sizeof(path), "/proc/self/fd/%d", layer);
	if (sys_fsconfig(fs, FSCONFIG_SET_STRING, key, path) < 0)
		die("overlay %s", key);
}

/* All in one `lowerdir`, which every kernel knows, if they fit; else one `lowerdir+` each (Linux 6.5). */
static void set_lower(int fs, const int *layers, size_t count)
{
	char joined[VALUE_MAX];
	size_t length = 0;
	for (size_t i = 0; i < count && length < sizeof(joined); i++)
		length += (size_t)text_format(joined + length, sizeof(joined) - length, "%s/proc/self/fd/%d",
					      i ? ":" : "", layers[i]);
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
	text_format(size, sizeof(size), "%llu", (unsigned long long)s->overlay.tmpfs_size);
	if (s->overlay.tmpfs_size && sys_fsconfig(fs, FSCONFIG_SET_STRING, "size", size) < 0)
		die("overlay tmpfs size=%s", size);
	if (sys_fsconfig(fs, FSCONFIG_SET_STRING, "mode", "0755") < 0 ||
	    sys_fsconfig(fs, FSCONFIG_CMD_CREATE, NULL, NULL) < 0)
		die("overlay tmpfs");
	int fd = sys_fsmount(fs, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV);
	if (fd < 0)
		die("overlay tmpfs: fsmount");
	close(fs);
	attach_over(root_point(s), fd, "tmpfs");
	return fd;
}

/* With the mode of LIKE: what overlayfs shows of a merged directory is the upper one's. */
static int make_directory(int parent, const char *name, int like)
{
	struct stat st = {.st_mode = 0755};
	if (like >= 0 && fstat(like, &st) < 0)
		die("tmpfs: stat for %s", name);
	if (mkdirat(parent, name, st.st_mode & 07777) < 0)
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
	layers[*count] = make_directory(scratch, "empty", -1);
	int fs = new_overlay();
	set_lower(fs, layers, *count + 1);
	int fd = create_overlay(fs, &s->overlay, MOUNT_ATTR_RDONLY);
	attach_over(root_point(s), fd, "lower overlay");
	for (size_t i = 0; i <= *count; i++)
		close(layers[i]);
	layers[0] = fd;
	*count = 1;
}

static int open_layer(struct container *c, const char *path)
{
	return c->spec->idmap ? layers_receive(c->spec, c->channel) : open_directory(path);
}

/* Of the layer that has both, UPPER and WORK. */
static void open_upper(struct container *c, int *upper, int *work)
{
	const struct overlay *o = &c->spec->overlay;
	if (!c->spec->idmap) {
		*upper = open_directory(o->upper);
		*work = open_directory(o->work);
		return;
	}
	int both = layers_receive(c->spec, c->channel);
	*upper = openat(both, strrchr(o->upper, '/') + 1, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	*work = openat(both, strrchr(o->work, '/') + 1, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (*upper < 0 || *work < 0)
		die("%s and %s", o->upper, o->work);
	close(both);
}

static int open_whole(struct container *c, uint64_t attributes)
{
	const struct spec *s = c->spec;
	const struct overlay *o = &s->overlay;
	enum { MOST_LAYERS = 500 }; /* as overlayfs, OVL_MAX_STACK */
	int layers[MOST_LAYERS + 1];
	size_t count = o->lower.count;
	if (count > MOST_LAYERS)
		refuse("%zu lower layers: overlayfs takes at most %d", count, MOST_LAYERS);
	for (size_t i = 0; i < count; i++)
		layers[i] = open_layer(c, o->lower.items[i]);
	int upper = -1, work = -1;
	if (o->upper)
		open_upper(c, &upper, &work);
	int scratch = o->tmpfs || o->stacked ? mount_scratch(s) : -1;
	if (o->tmpfs) {
		upper = make_directory(scratch, "upper", layers[0]);
		work = make_directory(scratch, "work", -1);
	}
	if (o->stacked)
		stack_lower(s, layers, &count, scratch);
	int fs = new_overlay();
	set_lower(fs, layers, count);
	set_layer(fs, "upperdir", upper);
	set_layer(fs, "workdir", work);
	return create_overlay(fs, o, attributes);
}

/* One of the parts: its own overlay, with directories of its own number on the tmpfs, on a directory of the new root.
 */
static void mount_part(const struct spec *s, int root, const int scratch[2], size_t number, int lower,
		       uint64_t attributes)
{
	char name[24];
	const char *part = s->overlay.parts.items[number];
	text_format(name, sizeof(name), "%zu", number);
	int target = make_directory(root, part + 1, -1), fs = new_overlay();
	set_lower(fs, &lower, 1);
	set_layer(fs, "upperdir", make_directory(scratch[0], name, lower));
	set_layer(fs, "workdir", make_directory(scratch[1], name, -1));
	int fd = create_overlay(fs, &s->overlay, attributes);
	if (sys_move_mount(fd, target) < 0)
		die("overlay at %s", part);
	close(fd);
	close(target);
	close(lower);
}

/*
 * A lower layer with mounts below it can't be overlaid as a whole in a user namespace: the kernel does not let it be
 * seen without them (mount_namespaces(7), "locked"). So those of its directories that have none get an overlay each.
 */
static int open_parts(const struct spec *s, uint64_t attributes)
{
	size_t count = s->overlay.parts.count;
	char path[PATH_MAX];
	int *lower = memory_take(count * sizeof(*lower));
	for (size_t i = 0; i < count; i++) {
		text_format(path, sizeof(path), "%s%s", s->overlay.lower.items[0], s->overlay.parts.items[i]);
		lower[i] = open_directory(path);
	}
	int hidden = mount_scratch(s);
	const int scratch[2] = {make_directory(hidden, "upper", -1), make_directory(hidden, "work", -1)};
	int root = mount_scratch(s);
	for (size_t i = 0; i < count; i++)
		mount_part(s, root, scratch, i, lower[i], attributes);
	memory_give(lower, count * sizeof(*lower));
	return root;
}

int overlay_open(struct container *c, uint64_t attributes)
{
	if (c->spec->overlay.parts.count && c->spec->idmap)
		refuse("parts of a root file system cannot be id-mapped");
	return c->spec->overlay.parts.count ? open_parts(c->spec, attributes) : open_whole(c, attributes);
}
