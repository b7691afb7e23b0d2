#include "buffer.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* A write of this much to a pipe that polls as writable does not block (pipe(7), PIPE_BUF). */
enum { MOST_AT_ONCE = 4096 };

bool buffer_is_empty(const struct buffer *b)
{
	return b->start == b->end;
}

void buffer_clear(struct buffer *b)
{
	b->start = b->end = 0;
}

int buffer_fill(struct buffer *b, int fd)
{
	ssize_t n = read(fd, b->bytes, sizeof(b->bytes));
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (n <= 0)
		return -1;
	b->start = 0;
	b->end = (size_t)n;
	return 0;
}

int buffer_flush(struct buffer *b, int fd)
{
	size_t length = b->end - b->start;
	ssize_t n = write(fd, b->bytes + b->start, length < MOST_AT_ONCE ? length : MOST_AT_ONCE);
	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -1;
	b->start += (size_t)n;
	return 0;
}

void buffer_put(struct buffer *b, const char *bytes, size_t length)
{
	b->start = 0;
	b->end = length < sizeof(b->bytes) ? length : sizeof(b->bytes);
	memcpy(b->bytes, bytes, b->end);
}
