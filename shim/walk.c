#include "walk.h"

#include "channel.h"
#include "event.h"
#include "memory.h"
#include "sys.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* Each takes some hundred bytes of the stack, and a descriptor (Node hands on its limit of those, the hard one). */
enum { MOST_LEVELS = 8192, LIST = 8192 };

/* As getdents64(2) fills it in. */
struct entry {
	uint64_t inode, offset;
	uint16_t length;
	uint8_t type;
	char name[];
};

int walk_open(int dir, const char *name)
{
	return openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
}

static void visit(struct walk *w, int fd, const char *name, size_t before)
{
	size_t length = strlen(name);
	if (!strcmp(name, ".") || !strcmp(name, ".."))
		return;
	if (before + length + 2 > sizeof(w->name))
		refuse("a path is longer than %zu bytes", sizeof(w->name));
	memcpy(w->name + before, name, length + 1);
	w->length = before + length;
	w->visit(w, fd, name);
	w->length = before;
	w->name[before] = '\0';
}

void walk_through(struct walk *w, int fd)
{
	char *list = memory_take(LIST);
	size_t before = w->length;
	ssize_t n;
	if (++w->depth > MOST_LEVELS)
		refuse("more than %d levels of directories", MOST_LEVELS);
	while ((n = sys_getdents(fd, list, LIST)) > 0)
		for (const char *at = list; at < list + n; at += ((const struct entry *)at)->length)
			visit(w, fd, ((const struct entry *)at)->name, before);
	if (n < 0)
		die("%s", w->name);
	w->depth--;
	memory_give(list, LIST);
	close(fd);
}

void walk_done(const struct container *c)
{
	channel_send_executing(c->channel);
	_exit(0);
}
