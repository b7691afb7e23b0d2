/* /dev: nodes, links and the console. All made after pivot_root, on the container's own tmpfs; the image's /dev is
 * never followed if it is a link (CVE-2026-41579, CVE-2025-52565). */
#include "dev.h"
#include "channel.h"
#include "descriptors.h"
#include "event.h"
#include "print.h"
#include "resolve.h"
#include "step.h"
#include "sys.h"
#include "tty.h"

#include <errno.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <termios.h>
#include <unistd.h>

static mode_t type_of(char type)
{
	return type == 'b' ? S_IFBLK : type == 'p' ? S_IFIFO : S_IFCHR;
}

/* The directory of the last entry, kept open since the next is nearly always made in the same one. */
struct directory {
	int fd; /* -1: none yet */
	const char *path;
	size_t length;
};

/* Opens the directory that PATH is in, and finds PATH's last component. */
static void open_parent(struct directory *d, int root, const char *path, const char **name)
{
	size_t length = (size_t)(strrchr(path, '/') - path);
	*name = path + length + 1;
	if (d->fd >= 0 && d->length == length && !memcmp(d->path, path, length))
		return;
	close_end(&d->fd);
	*d = (struct directory){make_parent_in_root(root, path, name), path, length};
	if (d->fd < 0)
		die("%s", path);
}

/* A mount, or the image where it has a /dev of its own, may have put it there; then it stays as it is. */
static bool is_device(int dir, const char *name, const struct device *d)
{
	struct stat st;
	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && (st.st_mode & S_IFMT) == type_of(d->type) &&
	    (d->type == 'p' || st.st_rdev == makedev(d->major, d->minor)))
		return true;
	return errno = EEXIST, false;
}

void make_devices(struct container *c)
{
	struct directory dir = {.fd = -1};
	for (size_t i = 0; i < c->spec->devices.count; i++) {
		const struct device *d = &c->spec->devices.items[i];
		const char *name;
		open_parent(&dir, c->root, d->path, &name);
		if (mknodat(dir.fd, name, type_of(d->type) | d->mode, makedev(d->major, d->minor)) < 0) {
			if (errno != EEXIST || !is_device(dir.fd, name, d))
				die("%s: mknod", d->path);
			continue;
		}
		if ((d->uid || d->gid) && fchownat(dir.fd, name, d->uid, d->gid, AT_SYMLINK_NOFOLLOW) < 0)
			die("%s: chown", d->path);
	}
	close_end(&dir.fd);
}

/* Where an image's own /dev is used its links are there; they lead nowhere that the container could not go anyway. */
static bool is_link(int dir, const char *name)
{
	struct stat st;
	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(st.st_mode))
		return true;
	return errno = EEXIST, false;
}

void make_links(struct container *c)
{
	struct directory dir = {.fd = -1};
	for (size_t i = 0; i < c->spec->links.count; i++) {
		const struct link *l = &c->spec->links.items[i];
		const char *name;
		open_parent(&dir, c->root, l->path, &name);
		if (symlinkat(l->target, dir.fd, name) < 0 && (errno != EEXIST || !is_link(dir.fd, name)))
			die("%s", l->path);
	}
	close_end(&dir.fd);
}

int open_null(int root)
{
	struct stat st;
	int fd = open_in_root(root, "/dev/null", O_NOFOLLOW);
	if (fd < 0)
		die("/dev/null");
	if (fstat(fd, &st) < 0 || !S_ISCHR(st.st_mode) || st.st_rdev != makedev(1, 3))
		refuse("/dev/null of the container is not the null device");
	return fd;
}

/* Opens for reading and writing what the O_PATH descriptor FD is open on; not by /proc, which is the container's. */
static int reopen_ptmx(int root)
{
	struct stat st;
	struct statfs fs;
	uint64_t resolve = RESOLVE_IN_ROOT | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
	int fd = sys_openat2(root, "/dev/pts/ptmx", O_RDWR | O_NOCTTY | O_NONBLOCK, 0, resolve);
	if (fd < 0)
		die("/dev/pts/ptmx");
	if (fstat(fd, &st) < 0 || fstatfs(fd, &fs) < 0 || fs.f_type != DEVPTS_SUPER_MAGIC ||
	    st.st_rdev != makedev(5, 2))
		refuse("/dev/pts/ptmx of the container is not a devpts's");
	return fd;
}

static void bind_console(int root, int terminal)
{
	int node = sys_open_tree_clone(terminal, 0);
	if (node < 0)
		die("/dev/console: open_tree");
	int target = make_in_root(root, "/dev/console", TARGET_FILE);
	if (target < 0 || sys_move_mount(node, target) < 0)
		die("/dev/console");
	close(target);
	close(node);
}

/* Here and not in the supervisor, for the command must find it set: as the spec says, or as the caller's terminal is.
 */
static void set_console_size(const struct console_size *size, int master)
{
	struct winsize window = {.ws_row = (unsigned short)size->height, .ws_col = (unsigned short)size->width};
	if ((size->present || tty_size(&window)) && ioctl(master, TIOCSWINSZ, &window) < 0)
		die("TIOCSWINSZ");
}

/*
 * The pty comes from the container's own devpts, so that its name is true inside. Our end of it is got from the master
 * by ioctl (TIOCGPTPEER, Linux 4.13), not by opening a name in the container's /dev/pts.
 */
void open_console(struct container *c)
{
	int unlock = 0, master = reopen_ptmx(c->root);
	if (ioctl(master, TIOCSPTLCK, &unlock) < 0)
		die("TIOCSPTLCK");
	c->terminal = ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (c->terminal < 0)
		die("TIOCGPTPEER");
	if (fchown(c->terminal, c->spec->process.user.uid, (gid_t)-1) < 0)
		die("console: chown to %u", c->spec->process.user.uid);
	set_console_size(&c->spec->process.console_size, master);
	/* Who enters a container finds its console in place. */
	if (c->spec->root.path)
		bind_console(c->root, c->terminal);
	if (channel_send_terminal(c->channel, master) < 0)
		die("pass the pty's master on");
	close(master);
}

void detail_devices(const struct spec *s)
{
	for (size_t i = 0; i < s->devices.count; i++) {
		const struct device *d = &s->devices.items[i];
		print("      mknod -m %03o %s %c %u %u\n", (unsigned)d->mode, d->path, d->type, d->major, d->minor);
	}
}

void detail_links(const struct spec *s)
{
	for (size_t i = 0; i < s->links.count; i++)
		print("      ln -s %s %s\n", s->links.items[i].target, s->links.items[i].path);
}
