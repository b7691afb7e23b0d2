/* Feeds anything at all to the reader of base64: what it takes has one way to be written, and is not longer than
 * allowed. */
#include "../base64.h"

#include <stdlib.h>
#include <string.h>

enum { MOST = 64 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void encode(const uint8_t *bytes, size_t count, char *out)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < count; i += 3, out += 4) {
		const size_t here = count - i < 3 ? count - i : 3;
		uint32_t value = 0;

		for (size_t j = 0; j < 3; j++)
			value = value << 8 | (j < here ? bytes[i + j] : 0);
		for (size_t j = 0; j < 4; j++)
			out[j] = j <= here ? digits[value >> (18 - 6 * j) & 63] : '=';
	}
	*out = '\0';
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char text[MOST * 2], again[MOST * 2];
	uint8_t bytes[MOST];

	if (size >= sizeof(text))
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';

	const ssize_t count = base64_decode(text, bytes, sizeof(bytes));
	if (count != base64_decode(text, NULL, sizeof(bytes)) || count > MOST)
		abort();
	if (count < 0)
		return 0;
	encode(bytes, (size_t)count, again);
	if (strcmp(text, again) != 0)
		abort();
	return 0;
}
