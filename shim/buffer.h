/* Bytes on their way from one descriptor to another, neither of which may block us. */
#ifndef BUFFER_H
#define BUFFER_H

#include <stdbool.h>
#include <stddef.h>

struct buffer {
	char bytes[16384];
	size_t start, end;
};

bool buffer_is_empty(const struct buffer *b);
void buffer_clear(struct buffer *b);
/* Takes up to its size from FD; call it when empty. -1 at the end of FD, or on an error other than "not now". */
int buffer_fill(struct buffer *b, int fd);
/* Gives some to FD, which has polled as writable. -1 if FD takes no more. */
int buffer_flush(struct buffer *b, int fd);
/* Room for all of it is there: call it when empty, with at most its size. */
void buffer_put(struct buffer *b, const char *bytes, size_t length);

#endif
