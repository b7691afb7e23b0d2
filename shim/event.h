/*
 * What the helper says: status lines for a program (one JSON object a line on the status descriptor), one line on
 * stderr for a person who runs it by hand. src/spec/events.ts tells the shapes.
 *
 * Two ways to fail, by process, never mixed in a file. A process that sets a container up has nothing to unwind (the
 * kernel drops the namespaces with it): it die()s. The supervisor must reach its clean-up: it fills a struct failure
 * and returns -1.
 */
#ifndef EVENT_H
#define EVENT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum { EXIT_FAILED = 125, EXIT_CANNOT_EXECUTE = 126, EXIT_NOT_FOUND = 127 };

/* Crosses from the child to its parent as it is. */
struct failure {
	const char *phase, *step; /* of this very binary's tables: parent and child share their addresses */
	int error;                /* errno, or 0: a refusal of our own */
	int exit_code;
	char message[1024]; /* one line */
};

/* Where status lines go; -1: nowhere. Errors then go to stderr. */
void event_open(int status_fd);
void event_created(pid_t pid);
void event_started(void);
/* The two events that end the stream, as lines, each with its newline; good until the next one. */
const char *event_exited(bool signalled, int code_or_signal, bool timed_out, bool oom);
const char *event_failed(const struct failure *failure);
void event_say(const char *line);
/* A failure for whoever is there: the status descriptor, or a person on stderr. */
void event_error(const struct failure *failure);
void event_trace(const char *phase, const char *step, uint64_t microseconds);

/* Which step is under way in this process. The runner sets it; whoever fails need only name the object. */
void at_step(const char *phase, const char *step);

/* Failures of this process go to its parent over CHANNEL, not to the status descriptor. */
void report_to(int channel);

/* `STEP: FORMAT…: strerror(errno)`, then exit with 125. */
_Noreturn void die(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* The same without errno: the helper itself says no. */
_Noreturn void refuse(const char *format, ...) __attribute__((format(printf, 1, 2)));
_Noreturn void die_with(int exit_code, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* With a failure that is described already. */
_Noreturn void give_up(const struct failure *failure);

/* For the supervisor: fills FAILURE as die() would, and returns -1. */
int fail(struct failure *failure, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* What to do where errno misleads, or NULL. */
const char *hint(const char *step, int error);

#endif
