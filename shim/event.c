#include "event.h"

#include "channel.h"
#include "names.h"
#include "print.h"
#include "procfs.h"
#include "text.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

static int status = -1, channel = -1;
static const char *current_phase = "host", *current_step = "start";

void event_open(int status_fd)
{
	status = status_fd;
}

void at_step(const char *phase, const char *step)
{
	current_phase = phase;
	current_step = step;
}

void report_to(int fd)
{
	channel = fd;
}

/* One write a line, so that lines never interleave. A reader that went away is not a reason to end the container. */
static void say(const char *line, int length)
{
	if (status >= 0 && write(status, line, (size_t)length) < 0)
		status = -1;
}

/* TEXT as a JSON string into OUT; what would not fit is left off whole, never cut inside an escape. */
static void quote(char *out, size_t size, const char *text)
{
	char *end = out + size - 8;
	*out++ = '"';
	for (const unsigned char *c = (const unsigned char *)text; *c && out < end; c++) {
		if (*c == '"' || *c == '\\')
			*out++ = '\\', *out++ = (char)*c;
		else if (*c < 0x20 || *c == 0x7f)
			out += text_format(out, 7, "\\u%04x", *c);
		else
			*out++ = (char)*c;
	}
	*out++ = '"';
	*out = '\0';
}

void event_created(pid_t pid)
{
	char line[96];
	/* When it started is read from a file: not if nobody is told. */
	if (status < 0)
		return;
	say(line, text_format(line, sizeof(line), "{\"event\":\"created\",\"pid\":%d,\"startTime\":%llu}\n", (int)pid,
			      proc_start_time(pid)));
}

void event_started(void)
{
	say("{\"event\":\"started\"}\n", 20);
}

static char last[2560];

const char *event_exited(bool signalled, int code_or_signal, bool timed_out, bool oom)
{
	text_format(last, sizeof(last), "{\"event\":\"exited\",\"%s\":%d%s%s}\n", signalled ? "signal" : "code",
		    code_or_signal, timed_out ? ",\"timeout\":true" : "", oom ? ",\"oom\":true" : "");
	return last;
}

void event_say(const char *line)
{
	say(line, (int)strlen(line));
}

void event_trace(const char *phase, const char *step, uint64_t microseconds)
{
	char line[128];
	int n = text_format(line, sizeof(line), "{\"event\":\"trace\",\"phase\":\"%s\",\"step\":\"%s\",\"us\":%llu}\n",
			    phase, step, (unsigned long long)microseconds);
	if (status >= 0)
		say(line, n);
	else
		complain("mc-init: trace: %s/%s %llu us\n", phase, step, (unsigned long long)microseconds);
}

const char *event_failed(const struct failure *f)
{
	const char *advice = hint(f->step, f->error);
	const char *name = f->error ? name_of(errno_names, (uint64_t)f->error) : NULL;
	char message[1200], quoted_hint[512] = "";
	quote(message, sizeof(message), f->message);
	if (advice)
		quote(quoted_hint, sizeof(quoted_hint), advice);
	text_format(last, sizeof(last),
		    "{\"event\":\"error\",\"phase\":\"%s\",\"step\":\"%s\"%s%s%s,\"message\":%s%s%s,\"exitCode\":%d}\n",
		    f->phase, f->step, name ? ",\"errno\":\"" : "", name ? name : "", name ? "\"" : "", message,
		    advice ? ",\"hint\":" : "", quoted_hint, f->exit_code);
	return last;
}

void event_error(const struct failure *f)
{
	const char *advice = hint(f->step, f->error);
	if (status >= 0) {
		event_say(event_failed(f));
		return;
	}
	complain("mc-init: %s\n", f->message);
	if (advice)
		complain("hint: %s\n", advice);
}

static void describe(struct failure *f, int error, int exit_code, const char *format, va_list args)
{
	*f = (struct failure){.phase = current_phase, .step = current_step, .error = error, .exit_code = exit_code};
	int n = text_format(f->message, sizeof(f->message), "%s: ", current_step);
	size_t room = sizeof(f->message) - (size_t)n;
	int m = text_vformat(f->message + n, room, format, args);
	if (error && m >= 0 && (size_t)m < room)
		text_format(f->message + n + m, room - (size_t)m, ": %s", strerror(error));
	/* One line, and nothing that a terminal would obey: names of the user's and the image's are in it. */
	for (char *c = f->message; *c; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			*c = '?';
}

void give_up(const struct failure *f)
{
	if (channel >= 0)
		channel_send_failure(channel, f);
	else
		event_error(f);
	_exit(f->exit_code);
}

#define GIVE_UP(error, exit_code)                                                                                      \
	do {                                                                                                           \
		struct failure f;                                                                                      \
		va_list args;                                                                                          \
		va_start(args, format);                                                                                \
		describe(&f, error, exit_code, format, args);                                                          \
		va_end(args);                                                                                          \
		give_up(&f);                                                                                           \
	} while (0)

void die(const char *format, ...)
{
	GIVE_UP(errno, EXIT_FAILED);
}

void refuse(const char *format, ...)
{
	GIVE_UP(0, EXIT_FAILED);
}

void die_with(int exit_code, const char *format, ...)
{
	GIVE_UP(errno, exit_code);
}

int fail(struct failure *failure, const char *format, ...)
{
	int error = errno;
	va_list args;
	va_start(args, format);
	describe(failure, error, EXIT_FAILED, format, args);
	va_end(args);
	return -1;
}
