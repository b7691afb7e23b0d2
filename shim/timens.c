/* Clocks of the container's own: time_namespaces(7). */
#include "event.h"
#include "procfs.h"
#include "step.h"
#include "sys.h"
#include "text.h"

#include <unistd.h>

static void set_offset(int proc, const char *clock, const struct time_offset *offset)
{
	char text[64];
	if (!offset->present)
		return;
	const bool before = offset->seconds < 0;
	const uint64_t seconds = before ? -(uint64_t)offset->seconds : (uint64_t)offset->seconds;
	text_format(text, sizeof(text), "%s %s%llu %u\n", clock, before ? "-" : "", (unsigned long long)seconds,
		    offset->nanoseconds);
	if (proc_write(proc, "self/timens_offsets", text) < 0)
		die("%s offset", clock);
}

/*
 * A new one is for children only, and its offsets can be written until the first process is in it: then this one goes
 * in, too, without a fork. /proc must be the host's yet.
 */
void new_time_namespace(struct container *c)
{
	const struct time_offsets *offsets = &c->spec->time_offsets;
	int proc = proc_open();
	if (sys_unshare(CLONE_NEWTIME) < 0)
		die("unshare");
	if (proc < 0)
		die("/proc");
	set_offset(proc, "monotonic", &offsets->monotonic);
	set_offset(proc, "boottime", &offsets->boottime);
	close(proc);
	int own = open("/proc/self/ns/time_for_children", O_RDONLY | O_CLOEXEC);
	if (own < 0 || sys_setns(own, CLONE_NEWTIME) < 0)
		die("setns");
	close(own);
}
