#include "utf8.h"

#include "util.h"

char *utf8_put(char *out, uint32_t c)
{
	if (c < 0x80) {
		*out++ = (char)c;
		return out;
	}
	if (c < 0x800) {
		*out++ = (char)(0xc0 | c >> 6);
	} else {
		if (c < 0x10000) {
			*out++ = (char)(0xe0 | c >> 12);
		} else {
			*out++ = (char)(0xf0 | c >> 18);
			*out++ = (char)(0x80 | (c >> 12 & 0x3f));
		}
		*out++ = (char)(0x80 | (c >> 6 & 0x3f));
	}
	*out++ = (char)(0x80 | (c & 0x3f));
	return out;
}

/* The length of the UTF-8 character at AT; 0 where there is none: overlong, a surrogate, beyond U+10FFFF, cut off. */
static size_t character_length(const unsigned char *at, size_t left)
{
	static const struct {
		unsigned char first, last, second_min, second_max, length;
	} forms[] = {
		{0x00, 0x7f, 0x00, 0x00, 1}, {0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3},
		{0xe1, 0xec, 0x80, 0xbf, 3}, {0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3},
		{0xf0, 0xf0, 0x90, 0xbf, 4}, {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4},
	};

	for (size_t i = 0; i < COUNT(forms); i++) {
		if (*at < forms[i].first || *at > forms[i].last || left < forms[i].length)
			continue;
		if (forms[i].length > 1 && (at[1] < forms[i].second_min || at[1] > forms[i].second_max))
			return 0;
		for (size_t j = 2; j < forms[i].length; j++)
			if ((at[j] & 0xc0) != 0x80)
				return 0;
		return forms[i].length;
	}
	return 0;
}

bool utf8_is_valid(const char *text, size_t length)
{
	const unsigned char *at = (const unsigned char *)text;

	for (size_t i = 0, n; i < length; i += n) {
		n = at[i] < 0x80 ? 1 : character_length(at + i, length - i);
		if (n == 0)
			return false;
	}
	return true;
}
