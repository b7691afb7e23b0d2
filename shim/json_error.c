/* Error messages that name the place by its JSON pointer (RFC 6901). */
#include "json.h"
#include "text.h"
#include "utf8.h"

#include <stdarg.h>
#include <string.h>

/* A longer pointer is cut off, so that there is always room for what is wrong. */
#define POINTER_BYTES 360
#define WHOLE         "(document)"

struct writer {
	char *text;
	size_t length, size;
};

static void put(struct writer *w, const char *text, size_t length)
{
	/* Once something did not fit, nothing after it is written either. */
	if (length > w->size - w->length) {
		w->size = w->length;
		return;
	}
	memcpy(w->text + w->length, text, length);
	w->length += length;
}

/* A whole UTF-8 character at a time, so that cutting never leaves half of one. */
static void put_key(struct writer *w, const char *key)
{
	while (*key) {
		size_t length = 1;

		while (((unsigned char)key[length] & 0xc0) == 0x80)
			length++;
		if (*key == '~')
			put(w, "~0", 2);
		else if (*key == '/')
			put(w, "~1", 2);
		else
			put(w, key, length);
		key += length;
	}
}

/* As deep as the document: at most SPEC_MAX_DEPTH. */
static void put_path(struct writer *w, const struct json_path *at)
{
	char index[24];

	if (!at)
		return;
	put_path(w, at->up);
	put(w, "/", 1);
	if (at->key)
		put_key(w, at->key);
	else
		put(w, index, (size_t)text_format(index, sizeof(index), "%zu", at->index));
}

/* What is quoted may not have fitted: half a character is none. */
static void cut_half_character(char *text)
{
	size_t end = strlen(text), start = end;
	while (start && ((unsigned char)text[start - 1] & 0xc0) == 0x80)
		start--;
	if (start && !utf8_is_valid(text + start - 1, end - start + 1))
		text[start - 1] = '\0';
}

bool json_error(char error[static JSON_ERROR_BYTES], const struct json_path *at, const char *format, ...)
{
	struct writer w = {error, 0, POINTER_BYTES};
	va_list arguments;

	put_path(&w, at);
	if (!at)
		put(&w, WHOLE, strlen(WHOLE));
	if (w.size < POINTER_BYTES) {
		memcpy(error + w.length, "...", 3);
		w.length += 3;
	}
	memcpy(error + w.length, ": ", 2);
	w.length += 2;
	va_start(arguments, format);
	text_vformat(error + w.length, JSON_ERROR_BYTES - w.length, format, arguments);
	va_end(arguments);
	cut_half_character(error);
	/* A key may hold a newline; a message may not. */
	for (char *c = error; *c; c++)
		if ((unsigned char)*c < 0x20 || *c == 0x7f)
			*c = '?';
	return false;
}
