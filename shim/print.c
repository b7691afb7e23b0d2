#include "print.h"

#include "text.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static char buffer[4096];
static size_t used;
static int failure; /* errno of the first write that failed: after it nothing more is written */

static void write_all(const char *bytes, size_t length)
{
	while (length && !failure) {
		ssize_t n = write(1, bytes, length);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			failure = errno;
		else
			bytes += n, length -= (size_t)n;
	}
}

bool print_flush(void)
{
	write_all(buffer, used);
	used = 0;
	return failure ? (errno = failure, false) : true;
}

void print_bytes(const char *bytes, size_t length)
{
	if (length > sizeof(buffer) - used)
		print_flush();
	if (length > sizeof(buffer)) {
		write_all(bytes, length);
		return;
	}
	memcpy(buffer + used, bytes, length);
	used += length;
}

static void put(void *context, const char *bytes, size_t length)
{
	(void)context;
	print_bytes(bytes, length);
}

void print(const char *format, ...)
{
	va_list args;
	va_start(args, format);
	text_write(put, NULL, format, args);
	va_end(args);
}

void complain(const char *format, ...)
{
	char line[2048];
	va_list args;
	va_start(args, format);
	int length = text_vformat(line, sizeof(line), format, args);
	va_end(args);
	(void)!write(2, line, length < (int)sizeof(line) ? (size_t)length : sizeof(line) - 1);
}
