/* What the helper says on standard output, and on standard error to a person. Formats: text.h. */
#ifndef PRINT_H
#define PRINT_H

#include <stdbool.h>
#include <stddef.h>

/* To standard output, through a buffer: main() ends with print_flush(), as must whoever ends by _exit(). */
void print(const char *format, ...) __attribute__((format(printf, 1, 2)));
void print_bytes(const char *bytes, size_t length);
/* False if something of it all could not be written; errno tells why. */
bool print_flush(void);

/* A line to standard error, at once and in one write, so that lines of several processes stay whole. */
void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
