#include "walk.h"

#include "channel.h"
#include "event.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* Each takes some hundred bytes of the stack, and a descriptor (Node hands on its limit of those, the hard one). */
enum { MOST_LEVELS = 8192 };

int walk_open(int dir, const char *name)
{
	return openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
}

void walk_through(struct walk *w, int fd)
{
	DIR *list = fdopendir(fd);
	if (!list)
		die("%s", w->name);
	if (++w->depth > MOST_LEVELS)
		refuse("more than %d levels of directories", MOST_LEVELS);
	size_t before = w->length;
	for (struct dirent *entry; (errno = 0, entry = readdir(list)) != NULL;) {
		size_t length = strlen(entry->d_name);
		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		if (before + length + 2 > sizeof(w->name))
			refuse("a path is longer than %zu bytes", sizeof(w->name));
		memcpy(w->name + before, entry->d_name, length + 1);
		w->length = before + length;
		w->visit(w, fd, entry->d_name);
		w->length = before;
		w->name[before] = '\0';
	}
	if (errno)
		die("%s", w->name);
	w->depth--;
	closedir(list);
}

void walk_done(const struct container *c)
{
	channel_send_executing(c->channel);
	_exit(0);
}
