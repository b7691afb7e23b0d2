/*
 * mc-init: makes a container out of a spec. It decides nothing: src/spec/types.ts tells what a spec may say, step.c
 * what is done about it and in which order. Usable by hand: `minicontainer plan … > spec.json; mc-init run spec.json`.
 */
#include "arguments.h"
#include "attach.h"
#include "descriptors.h"
#include "detach.h"
#include "event.h"
#include "memory.h"
#include "names.h"
#include "print.h"
#include "seal.h"
#include "spec.h"
#include "step.h"
#include "supervise.h"
#include "sys.h"
#include "util.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static const char usage[] =
	"usage: mc-init run [--spec-fd N] [--status-fd N] [--die-with PID] [--detached] [--trace] [--preserve-fds N]\n"
	"                   [--leave [--hold-fd N] [--console-fd N]] [FILE]    an engine looks after it from then on\n"
	"       mc-init attach [--no-stdin] [--detach-keys BYTES] DIR    to a container that runs with supervise.dir "
	"DIR\n"
	"       mc-init check FILE      say whether a spec is valid, and if not, where\n"
	"       mc-init explain FILE    the steps that would be done, each with its reason\n"
	"       mc-init features        what this helper knows, as JSON\n"
	"       mc-init schema          the JSON Schema of a spec\n"
	"       mc-init --version | --help\n"
	"FILE may be - for standard input. Exit codes: the command's own, 128+n when signal n killed it,\n"
	"125 mc-init failed, 126 the command cannot be executed, 127 it was not found.\n";

/* Descriptors 0 to 2 are there, whatever the caller closed, so that no file of ours becomes stdin by accident. */
static void ensure_stdio(void)
{
	int fd;
	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd < 3);
	if (fd < 0)
		die("/dev/null");
	close(fd);
}

/* Everything of the caller's is closed but what it passed by number; that is not to be inherited either. */
static void close_descriptors(const struct arguments *a)
{
	int keep[] = {a->spec_fd, a->status_fd, a->run.leave.hold, a->run.leave.console};
	at_step("host", "descriptors");
	for (size_t i = 0; i < COUNT(keep); i++)
		if (keep[i] >= 0 && fcntl(keep[i], F_SETFD, FD_CLOEXEC) < 0)
			die("descriptor %d", keep[i]);
	if (close_all_but(3 + (unsigned)a->run.preserved, keep, COUNT(keep)) < 0)
		die("close_range");
}

struct document {
	char *text;
	size_t length, room;
};

/*
 * The room grows with the document, from what nearly all fit into: mapping and unmapping room for the largest that is
 * allowed takes longer than parsing an ordinary one. It is given back: a supervisor may live long.
 */
static struct document read_text(int fd, const char *name)
{
	struct document d = {.room = 16 << 10};
	ssize_t n;
	d.text = memory_take(d.room);
	/* One byte more than is allowed, or more, is enough to be refused. */
	while (d.length <= SPEC_MAX_BYTES && (n = read(fd, d.text + d.length, d.room - d.length)) != 0) {
		if (n < 0)
			die("%s", name);
		d.length += (size_t)n;
		if (d.length < d.room)
			continue;
		char *larger = memory_take(2 * d.room);
		memcpy(larger, d.text, d.length);
		memory_give(d.text, d.room);
		d.text = larger;
		d.room *= 2;
	}
	return d;
}

static void read_document(const struct arguments *a, struct spec *spec)
{
	char error[512];
	const char *name = a->file ? a->file : "spec";
	at_step("spec", "read");
	int fd = a->spec_fd;
	if (a->file)
		fd = strcmp(a->file, "-") ? open(a->file, O_RDONLY | O_CLOEXEC | O_NOCTTY) : 0;
	if (fd < 0)
		die("%s", name);
	struct document d = read_text(fd, name);
	at_step("spec", "check");
	if (spec_read(d.text, d.length, spec, error) < 0)
		refuse("%s: %s", name, error);
	memory_give(d.text, d.room);
	if (fd > 2)
		close(fd);
}

