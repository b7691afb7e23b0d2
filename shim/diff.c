/*
 * What an overlay's upper layer changes, on stdout: `A /path` for what was added, `C` changed, `D` deleted, each with a
 * NUL at its end, in no order. The root shows the lower layers, and the upper one in a directory of its own.
 */
#include "event.h"
#include "print.h"
#include "resolve.h"
#include "step.h"
#include "walk.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

static void say(char kind, const struct walk *w)
{
	print("%c %s%c", kind, w->name, '\0');
}

static bool has(int dir, const char *name, struct stat *st)
{
	return dir >= 0 && fstatat(dir, name, st, AT_SYMLINK_NOFOLLOW) == 0;
}

/* Whether the lower layers do not show through the directory: kernel.org, filesystems/overlayfs. */
static bool is_opaque(int fd)
{
	char value;
	return (fgetxattr(fd, "trusted.overlay.opaque", &value, 1) == 1 ||
		fgetxattr(fd, "user.overlay.opaque", &value, 1) == 1) &&
	       value == 'y';
}

/* For an opaque directory: NAME is in the lower one. */
static void visit_lower(struct walk *w, int dir, const char *name)
{
	struct stat st;
	(void)dir;
	if (!has(w->other, name, &st))
		say('D', w);
}

static void visit_upper(struct walk *w, int dir, const char *name);

static void compare(struct walk *w, int upper, int lower)
{
	int before = w->other, hidden = lower >= 0 && is_opaque(upper) ? dup(lower) : -1;
	memcpy(w->name + w->length++, "/", 2);
	size_t length = w->length;
	if (hidden >= 0) {
		w->other = upper;
		w->visit = visit_lower;
		walk_through(w, hidden);
		w->visit = visit_upper;
		w->length = length;
	}
	w->other = lower;
	walk_through(w, upper);
	w->other = before;
	if (lower >= 0)
		close(lower);
}

static void visit_upper(struct walk *w, int dir, const char *name)
{
	struct stat upper, lower;
	bool was = has(w->other, name, &lower);
	if (!has(dir, name, &upper))
		return;
	if (S_ISCHR(upper.st_mode) && upper.st_rdev == makedev(0, 0)) {
		if (was)
			say('D', w);
		return;
	}
	say(was ? 'C' : 'A', w);
	if (!S_ISDIR(upper.st_mode))
		return;
	int fd = walk_open(dir, name);
	if (fd < 0)
		die("%s", w->name);
	compare(w, fd, was && S_ISDIR(lower.st_mode) ? walk_open(w->other, name) : -1);
}

void diff(struct container *c)
{
	static struct walk w; /* all zero, so that it takes no room in the program */
	int dir = open_in_root(c->root, c->spec->files.diff, O_DIRECTORY);
	int upper = dir < 0 ? -1 : walk_open(dir, "."), lower = walk_open(c->root, ".");
	if (upper < 0 || lower < 0)
		die("%s", c->spec->files.diff);
	w.visit = visit_upper;
	compare(&w, upper, lower);
	if (!print_flush())
		die("standard output");
	walk_done(c);
}
