/* Errors: one line on stderr, and one in the log that the caller named, in the format that it reads. */
#ifndef REPORT_H
#define REPORT_H

#include "call.h"

#include <stdio.h>

/* Where to, from now on. */
void report_open(const struct call *call);
/* Exit code 1, runc's for all that went wrong, after what report_cleanup() said. */
void fatal(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));
void warn(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* fatal() with `: ` and errno's text. */
void fatal_errno(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));
/* What fatal() exits with: runc's exec has 255. */
void report_exit_code(int code);
/* What fatal() has to undo; NULL: nothing. */
void report_cleanup(void (*act)(void *), void *context);

/* TEXT as a JSON string. */
void json_print(FILE *to, const char *text);

#endif
