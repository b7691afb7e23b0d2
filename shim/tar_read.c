#include "event.h"
#include "tar.h"
#include "tar_format.h"
#include "text.h"

#include <string.h>
#include <unistd.h>

static char buffer[TAR_BUFFER];
static size_t at, filled;

/* Up to SIZE bytes of what comes next, at least one; NULL at the end. */
static const char *take(size_t *size)
{
	if (at == filled) {
		ssize_t n = read(0, buffer, sizeof(buffer));
		if (n < 0)
			die("standard input");
		at = 0;
		filled = (size_t)n;
	}
	if (*size > filled - at)
		*size = filled - at;
	at += *size;
	return *size ? buffer + at - *size : NULL;
}

static _Noreturn void cut_off(void)
{
	refuse("the archive ends early");
}

static void get(void *to, size_t length)
{
	for (size_t n; length > 0; length -= n, to = (char *)to + n) {
		const char *from = take((n = length, &n));
		if (from)
			memcpy(to, from, n);
		else
			cut_off();
	}
}

static void write_whole(int fd, const char *bytes, size_t length, const char *name)
{
	while (length > 0) {
		ssize_t n = write(fd, bytes, length);
		if (n < 0)
			die("%s", name);
		bytes += n;
		length -= (size_t)n;
	}
}

static void move(int fd, uint64_t size, const char *name)
{
	size_t n;
	for (uint64_t left = size; left > 0; left -= n) {
		n = left < TAR_BUFFER ? (size_t)left : TAR_BUFFER;
		const char *from = take(&n);
		if (!from)
			cut_off();
		if (fd >= 0)
			write_whole(fd, from, n, name);
	}
}

void tar_read_data(int fd, uint64_t size, const char *name)
{
	move(fd, size, name);
	move(-1, tar_padding(size), name);
}

static _Noreturn void malformed(void)
{
	refuse("this is no tar archive, or a damaged or a compressed one");
}

/* Octal, or as GNU tar writes what does not fit: a first bit, then binary. */
static uint64_t number(const char *field, size_t size)
{
	const unsigned char *f = (const unsigned char *)field;
	uint64_t value = 0;
	size_t i = 0;
	if (f[0] & 0x80) {
		for (i = 0; i < size; i++)
			if (value >> 54)
				malformed();
			else
				value = value << 8 | (i ? f[i] : f[i] & 0x7f);
		return value;
	}
	while (i < size && f[i] == ' ')
		i++;
	for (; i < size && f[i] >= '0' && f[i] <= '7'; i++)
		value = value << 3 | (uint64_t)(f[i] - '0'); /* 12 digits at most */
	if (i < size && f[i] && f[i] != ' ')
		malformed();
	return value;
}

/* Before 1970: a time that no one can mean. */
static uint64_t time_of(const struct tar_header *h)
{
	return h->mtime[0] & 0x80 ? 0 : number(h->mtime, sizeof(h->mtime));
}

static bool is_zero(const struct tar_header *h)
{
	const char *bytes = (const char *)h;
	return !*bytes && !memcmp(bytes, bytes + 1, sizeof(*h) - 1);
}

static void check_sum(struct tar_header *h)
{
	uint64_t said = number(h->checksum, sizeof(h->checksum)), sum = 0;
	memset(h->checksum, ' ', sizeof(h->checksum));
	for (size_t i = 0; i < sizeof(*h); i++)
		sum += ((const unsigned char *)h)[i];
	if (said != sum)
		malformed();
}

/* What stands before an entry and says more of it than its header can. */
static struct more {
	bool has_size, has_uid, has_gid;
	uint64_t size, uid, gid;
	char name[TAR_NAME_MAX], target[TAR_NAME_MAX];
} more;
static char records[2 * TAR_NAME_MAX];

static void set_text(char to[TAR_NAME_MAX], const char *text, size_t length)
{
	if (length >= TAR_NAME_MAX || memchr(text, '\0', length))
		malformed();
	memcpy(to, text, length);
	to[length] = '\0';
}

