/*
 * mc-seccomp: a profile on stdin (JSON, flat), its filter on stdout (struct sock_filter[]). Apart from mc-init, for it
 * is five times its size, and its work is done once for each profile: what it makes is kept (src/host/seccomp.ts).
 */
#include "compile.h"

#include "../print.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum { EXIT_FAILED = 125 };

static int fail(const char *what, const char *why)
{
	complain("mc-seccomp: %s: %s\n", what, why);
	return EXIT_FAILED;
}

/* -1 with errno; a byte more than may be is enough to see that it is too much. */
static ssize_t read_all(int fd, char *buffer, size_t size)
{
	size_t length = 0;

	while (length < size) {
		const ssize_t n = read(fd, buffer + length, size - length);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? -1 : (ssize_t)length;
		length += (size_t)n;
	}
	return (ssize_t)length;
}

static int write_all(int fd, const char *bytes, size_t length)
{
	while (length) {
		const ssize_t n = write(fd, bytes, length);

		if (n < 0 && errno != EINTR)
			return -1;
		bytes += n > 0 ? n : 0;
		length -= n > 0 ? (size_t)n : 0;
	}
	return 0;
}

int main(int argc, char **argv)
{
	static char text[PROFILE_MAX_BYTES + 1];
	static struct program program;
	char error[JSON_ERROR_BYTES];
	struct profile profile;

	(void)argv;
	if (argc > 1)
		return fail("usage", "mc-seccomp <profile.json >filter");
	const ssize_t length = read_all(0, text, sizeof(text));
	if (length < 0)
		return fail("stdin", strerror(errno));

	const bool good = profile_read(text, (size_t)length, &profile, error) == 0 &&
			  profile_compile(&profile, &program, error) == 0;
	profile_free(&profile);
	if (!good)
		return fail("profile", error);
	return write_all(1, (const char *)program.instructions, program.length * sizeof(*program.instructions)) < 0
		       ? fail("stdout", strerror(errno))
		       : 0;
}
