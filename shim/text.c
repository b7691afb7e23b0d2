#include "text.h"

#include <stdbool.h>
#include <string.h>

_Static_assert(sizeof(long) == sizeof(long long) && sizeof(long) == sizeof(size_t), "l, ll and z are all the same");

struct writer {
	text_sink *sink;
	void *context;
	va_list args;
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static void put_number(struct writer *w, unsigned long value, unsigned base, bool negative, int width)
{
	char text[64], *end = text + sizeof(text), *at = end;
	do
		*--at = "0123456789abcdef"[value % base];
	while (value /= base);
	while (end - at + negative < width && at > text + 1)
		*--at = '0';
	if (negative)
		*--at = '-';
	w->sink(w->context, at, (size_t)(end - at));
}

static void put_signed(struct writer *w, long value, int width)
{
	put_number(w, value < 0 ? 0 - (unsigned long)value : (unsigned long)value, 10, value < 0, width);
}

static void put_string(struct writer *w, int most)
{
	const char *text = va_arg(w->args, const char *);
	w->sink(w->context, text, most < 0 ? strlen(text) : strnlen(text, (size_t)most));
}

static void put_character(struct writer *w, char c)
{
	w->sink(w->context, &c, 1);
}

static unsigned base_of(char letter)
{
	return letter == 'x' ? 16 : letter == 'o' ? 8 : 10;
}

/* Between the percent sign and the letter. Returns the letter's place. */
static const char *read_width(struct writer *w, const char *at, int *width)
{
	bool given = *at == '*' || (at[0] == '.' && at[1] == '*');
	if (given)
		*width = va_arg(w->args, int);
	for (at += given ? 1 + (*at == '.') : 0; is_digit(*at); at++)
		*width = *width * 10 + *at - '0';
	return at;
}

/* AT: after the percent sign. Returns what follows the conversion. */
static const char *convert(struct writer *w, const char *at)
{
	int width = 0;
	bool cut = *at == '.', is_long = false;
	at = read_width(w, at + (*at == '0'), &width);
	for (; *at == 'l' || *at == 'z'; at++)
		is_long = true;
	const char letter = *at++;
	if (letter == 's')
		put_string(w, cut ? width : -1);
	else if (letter == 'c')
		put_character(w, (char)va_arg(w->args, int));
	else if (letter == '%')
		put_character(w, letter);
	else if (letter == 'd')
		put_signed(w, is_long ? va_arg(w->args, long) : va_arg(w->args, int), width);
	else if (letter == 'u' || letter == 'x' || letter == 'o')
		put_number(w, is_long ? va_arg(w->args, unsigned long) : va_arg(w->args, unsigned), base_of(letter),
			   false, width);
	else
		__builtin_trap(); /* a mistake in these sources, whoever is to be told */
	return at;
}

void text_write(text_sink *sink, void *context, const char *format, va_list args)
{
	struct writer w = {.sink = sink, .context = context};
	va_copy(w.args, args);
	while (*format) {
		const char *percent = strchrnul(format, '%');
		if (percent > format)
			sink(context, format, (size_t)(percent - format));
		format = *percent ? convert(&w, percent + 1) : percent;
	}
	va_end(w.args);
}

struct room {
	char *text;
	size_t size, length; /* the length may grow beyond the size */
};

static void put_in_room(void *context, const char *bytes, size_t length)
{
	struct room *r = context;
	if (r->length < r->size)
		memcpy(r->text + r->length, bytes, length < r->size - r->length ? length : r->size - r->length);
	r->length += length;
}

int text_vformat(char *text, size_t size, const char *format, va_list args)
{
	struct room r = {text, size, 0};
	text_write(put_in_room, &r, format, args);
	if (size)
		text[r.length < size ? r.length : size - 1] = '\0';
	return (int)r.length;
}

int text_format(char *text, size_t size, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	int length = text_vformat(text, size, format, args);
	va_end(args);
	return length;
}

const char *text_number(const char *text, uint64_t *number)
{
	if (!is_digit(*text))
		return NULL;
	for (*number = 0; is_digit(*text); text++) {
		const uint64_t digit = (uint64_t)(*text - '0');
		if (*number > (UINT64_MAX - digit) / 10)
			return NULL;
		*number = *number * 10 + digit;
	}
	return text;
}
