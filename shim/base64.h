#ifndef BASE64_H
#define BASE64_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * RFC 4648 with padding, and nothing besides: no white space, no bits that say nothing. How many bytes it was, or -1
 * where it is something else or more than SIZE. OUT may be NULL, to know the number only.
 */
ssize_t base64_decode(const char *text, uint8_t *out, size_t size);

#endif
