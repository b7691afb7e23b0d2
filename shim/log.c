#include "log.h"

#include "clock.h"
#include "sys.h"
#include "text.h"

#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

int log_open(struct log *log, const char *path, uint64_t max_size, uint32_t files)
{
	struct stat st;
	*log = (struct log){.path = path, .max_size = max_size, .files = files ? files : 1};
	log->fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (log->fd < 0 || fstat(log->fd, &st) < 0)
		return -1;
	log->size = (uint64_t)st.st_size;
	return 0;
}

static const char *numbered(char name[PATH_MAX], const char *path, uint32_t number)
{
	text_format(name, PATH_MAX, number ? "%s.%u" : "%s", path, number);
	return name;
}

/* PATH becomes PATH.1, that PATH.2, and the last is dropped. */
static void rotate(struct log *log)
{
	char from[PATH_MAX], to[PATH_MAX];
	close(log->fd);
	for (uint32_t i = log->files - 1; i > 0; i--)
		(void)sys_rename(AT_FDCWD, numbered(from, log->path, i - 1), AT_FDCWD, numbered(to, log->path, i));
	if (log->files == 1)
		(void)unlink(log->path);
	if (log_open(log, log->path, log->max_size, log->files) < 0)
		log->fd = -1;
}

static int header(char text[64], enum stream stream, char tag)
{
	char now[CLOCK_TEXT];
	clock_utc(now, 9);
	return text_format(text, 64, "%s %s %c ", now, stream == STREAM_ERR ? "stderr" : "stdout", tag);
}

static void write_line(struct log *log, enum stream stream, char tag, const char *text, size_t length)
{
	char head[64];
	int n = header(head, stream, tag);
	struct iovec parts[] = {{head, (size_t)n}, {(void *)text, length}, {"\n", 1}};
	if (log->max_size && log->size && log->size + (size_t)n + length + 1 > log->max_size)
		rotate(log);
	ssize_t written = log->fd < 0 ? -1 : writev(log->fd, parts, 3);
	if (written > 0)
		log->size += (uint64_t)written;
}

void log_write(struct log *log, enum stream stream, const char *bytes, size_t length)
{
	while (length && log->fd >= 0) {
		const char *newline = memchr(bytes, '\n', length);
		size_t text = newline ? (size_t)(newline - bytes) : length;
		write_line(log, stream, newline ? 'F' : 'P', bytes, text);
		bytes += text + (newline ? 1 : 0);
		length -= text + (newline ? 1 : 0);
	}
}
