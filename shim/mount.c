/*
 * Mounts. Each is made detached, before pivot_root, while the host's paths can still be named and while the old /proc
 * and /sys are there (a user namespace may mount its own only next to fully visible ones: mount_namespaces(7), "mount
 * visibility"). It is attached after pivot_root, when no path can lead to the host any more.
 */
#include "mount.h"

#include "copyup.h"
#include "event.h"
#include "memory.h"
#include "names.h"
#include "network.h"
#include "print.h"
#include "procfs.h"
#include "resolve.h"
#include "step.h"
#include "sys.h"

#include <errno.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#define COPY_UP      "tmpcopyup"
#define INHERIT_MODE "mode=inherit"

void make_private(struct container *c)
{
	uint64_t how = c->spec->root_propagation & (MS_SHARED | MS_SLAVE);
	/* What is unbindable could not be copied: that comes last. */
	if (sys_set_propagation("/", MS_REC | (how ? how : MS_PRIVATE)) < 0)
		die("/");
}

struct attributes attributes_of(const struct strings *options, bool recursive)
{
	struct attributes a = {0};
	for (size_t i = 0; i < options->count; i++) {
		const struct mount_option *o = mount_option_find(options->items[i]);
		if (!o || o->recursive != recursive)
			continue;
		a.set = (a.set & ~o->clear) | o->set;
		a.clear = (a.clear & ~o->set) | o->clear;
		if (o->propagation)
			a.propagation = o->propagation;
	}
	return a;
}

static bool has_option(const struct mount *m, const char *name)
{
	for (size_t i = 0; i < m->options.count; i++)
		if (!strcmp(m->options.items[i], name))
			return true;
	return false;
}

static void set_attributes(int fd, const struct mount *m, bool recursive)
{
	struct attributes a = attributes_of(&m->options, recursive);
	if (!a.set && !a.clear && !a.propagation)
		return;
	if (sys_mount_setattr(fd, recursive ? AT_RECURSIVE : 0, a.set, a.clear, a.propagation) < 0)
		die("%s: mount_setattr", m->destination);
}

static int open_bind(const struct container *c, const struct mount *m)
{
	int outside = outside_of(c->outside, (size_t)(m - c->spec->mounts.items));
	if (outside >= 0) {
		set_attributes(outside, m, true);
		set_attributes(outside, m, false);
		return outside;
	}
	int source = openat(AT_FDCWD, m->source, O_PATH | O_CLOEXEC);
	if (source < 0)
		die("%s: %s", m->destination, m->source);
	int fd = sys_open_tree_clone(source, has_option(m, "rbind") ? AT_RECURSIVE : 0);
	if (fd < 0)
		die("%s: open_tree %s", m->destination, m->source);
	close(source);
	set_attributes(fd, m, true);
	set_attributes(fd, m, false);
	return fd;
}

/* What is not a mount attribute is the file system's own: `size=1m`, `newinstance`. */
static void configure(int fs, const struct mount *m, char *option)
{
	char *equals = strchr(option, '=');
	if (equals)
		*equals = '\0';
	int r = sys_fsconfig(fs, equals ? FSCONFIG_SET_STRING : FSCONFIG_SET_FLAG, option, equals ? equals + 1 : NULL);
	if (equals)
		*equals = '=';
	if (r < 0)
		die("%s: option %s of %s", m->destination, option, m->type);
}

/* For attach(), not for the file system. */
static bool is_ours(const char *option)
{
	return !strcmp(option, COPY_UP) || !strcmp(option, INHERIT_MODE);
}

/* A tmpfs begins empty: mount points, nodes and links are made in it, and only then it becomes read-only. */
static bool is_filled(const struct mount *m)
{
	return !strcmp(m->type, "tmpfs") && (attributes_of(&m->options, false).set & MOUNT_ATTR_RDONLY);
}

static int open_filesystem(const struct mount *m)
{
	int fs = sys_fsopen(m->type);
	if (fs < 0)
		die("%s: fsopen %s", m->destination, m->type);
	if (m->source && sys_fsconfig(fs, FSCONFIG_SET_STRING, "source", m->source) < 0)
		die("%s: source %s", m->destination, m->source);
	for (size_t i = 0; i < m->options.count; i++)
		if (!mount_option_find(m->options.items[i]) && !is_ours(m->options.items[i]))
			configure(fs, m, m->options.items[i]);
	if (sys_fsconfig(fs, FSCONFIG_CMD_CREATE, NULL, NULL) < 0)
		die("%s: %s", m->destination, m->type);
	struct attributes a = attributes_of(&m->options, false), r = attributes_of(&m->options, true);
	uint64_t late = is_filled(m) ? MOUNT_ATTR_RDONLY : 0;
	int fd = sys_fsmount(fs, (a.set | r.set) & ~late);
	if (fd < 0)
		die("%s: fsmount %s", m->destination, m->type);
	uint64_t propagation = a.propagation | r.propagation;
	if (propagation && sys_mount_setattr(fd, 0, 0, 0, propagation) < 0)
		die("%s: propagation", m->destination);
	close(fs);
	return fd;
}

