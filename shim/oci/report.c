#include "report.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static int log_fd = -1, exit_code = 1;
static bool log_json;
static void (*cleanup)(void *);
static void *cleanup_context;

void report_cleanup(void (*act)(void *), void *context)
{
	cleanup = act;
	cleanup_context = context;
}

static _Noreturn void leave(void)
{
	void (*act)(void *) = cleanup;
	cleanup = NULL;
	if (act)
		act(cleanup_context);
	exit(exit_code);
}

void report_exit_code(int code)
{
	exit_code = code;
}

void json_print(FILE *to, const char *text)
{
	putc('"', to);
	for (const unsigned char *c = (const unsigned char *)text; *c; c++)
		if (*c == '"' || *c == '\\')
			fprintf(to, "\\%c", *c);
		else if (*c < 0x20 || *c == 0x7f)
			fprintf(to, "\\u%04x", *c);
		else
			putc(*c, to);
	putc('"', to);
}

static void write_log(const char *level, const char *message)
{
	char now[32], line[4096];
	time_t seconds = time(NULL);
	strftime(now, sizeof(now), "%Y-%m-%dT%H:%M:%SZ", gmtime(&seconds));
	FILE *to = log_fd < 0 ? NULL : fmemopen(line, sizeof(line) - 1, "w");
	if (!to)
		return;
	if (log_json) {
		fprintf(to, "{\"level\":\"%s\",\"msg\":", level);
		json_print(to, message);
		fprintf(to, ",\"time\":\"%s\"}\n", now);
	} else {
		fprintf(to, "time=\"%s\" level=%s msg=", now, level);
		json_print(to, message);
		putc('\n', to);
	}
	long length = ftell(to);
	fclose(to);
	/* One write, so that lines of two callers do not mix. */
	if (length > 0)
		(void)!write(log_fd, line, (size_t)length);
}

void report_open(const struct call *call)
{
	if (call->log_format && strcmp(call->log_format, "json") && strcmp(call->log_format, "text"))
		fatal("--log-format is text or json, not %s", call->log_format);
	log_json = call->log_format && !strcmp(call->log_format, "json");
	if (!call->log || !*call->log)
		return;
	log_fd = open(call->log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY, 0644);
	if (log_fd < 0)
		fatal_errno("--log %s", call->log);
}

static void tell(const char *level, const char *format, va_list args, int error)
{
	char message[2048];
	size_t length = (size_t)vsnprintf(message, sizeof(message), format, args);
	if (error && length < sizeof(message))
		snprintf(message + length, sizeof(message) - length, ": %s", strerror(error));
	fprintf(stderr, "minicontainer-oci: %s\n", message);
	write_log(level, message);
}

void warn(const char *format, ...)
{
	va_list args;
	va_start(args, format);
	tell("warning", format, args, 0);
	va_end(args);
}

void fatal(const char *format, ...)
{
	va_list args;
	va_start(args, format);
	tell("error", format, args, 0);
	va_end(args);
	leave();
}

void fatal_errno(const char *format, ...)
{
	int error = errno;
	va_list args;
	va_start(args, format);
	tell("error", format, args, error);
	va_end(args);
	leave();
}
