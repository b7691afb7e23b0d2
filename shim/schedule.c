/* How the kernel shares the machine's processors and disks out to the command; each before it could be refused. */
#include "event.h"
#include "step.h"
#include "sys.h"

static void set_bits(unsigned char mask[CPUS_MAX / 8], const struct gids *list)
{
	for (size_t i = 0; i < list->count; i++)
		mask[list->items[i] / 8] |= (unsigned char)(1 << list->items[i] % 8);
}

static void use_processors(const struct gids *list)
{
	unsigned char mask[CPUS_MAX / 8] = {0};
	set_bits(mask, list);
	if (list->count && sys_setaffinity(mask, sizeof(mask)) < 0)
		die("sched_setaffinity");
}

/* Before it is in its groups, whose cpuset may not have them. */
void use_first_processors(struct container *c)
{
	at_step("host", "affinity");
	use_processors(&c->spec->process.affinity.initial);
}

void use_last_processors(struct container *c)
{
	use_processors(&c->spec->process.affinity.final);
}

void set_scheduler(struct container *c)
{
	const struct scheduler *s = &c->spec->process.scheduler;
	struct schedule attr = {
		.size = sizeof(attr),
		.policy = s->policy,
		.flags = s->flags,
		.nice = s->nice,
		.priority = s->priority,
		.runtime = s->runtime,
		.deadline = s->deadline,
		.period = s->period,
	};
	if (sys_setscheduler(&attr) < 0)
		die("sched_setattr");
}

void set_io_priority(struct container *c)
{
	enum { CLASS_SHIFT = 13 /* IOPRIO_CLASS_SHIFT */ };
	const struct io_priority *p = &c->spec->process.io_priority;
	if (sys_set_io_priority((int)(p->class << CLASS_SHIFT | p->priority)) < 0)
		die("ioprio_set");
}

void set_memory_policy(struct container *c)
{
	const struct memory_policy *p = &c->spec->memory_policy;
	unsigned char mask[CPUS_MAX / 8] = {0};
	set_bits(mask, &p->nodes);
	if (sys_set_memory_policy(p->mode | (unsigned)p->flags, p->nodes.count ? mask : NULL,
				  p->nodes.count ? CPUS_MAX : 0) < 0)
		die("set_mempolicy");
}

void set_personality(struct container *c)
{
	if (sys_personality(c->spec->personality) < 0)
		die("personality");
}