void open_sources(struct container *c)
{
	const struct mounts *mounts = &c->spec->mounts;
	c->reserved = memory_take(mounts->count * (sizeof(*c->reserved) + sizeof(*c->mounts)));
	c->mounts = (int *)(c->reserved + mounts->count);
	for (size_t i = 0; i < mounts->count; i++) {
		const struct mount *m = &mounts->items[i];
		if (strcmp(m->type, "sysfs") || !network_is_beside(c->spec))
			c->mounts[i] = strcmp(m->type, "bind") ? open_filesystem(m) : open_bind(c, m);
		else
			c->mounts[i] = -1;
		if (!strcmp(m->type, "proc") && c->proc < 0)
			c->proc = c->mounts[i];
	}
	/* No procfs of our own: then the host's, which is as it is only until pivot_root. */
	if (c->proc < 0 && (c->proc = proc_open()) < 0)
		die("/proc");
}

/*
 * A link of the image's that leads into /dev, /proc or /sys, by another name, would put a volume where the container's
 * own is: device nodes would then be made in the host's directory.
 */
static void refuse_detour(const struct container *c, const char *destination, int target)
{
	if (is_reserved(destination))
		return;
	int64_t id = sys_mount_id(target, "");
	for (size_t i = 0; i < c->spec->mounts.count; i++)
		if (c->reserved[i] > 0 && c->reserved[i] == id)
			refuse("%s leads to %s of the container's own", destination,
			       c->spec->mounts.items[i].destination);
}

/* Files that only tell of the machine, which lxcfs tells of the container instead; runc's list. */
static bool may_lie_in_proc(const char *destination)
{
	static const char *const files[] = {"cpuinfo", "diskstats", "meminfo",  "stat",    "swaps",
					    "uptime",  "loadavg",   "slabinfo", "net/dev", "sys/kernel/ns_last_pid"};
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++)
		if (!strncmp(destination, "/proc/", 6) && !strcmp(destination + 6, files[i]))
			return true;
	return false;
}

void attach_at(const struct container *c, const char *destination, int mount, int target)
{
	struct statfs fs;
	/* A file of someone's choice in place of /proc/self/attr/exec or /proc/sys would make confinement a lie. */
	if (fstatfs(target, &fs) < 0)
		die("%s: statfs", destination);
	if (fs.f_type == PROC_SUPER_MAGIC && !may_lie_in_proc(destination))
		refuse("%s is in a procfs: nothing may be mounted there", destination);
	refuse_detour(c, destination, target);
	if (sys_move_mount(mount, target) < 0)
		die("%s: move_mount", destination);
	close(target);
}

/* A tmpfs that is to look like what it lies over. */
static void take_after(const struct mount *m, int fd, int target)
{
	struct stat st;
	if (has_option(m, COPY_UP))
		copy_up(target, fd, m->destination);
	if (!has_option(m, INHERIT_MODE))
		return;
	int directory = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (directory < 0 || fstat(target, &st) < 0 || fchmod(directory, st.st_mode & 07777) < 0)
		die("%s: mode", m->destination);
	close(directory);
}

static bool is_there(int root, const char *path)
{
	int fd = open_in_root(root, path, 0);
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static void attach(struct container *c, const struct mount *m, int fd)
{
	/* What only becomes a mount point has nothing to hand down. */
	bool is_heir = (has_option(m, COPY_UP) || has_option(m, INHERIT_MODE)) && is_there(c->root, m->destination);
	struct stat st;
	if (fstat(fd, &st) < 0)
		die("%s: stat", m->destination);
	int target = make_in_root(c->root, m->destination, S_ISDIR(st.st_mode) ? TARGET_DIRECTORY : TARGET_FILE);
	if (target < 0)
		die("%s", m->destination);
	if (is_heir && S_ISDIR(st.st_mode))
		take_after(m, fd, target);
	attach_at(c, m->destination, fd, target);
	if (is_reserved(m->destination))
		c->reserved[m - c->spec->mounts.items] = sys_mount_id(fd, "");
}

void attach_mounts(struct container *c)
{
	for (size_t i = 0; i < c->spec->mounts.count; i++) {
		if (c->mounts[i] < 0) {
			join_network(c);
			c->mounts[i] = open_filesystem(&c->spec->mounts.items[i]);
		}
		attach(c, &c->spec->mounts.items[i], c->mounts[i]);
		if (c->mounts[i] != c->proc && !is_filled(&c->spec->mounts.items[i]))
			close(c->mounts[i]);
	}
}

bool has_filled_mounts(const struct spec *s)
{
	for (size_t i = 0; i < s->mounts.count; i++)
		if (is_filled(&s->mounts.items[i]))
			return true;
	return false;
}

void make_mounts_readonly(struct container *c)
{
	for (size_t i = 0; i < c->spec->mounts.count; i++) {
		const struct mount *m = &c->spec->mounts.items[i];
		if (!is_filled(m))
			continue;
		if (sys_mount_setattr(c->mounts[i], 0, MOUNT_ATTR_RDONLY, 0, 0) < 0)
			die("%s: mount_setattr", m->destination);
		close(c->mounts[i]);
	}
}

void detail_mounts(const struct spec *s)
{
	for (size_t i = 0; i < s->mounts.count; i++) {
		const struct mount *m = &s->mounts.items[i];
		bool bind = !strcmp(m->type, "bind");
		print("      mount %s%s %s %s -o ", bind ? "--bind" : "-t ", bind ? "" : m->type,
		      m->source ? m->source : "none", m->destination);
		for (size_t j = 0; j < m->options.count; j++)
			print("%s%s", j ? "," : "", m->options.items[j]);
		print("\n");
	}
}
