#ifndef UTF8_H
#define UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* RFC 3629: no overlong forms, no surrogates, nothing beyond U+10FFFF. */
bool utf8_is_valid(const char *text, size_t length);
/* Writes the 1 to 4 bytes of a character; returns where they end. */
char *utf8_put(char *out, uint32_t character);

#endif