static uint64_t decimal(const char *text, char end)
{
	uint64_t n;
	const char *rest = text_number(text, &n);
	if (!rest || *rest != end || n >> 62)
		malformed();
	return n;
}

static void take_record(const char *key, const char *value, size_t length)
{
	if (!strncmp(key, "path=", 5))
		set_text(more.name, value, length);
	else if (!strncmp(key, "linkpath=", 9))
		set_text(more.target, value, length);
	else if (!strncmp(key, "size=", 5))
		more.size = decimal(value, '\n'), more.has_size = true;
	else if (!strncmp(key, "uid=", 4))
		more.uid = decimal(value, '\n'), more.has_uid = true;
	else if (!strncmp(key, "gid=", 4))
		more.gid = decimal(value, '\n'), more.has_gid = true;
	else if (!strncmp(key, "GNU.sparse.", 11))
		refuse("a sparse file in the archive (GNU tar's --sparse)");
}

/* `LENGTH KEY=VALUE\n` each. */
static void take_records(size_t size)
{
	records[size] = '\0';
	for (char *record = records, *end = records + size; record < end;) {
		uint64_t length = decimal(record, ' ');
		char *key = strchr(record, ' ') + 1;
		if (length > (size_t)(end - record) || record + length < key + 2 || record[length - 1] != '\n')
			malformed();
		char *value = memchr(key, '=', (size_t)(record + length - key));
		if (!value++)
			malformed();
		take_record(key, value, (size_t)(record + length - 1 - value));
		record += length;
	}
}

/* True if it was not an entry, but about the next one. */
static bool take_more(char type, uint64_t size)
{
	if (type == 'g')
		return tar_read_data(-1, size, "header"), true;
	if (type != 'x' && type != 'L' && type != 'K')
		return false;
	if (size >= sizeof(records))
		malformed();
	get(records, (size_t)size);
	move(-1, tar_padding(size), "header");
	records[size] = '\0';
	if (type == 'x')
		take_records((size_t)size);
	else
		set_text(type == 'L' ? more.name : more.target, records, strlen(records));
	return true;
}

static void take_names(const struct tar_header *h)
{
	bool posix = !memcmp(h->magic, "ustar\00000", sizeof(h->magic)) && h->prefix[0];
	if (!*more.name)
		text_format(more.name, sizeof(more.name), "%.*s%s%.*s", posix ? (int)sizeof(h->prefix) : 0, h->prefix,
			    posix ? "/" : "", (int)sizeof(h->name), h->name);
	if (!*more.target)
		text_format(more.target, sizeof(more.target), "%.*s", (int)sizeof(h->target), h->target);
}

static void take_header(const struct tar_header *h, struct tar_entry *e)
{
	take_names(h);
	size_t length = strlen(more.name);
	*e = (struct tar_entry){
		.type = h->type && h->type != '7' ? h->type : TAR_FILE,
		.mode = (mode_t)number(h->mode, sizeof(h->mode)) & 07777,
		.uid = more.has_uid ? more.uid : number(h->uid, sizeof(h->uid)),
		.gid = more.has_gid ? more.gid : number(h->gid, sizeof(h->gid)),
		.size = more.has_size ? more.size : number(h->size, sizeof(h->size)),
		.mtime = time_of(h),
		.name = more.name,
		.target = more.target,
	};
	if (e->type == TAR_FILE && length && more.name[length - 1] == '/')
		e->type = TAR_DIRECTORY;
}

bool tar_read_entry(struct tar_entry *entry)
{
	struct tar_header h;
	more.has_size = more.has_uid = more.has_gid = false;
	*more.name = *more.target = '\0';
	do {
		get(&h, sizeof(h));
		if (is_zero(&h)) {
			for (size_t n = TAR_BUFFER; take(&n); n = TAR_BUFFER)
				;
			return false;
		}
		check_sum(&h);
	} while (take_more(h.type, number(h.size, sizeof(h.size))));
	take_header(&h, entry);
	return true;
}