static int run(char *argv[], char *whole[])
{
	struct spec spec;
	struct arguments a = parse_arguments(argv);
	event_open(a.status_fd);
	at_step("host", "seal");
	if (seal_self(whole) < 0)
		die("a sealed copy of mc-init");
	ensure_stdio();
	close_descriptors(&a);
	read_document(&a, &spec);
	if (a.run.detached) {
		detach(a.run.parent);
		a.run.parent = 0;
	}
	int code = supervise(&spec, &a.run);
	spec_free(&spec);
	return code;
}

static int check(char *argv[], char *whole[])
{
	struct spec spec;
	struct arguments a = parse_arguments(argv);
	(void)whole;
	read_document(&a, &spec);
	spec_free(&spec);
	return 0;
}

static int explain_file(char *argv[], char *whole[])
{
	struct spec spec;
	struct arguments a = parse_arguments(argv);
	(void)whole;
	read_document(&a, &spec);
	explain(&spec);
	spec_free(&spec);
	return 0;
}

static void print_names(const char *key, const struct name *table)
{
	print("\"%s\":[", key);
	for (const struct name *n = table; n->name; n++)
		print("%s\"%s\"", n == table ? "" : ",", n->name);
	print("],");
}

static int features(char *argv[], char *whole[])
{
	(void)argv, (void)whole;
	print("{\"version\":\"%s\",\"wire\":{\"min\":%d,\"max\":%d},", VERSION, WIRE_VERSION, WIRE_VERSION);
	print_names("namespaces", namespace_names);
	print_names("capabilities", capability_names);
	print_names("rlimits", rlimit_names);
	print_names("filterFlags", filter_flag_names);
	print("\"mountTypes\":[");
	for (const char *const *t = mount_types; *t; t++)
		print("%s\"%s\"", t == mount_types ? "" : ",", *t);
	print("],\"mountOptions\":[");
	for (const struct mount_option *o = mount_options; o->name; o++)
		print("%s\"%s\"", o == mount_options ? "" : ",", o->name);
	print("],\"steps\":[");
	print_steps();
	print("]}\n");
	return 0;
}

static int schema(char *argv[], char *whole[])
{
	(void)argv, (void)whole;
	spec_print_schema();
	return 0;
}

static int version(char *argv[], char *whole[])
{
	(void)argv, (void)whole;
	print("mc-init %s (wire %d)\n", VERSION, WIRE_VERSION);
	return 0;
}

static int help(char *argv[], char *whole[])
{
	(void)argv, (void)whole;
	print("%s", usage);
	return 0;
}

static int attach_verb(char *argv[], char *whole[])
{
	struct attach_options o = {.with_input = true};
	(void)whole;
	for (; *argv; argv++) {
		if (!strcmp(*argv, "--no-stdin"))
			o.with_input = false;
		else if (!strcmp(*argv, "--detach-keys") && argv[1])
			o.detach_keys = *++argv;
		else if (!strcmp(*argv, "--status-fd"))
			event_open(descriptor_argument(argv[0], argv[1])), argv++;
		else if (o.dir || **argv == '-')
			misuse("wants one directory", *argv);
		else
			o.dir = *argv;
	}
	if (!o.dir)
		misuse("wants a directory", "attach");
	return attach(&o);
}

static const struct verb {
	const char *name;
	int (*act)(char *argv[], char *whole[]);
} verbs[] = {
	{"attach", attach_verb}, {"run", run},       {"check", check},       {"explain", explain_file},
	{"features", features},  {"schema", schema}, {"--version", version}, {"-v", version},
	{"--help", help},        {"-h", help},       {"help", help},
};

int main(int argc, char *argv[])
{
	for (size_t i = 0; argc > 1 && i < sizeof(verbs) / sizeof(*verbs); i++)
		if (!strcmp(argv[1], verbs[i].name)) {
			int code = verbs[i].act(argv + 2, argv);
			return print_flush() ? code : EXIT_FAILED;
		}
	if (argc < 2)
		complain("%s", usage);
	else
		misuse("unknown verb", argv[1]);
	return EXIT_FAILED;
}
