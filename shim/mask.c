/* Paths that the container must not read (masks) or not write. */
#include "dev.h"
#include "event.h"
#include "resolve.h"
#include "step.h"
#include "sys.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

/* -1 for what this kernel does not have. */
static int open_existing(int root, const char *path)
{
	int fd = open_in_root(root, path, 0);
	if (fd < 0 && errno != ENOENT && errno != ENOTDIR)
		die("%s", path);
	return fd;
}

void make_paths_readonly(struct container *c)
{
	for (size_t i = 0; i < c->spec->readonly_paths.count; i++) {
		const char *path = c->spec->readonly_paths.items[i];
		int target = open_existing(c->root, path);
		if (target < 0)
			continue;
		int copy = sys_open_tree_clone(target, AT_RECURSIVE);
		if (copy < 0 || sys_mount_setattr(copy, AT_RECURSIVE, MOUNT_ATTR_RDONLY, 0, 0) < 0 ||
		    sys_move_mount(copy, target) < 0)
			die("%s", path);
		close(copy);
		close(target);
	}
}

static int new_empty(void)
{
	int fs = sys_fsopen("tmpfs");
	if (fs < 0 || sys_fsconfig(fs, FSCONFIG_SET_STRING, "size", "0") < 0 ||
	    sys_fsconfig(fs, FSCONFIG_SET_STRING, "nr_inodes", "1") < 0 ||
	    sys_fsconfig(fs, FSCONFIG_SET_STRING, "mode", "0755") < 0 ||
	    sys_fsconfig(fs, FSCONFIG_SET_FLAG, "ro", NULL) < 0 ||
	    sys_fsconfig(fs, FSCONFIG_CMD_CREATE, NULL, NULL) < 0)
		die("tmpfs");
	int fd = sys_fsmount(fs, MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC);
	if (fd < 0)
		die("fsmount tmpfs");
	close(fs);
	return fd;
}

/* One tmpfs serves all directories: the first mask attaches it, the others are copies of that mount. */
static void mask_directory(int target, int *empty, const char *path)
{
	int mount = *empty < 0 ? new_empty() : sys_open_tree_clone(*empty, 0);
	if (mount < 0 || sys_move_mount(mount, target) < 0)
		die("%s", path);
	if (*empty < 0)
		*empty = mount;
	else
		close(mount);
}

static void mask_file(int target, int *null, int root, const char *path)
{
	if (*null < 0)
		*null = open_null(root);
	int mount = sys_open_tree_clone(*null, 0);
	if (mount < 0 || sys_move_mount(mount, target) < 0)
		die("%s", path);
	close(mount);
}

void mask_paths(struct container *c)
{
	int null = -1, empty = -1;
	for (size_t i = 0; i < c->spec->masked_paths.count; i++) {
		const char *path = c->spec->masked_paths.items[i];
		struct stat st;
		int target = open_existing(c->root, path);
		if (target < 0)
			continue;
		if (fstat(target, &st) < 0)
			die("%s: stat", path);
		if (S_ISDIR(st.st_mode))
			mask_directory(target, &empty, path);
		else
			mask_file(target, &null, c->root, path);
		close(target);
	}
	if (empty >= 0)
		close(empty);
	if (null >= 0)
		close(null);
}
