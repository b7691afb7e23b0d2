#include "base64.h"

#include <string.h>

static int digit_of(char c)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *found = c ? strchr(digits, c) : NULL;

	return found ? (int)(found - digits) : -1;
}

/* Four characters; how many bytes they stand for, or -1. */
static int read_group(const char *text, uint8_t bytes[3])
{
	uint32_t value = 0;
	int digits = 0;

	for (int digit; digits < 4 && (digit = digit_of(text[digits])) >= 0; digits++)
		value |= (uint32_t)digit << (18 - 6 * digits);
	for (int i = digits; i < 4; i++)
		if (text[i] != '=')
			return -1;
	for (int i = 0; i < 3; i++)
		bytes[i] = (uint8_t)(value >> (16 - 8 * i));
	/* The bits beyond the last byte are 0, so that there is one way to write each. */
	return digits < 2 || (digits == 2 && bytes[1]) || (digits == 3 && bytes[2]) ? -1 : digits - 1;
}

ssize_t base64_decode(const char *text, uint8_t *out, size_t size)
{
	const size_t length = strlen(text);
	size_t done = 0;

	if (length % 4)
		return -1;
	for (size_t at = 0; at < length; at += 4) {
		uint8_t bytes[3];
		const int count = read_group(text + at, bytes);

		if (count < 0 || (count < 3 && at + 4 < length) || done + (size_t)count > size)
			return -1;
		if (out)
			memcpy(out + done, bytes, (size_t)count);
		done += (size_t)count;
	}
	return (ssize_t)done;
}
