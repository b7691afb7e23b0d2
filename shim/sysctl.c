/* Writes below /proc, through a procfs that nothing lies over (struct container, proc). */
#include "event.h"
#include "print.h"
#include "procfs.h"
#include "step.h"
#include "text.h"

#include <string.h>

int proc_of(struct container *c)
{
	if (c->proc < 0 && (c->proc = proc_open()) < 0)
		die("/proc");
	return c->proc;
}

static void write_proc(struct container *c, const char *path, const char *value)
{
	if (proc_write(proc_of(c), path, value) < 0)
		die("/proc/%s = %s", path, value);
}

/* `net.ipv4.ip_forward` is sys/net/ipv4/ip_forward; the reader has refused slashes in names. */
void set_sysctls(struct container *c)
{
	for (size_t i = 0; i < c->spec->sysctl.count; i++) {
		char path[512];
		const struct pair *p = &c->spec->sysctl.items[i];
		if (text_format(path, sizeof(path), "sys/%s", p->name) >= (int)sizeof(path))
			refuse("%s: too long", p->name);
		for (char *dot = path; (dot = strchr(dot, '.'));)
			*dot = '/';
		write_proc(c, path, p->value);
	}
}

void set_oom_score_adj(struct container *c)
{
	char value[16];
	text_format(value, sizeof(value), "%d", c->spec->process.oom_score_adj);
	write_proc(c, "self/oom_score_adj", value);
}

void detail_sysctls(const struct spec *s)
{
	for (size_t i = 0; i < s->sysctl.count; i++)
		print("      sysctl -w %s='%s'\n", s->sysctl.items[i].name, s->sysctl.items[i].value);
}
