/* events: what a container uses, as runc tells it; of either version of control groups. */
#include "container.h"
#include "groups.h"
#include "report.h"
#include "verbs.h"

#include <ctype.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef unsigned long long number;

/* The number of a file that has one; `max` and what is not there are 0. */
static number value(const struct spec *s, const char *first, const char *second)
{
	char *text = groups_read(s, first);
	if (!text && second)
		text = groups_read(s, second);
	number n = text ? strtoull(text, NULL, 10) : 0;
	free(text);
	return n;
}

/* `KEY N` on a line of its own. */
static number entry(const struct spec *s, const char *file, const char *key)
{
	char *text = groups_read(s, file);
	size_t length = strlen(key);
	number n = 0;
	for (const char *line = text; line && *line; line = strchr(line, '\n'), line += line != NULL)
		if (!strncmp(line, key, length) && line[length] == ' ')
			n = strtoull(line + length, NULL, 10);
	free(text);
	return n;
}

static void print_cpu(const struct spec *s)
{
	static const number tick = 10000000; /* USER_HZ is 100 */
	number total = value(s, "cpuacct.usage", NULL), kernel = entry(s, "cpuacct.stat", "system") * tick,
	       user = entry(s, "cpuacct.stat", "user") * tick;
	if (!total) {
		total = entry(s, "cpu.stat", "usage_usec") * 1000;
		kernel = entry(s, "cpu.stat", "system_usec") * 1000;
		user = entry(s, "cpu.stat", "user_usec") * 1000;
	}
	number throttled = entry(s, "cpu.stat", "throttled_time");
	printf("\"cpu\":{\"usage\":{\"total\":%llu,\"kernel\":%llu,\"user\":%llu},", total, kernel, user);
	printf("\"throttling\":{\"periods\":%llu,\"throttledPeriods\":%llu,\"throttledTime\":%llu}}",
	       entry(s, "cpu.stat", "nr_periods"), entry(s, "cpu.stat", "nr_throttled"),
	       throttled ? throttled : entry(s, "cpu.stat", "throttled_usec") * 1000);
}

static void print_memory(const struct spec *s)
{
	number cache = entry(s, "memory.stat", "cache");
	printf(",\"memory\":{\"cache\":%llu,", cache ? cache : entry(s, "memory.stat", "file"));
	printf("\"usage\":{\"limit\":%llu,\"usage\":%llu,\"max\":%llu,\"failcnt\":%llu}}",
	       value(s, "memory.limit_in_bytes", "memory.max"), value(s, "memory.usage_in_bytes", "memory.current"),
	       value(s, "memory.max_usage_in_bytes", "memory.peak"), value(s, "memory.failcnt", NULL));
}

static void print_stats(const struct oci_container *c)
{
	printf("{\"type\":\"stats\",\"id\":\"%s\",\"data\":{", c->id);
	print_cpu(&c->spec);
	print_memory(&c->spec);
	printf(",\"pids\":{\"current\":%llu,\"limit\":%llu},\"blkio\":{},\"hugetlb\":{},\"intel_rdt\":{}}}\n",
	       value(&c->spec, "pids.current", NULL), value(&c->spec, "pids.max", NULL));
	fflush(stdout);
}

/* Go's durations, of one unit: 500ms, 5s, 1m. */
static int milliseconds(const char *text)
{
	static const struct {
		const char *unit;
		double factor;
	} units[] = {{"ms", 1}, {"s", 1000}, {"m", 60000}, {"h", 3600000}};
	char *end;
	double n = strtod(text, &end);
	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++)
		if (end != text && n > 0 && !strcmp(end, units[i].unit) && n * units[i].factor < 2e9)
			return (int)(n * units[i].factor);
	fatal("--interval: %s is no duration like 5s", text);
}

int events_verb(struct call *call)
{
	struct oci_container c;
	int interval = milliseconds(call->interval ? call->interval : "5s");
	container_get(&c, call, call->arguments.items[0], false);
	int pidfd = container_pidfd(&c);
	if (pidfd < 0)
		fatal("container with id %s is not running", c.id);
	struct pollfd end = {.fd = pidfd, .events = POLLIN};
	do
		print_stats(&c);
	while (!call->stats && poll(&end, 1, interval) == 0);
	return 0;
}
