#include "arguments.h"

#include "event.h"
#include "print.h"
#include "text.h"
#include "util.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

_Noreturn void misuse(const char *what, const char *word)
{
	complain("mc-init: %s%s%s (see mc-init --help)\n", what, word ? ": " : "", word ? word : "");
	_exit(EXIT_FAILED);
}

static int number(const char *option, const char *text, uint64_t least)
{
	uint64_t n;
	const char *end = text ? text_number(text, &n) : NULL;
	if (!end || *end || n < least || n > 1 << 22 /* PID_MAX_LIMIT */)
		misuse("wants a number", option);
	return (int)n;
}

int descriptor_argument(const char *option, const char *text)
{
	int fd = number(option, text, 3);
	if (fcntl(fd, F_GETFD) < 0)
		misuse("names a descriptor that is not open", option);
	return fd;
}

enum kind { FLAG, DESCRIPTOR, NUMBER, PID };

static const struct option {
	const char *name;
	enum kind kind;
	size_t offset; /* of a bool or an int */
} options[] = {
	{"--spec-fd", DESCRIPTOR, offsetof(struct arguments, spec_fd)},
	{"--status-fd", DESCRIPTOR, offsetof(struct arguments, status_fd)},
	{"--die-with", PID, offsetof(struct arguments, run.parent)},
	{"--detached", FLAG, offsetof(struct arguments, run.detached)},
	{"--trace", FLAG, offsetof(struct arguments, run.trace)},
	{"--preserve-fds", NUMBER, offsetof(struct arguments, run.preserved)},
	{"--leave", FLAG, offsetof(struct arguments, run.leave.leaves)},
	{"--hold-fd", DESCRIPTOR, offsetof(struct arguments, run.leave.hold)},
	{"--console-fd", DESCRIPTOR, offsetof(struct arguments, run.leave.console)},
};

/* Whether the word is an option; *ARGV is then the last of its words. */
static bool take_option(struct arguments *a, char ***argv)
{
	for (size_t i = 0; i < COUNT(options); i++) {
		const struct option *o = &options[i];
		void *value = (char *)a + o->offset;
		if (strcmp(**argv, o->name))
			continue;
		if (o->kind == FLAG)
			return *(bool *)value = true;
		const char *text = *++*argv;
		*(int *)value = o->kind == DESCRIPTOR ? descriptor_argument(o->name, text)
						      : number(o->name, text, o->kind == PID);
		return true;
	}
	return false;
}

struct arguments parse_arguments(char *argv[])
{
	struct arguments a = {.spec_fd = -1, .status_fd = -1, .run.leave = {.hold = -1, .console = -1}};
	for (; *argv; argv++) {
		if (take_option(&a, &argv))
			continue;
		if ((*argv)[0] == '-' && (*argv)[1])
			misuse("unknown option", *argv);
		if (a.file)
			misuse("one spec only", *argv);
		a.file = *argv;
	}
	if ((a.file != NULL) == (a.spec_fd >= 0))
		misuse("wants one spec, as FILE or --spec-fd", NULL);
	a.run.leave.status = a.status_fd;
	return a;
}
