/* Feeds anything at all to the reader of tar archives: it ends, says why in one line, and keeps to its bounds. */
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static const uint8_t *input;
static size_t remaining;

/* In place of read(2) from standard input, in pieces of any size. */
static ssize_t take_input(int fd, void *to, size_t size)
{
	size_t n = size < remaining ? size : remaining;

	(void)fd;
	if (n > 700)
		n = 700;
	memcpy(to, input, n);
	input += n;
	remaining -= n;
	return (ssize_t)n;
}

#define read take_input
/* What it keeps between calls is its own, and must be set back. */
#include "../tar_read.c" /* NOLINT */
#undef read

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static jmp_buf ended;
static uint8_t archive[64 << 10];

/* Right sums for all blocks, or few inputs would get any further. Data that this changes is data still. */
static void mend(size_t size)
{
	for (size_t block = 0; block + sizeof(struct tar_header) <= size; block += sizeof(struct tar_header)) {
		struct tar_header *h = (struct tar_header *)(archive + block);
		unsigned sum = 0;

		if (is_zero(h))
			continue;
		memset(h->checksum, ' ', sizeof(h->checksum));
		for (size_t i = 0; i < sizeof(*h); i++)
			sum += archive[block + i];
		text_format(h->checksum, sizeof(h->checksum), "%o", sum);
	}
}

/* As event.c's, but that the process goes on. */
void die(const char *format, ...)
{
	(void)format;
	longjmp(ended, 1);
}

void refuse(const char *format, ...)
{
	(void)format;
	longjmp(ended, 1);
}

static void expect(int condition)
{
	if (!condition)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tar_entry entry;

	if (size > sizeof(archive))
		return 0;
	memcpy(archive, data, size);
	mend(size);
	input = archive;
	remaining = size;
	at = filled = 0;
	if (setjmp(ended))
		return 0;
	while (tar_read_entry(&entry)) {
		expect(entry.name && entry.target);
		expect(strlen(entry.name) < TAR_NAME_MAX && strlen(entry.target) < TAR_NAME_MAX);
		if (entry.type == TAR_FILE)
			tar_read_data(-1, entry.size, entry.name);
	}
	return 0;
}
