#include "event.h"
#include "tar.h"
#include "tar_format.h"
#include "text.h"

#include <string.h>
#include <unistd.h>

static char buffer[TAR_BUFFER];
static size_t used;

static void flush(void)
{
	for (size_t at = 0; at < used;) {
		ssize_t n = write(1, buffer + at, used - at);
		if (n < 0)
			die("standard output");
		at += (size_t)n;
	}
	used = 0;
}

/* Room for up to SIZE bytes, at least one. */
static char *room(size_t *size)
{
	if (used == sizeof(buffer))
		flush();
	if (*size > sizeof(buffer) - used)
		*size = sizeof(buffer) - used;
	return buffer + used;
}

/* BYTES may be NULL, for zeros. */
static void put(const void *bytes, size_t length)
{
	for (size_t n; length > 0; length -= n) {
		char *to = room((n = length, &n));
		if (bytes)
			memcpy(to, bytes, n), bytes = (const char *)bytes + n;
		else
			memset(to, 0, n);
		used += n;
	}
}

/* False where it does not fit, and then 0. */
static bool put_octal(char *field, size_t size, uint64_t value)
{
	bool fits = value >> (3 * (size - 1)) == 0;
	text_format(field, size, "%0*llo", (int)size - 1, fits ? (unsigned long long)value : 0);
	return fits;
}

static bool put_text(char *field, size_t size, const char *text)
{
	size_t length = strlen(text);
	memcpy(field, text, length < size ? length : size);
	return length <= size;
}

static void put_header(struct tar_header *h, char type)
{
	unsigned sum = 0;
	h->type = type;
	memcpy(h->magic, "ustar\00000", sizeof(h->magic));
	memset(h->checksum, ' ', sizeof(h->checksum));
	for (size_t i = 0; i < sizeof(*h); i++)
		sum += ((const unsigned char *)h)[i];
	put_octal(h->checksum, sizeof(h->checksum) - 1, sum);
	put(h, sizeof(*h));
}

static char records[2 * TAR_NAME_MAX];
static size_t recorded;

/* `LENGTH KEY=VALUE\n`, where LENGTH counts its own digits. */
static void record(const char *key, const char *value)
{
	size_t rest = strlen(key) + strlen(value) + 3, length = rest;
	for (size_t before = 0; before != length;) {
		before = length;
		length = rest + (size_t)text_format(NULL, 0, "%zu", before);
	}
	if (length < sizeof(records) - recorded)
		text_format(records + recorded, sizeof(records) - recorded, "%zu %s=%s\n", length, key, value);
	recorded += length;
}

static void record_number(const char *key, uint64_t value)
{
	char text[24];
	text_format(text, sizeof(text), "%llu", (unsigned long long)value);
	record(key, text);
}

static void put_records(void)
{
	struct tar_header h = {.name = "pax"};
	put_octal(h.size, sizeof(h.size), recorded);
	put_octal(h.mode, sizeof(h.mode), 0644);
	put_header(&h, 'x');
	put(records, recorded);
	put(NULL, tar_padding(recorded));
}

void tar_write_entry(const struct tar_entry *e)
{
	struct tar_header h = {0};
	recorded = 0;
	put_octal(h.mode, sizeof(h.mode), e->mode & 07777);
	if (!put_text(h.name, sizeof(h.name), e->name))
		record("path", e->name);
	if (!put_text(h.target, sizeof(h.target), e->target))
		record("linkpath", e->target);
	if (!put_octal(h.size, sizeof(h.size), e->size))
		record_number("size", e->size);
	if (!put_octal(h.uid, sizeof(h.uid), e->uid))
		record_number("uid", e->uid);
	if (!put_octal(h.gid, sizeof(h.gid), e->gid))
		record_number("gid", e->gid);
	(void)put_octal(h.mtime, sizeof(h.mtime), e->mtime);
	if (recorded)
		put_records();
	put_header(&h, e->type);
}

void tar_write_data(int fd, uint64_t size, const char *name)
{
	for (uint64_t left = size; left > 0;) {
		size_t n = left < sizeof(buffer) ? (size_t)left : sizeof(buffer);
		char *to = room(&n);
		ssize_t got = read(fd, to, n);
		if (got < 0)
			die("%s", name);
		if (got == 0)
			refuse("%s became shorter while it was read", name);
		used += (size_t)got;
		left -= (uint64_t)got;
	}
	put(NULL, tar_padding(size));
}

void tar_finish(void)
{
	put(NULL, 2 * sizeof(struct tar_header));
	flush();
}
