/*
 * Text without stdio: libc's printf brings floating point, wide characters and locks along, more code than all of the
 * container's set-up. Of its formats only these are known: %s %.*s %c %d %u %x %o %%, each number also with l, ll, z
 * and filled up with zeros (%04x, %0*llo). test/rules holds the sources to that.
 */
#ifndef TEXT_H
#define TEXT_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

/* As snprintf(3): returns the length that it would have with room enough. */
int text_format(char *text, size_t size, const char *format, ...) __attribute__((format(printf, 3, 4)));
int text_vformat(char *text, size_t size, const char *format, va_list args) __attribute__((format(printf, 3, 0)));

/* The same, piece by piece, to whoever takes them. */
typedef void text_sink(void *context, const char *bytes, size_t length);
void text_write(text_sink *sink, void *context, const char *format, va_list args) __attribute__((format(printf, 3, 0)));

/* The decimal number at the start of TEXT. Returns what follows it; NULL where there is none, or none that fits. */
const char *text_number(const char *text, uint64_t *number);

#endif
