#include "layers.h"

#include "channel.h"
#include "procfs.h"
#include "rootfs.h"
#include "sys.h"
#include "text.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

static int open_user_namespace(pid_t child)
{
	char path[32];
	int proc = proc_open();
	text_format(path, sizeof(path), "%d/ns/user", (int)child);
	int fd = proc < 0 ? -1 : openat(proc, path, O_RDONLY | O_CLOEXEC);
	if (proc >= 0)
		close(proc);
	return fd;
}

static int send_layer(const char *path, int users, int channel, struct failure *f)
{
	int directory = openat(AT_FDCWD, path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	int mount = directory < 0 ? -1 : sys_open_tree_clone(directory, 0);
	int r = mount < 0 ? fail(f, "%s", path) : 0;
	if (r == 0 && sys_mount_idmap(mount, 0, users) < 0)
		r = fail(f, "%s: id-mapped mount", path);
	/* A child that is gone has told in the channel why. */
	if (r == 0 && channel_send_layer(channel, mount) < 0 && errno != EPIPE && errno != ECONNRESET)
		r = fail(f, "channel");
	close(directory);
	close(mount);
	return r;
}

/* Overlayfs wants its upper and its work directory in one mount. */
static int send_upper(const struct overlay *o, int users, int channel, struct failure *f)
{
	char parent[PATH_MAX];
	size_t length = (size_t)(strrchr(o->upper, '/') - o->upper);
	if (strncmp(o->upper, o->work, length + 1) || strchr(o->work + length + 1, '/'))
		return errno = 0, fail(f, "%s and %s are not in one directory", o->upper, o->work);
	if (text_format(parent, sizeof(parent), "%.*s", (int)length, o->upper) >= (int)sizeof(parent))
		return errno = ENAMETOOLONG, fail(f, "%s", o->upper);
	return send_layer(parent, users, channel, f);
}

int layers_send(const struct spec *s, pid_t child, int channel, struct failure *f)
{
	const struct overlay *o = &s->overlay;
	int users = open_user_namespace(child), r = users < 0 ? fail(f, "/proc/PID/ns/user") : 0;
	for (size_t i = 0; r == 0 && i < o->lower.count; i++)
		r = send_layer(o->lower.items[i], users, channel, f);
	if (r == 0 && o->upper)
		r = send_upper(o, users, channel, f);
	if (r == 0 && !o->present)
		r = send_layer(s->root.path, users, channel, f);
	close(users);
	return r;
}

/* Attached, for overlayfs takes no layer from a detached mount before Linux 6.15; the root will cover it. */
int layers_receive(const struct spec *s, int channel)
{
	int mount = channel_wait_layer(channel);
	if (mount < 0)
		refuse("the supervisor is gone");
	if (s->overlay.present)
		attach_over(root_point(s), mount, "layer");
	return mount;
}
