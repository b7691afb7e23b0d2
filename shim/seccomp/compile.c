/*
 * libseccomp makes one filter of rules that do not contradict each other: of an unconditional rule and one with
 * conditions for the same call it keeps the unconditional one, and the exception is lost without a word. So rules are
 * dealt out to layers, in each of which a call has one answer. The layers are compiled apart and put one behind the
 * other, the strictest first: where one has nothing to say, the next is asked, as the kernel does with several filters.
 */
#include "compile.h"

#include <errno.h>
#include <seccomp.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

struct compiler {
	const struct profile *profile;
	struct program *program;
	char *error;
};

static bool complain(struct compiler *c, const char *key, size_t rule, const char *inner, const char *message,
		     const char *name)
{
	const struct json_path in_profile = {NULL, key, 0}, item = {&in_profile, NULL, rule},
			       in_item = {&item, inner, 0};

	return json_error(c->error, inner ? &in_item : &in_profile, message, name);
}

static uint32_t action_of(uint32_t answer, bool has_errno, uint32_t error)
{
	static const uint32_t actions[ANSWERS] = {
		[KILL_PROCESS] = SCMP_ACT_KILL_PROCESS,
		[KILL_THREAD] = SCMP_ACT_KILL_THREAD,
		[TRAP] = SCMP_ACT_TRAP,
		[NOTIFY] = SCMP_ACT_NOTIFY,
		[LOG] = SCMP_ACT_LOG,
		[ALLOW] = SCMP_ACT_ALLOW,
	};

	/* EPERM and not 0, which would tell the caller that all went well (OCI: the default is EPERM). */
	if (answer == ERRNO)
		return SCMP_ACT_ERRNO(has_errno ? error : EPERM);
	return answer == TRACE ? SCMP_ACT_TRACE(has_errno ? error : EPERM) : actions[answer];
}

static bool names(const struct rule *rule, const char *name)
{
	for (size_t i = 0; i < rule->names.count; i++)
		if (!strcmp(rule->names.items[i], name))
			return true;
	return false;
}

/* How many milder answers other rules have for the call: each is in a layer of its own, behind this one. */
static unsigned layer_of(const struct profile *p, const struct rule *rule, const char *name)
{
	bool milder[ANSWERS] = {false};
	unsigned layer = 0;

	for (size_t i = 0; i < p->rules.count; i++)
		if (p->rules.items[i].answer > rule->answer && names(&p->rules.items[i], name))
			milder[p->rules.items[i].answer] = true;
	for (unsigned answer = 0; answer < ANSWERS; answer++)
		layer += milder[answer];
	return layer;
}

/*
 * A name that this libseccomp does not know: newer than it, or misspelt. Where the rule would have allowed more than
 * the default, leaving it out is strict, and profiles name what only newer kernels have. Where it would have forbidden
 * something, that would go unnoticed.
 */
static bool skip_unknown(struct compiler *c, size_t index, const char *name)
{
	return c->profile->rules.items[index].answer >= c->profile->answer ||
	       complain(c, "syscalls", index, "names", "unknown call '%s': it cannot be forbidden", name);
}

static bool add_name(struct compiler *c, scmp_filter_ctx filter, uint32_t base, size_t index, const char *name)
{
	const struct rule *rule = &c->profile->rules.items[index];
	const uint32_t action = action_of(rule->answer, rule->has_errno, rule->error);
	const int number = seccomp_syscall_resolve_name(name);
	struct scmp_arg_cmp comparisons[PROFILE_ARGUMENTS];

	if (number == __NR_SCMP_ERROR)
		return skip_unknown(c, index, name);
	/* libseccomp refuses what would change nothing. */
	if (action == base)
		return true;
	for (size_t i = 0; i < rule->comparisons.count; i++) {
		const struct comparison *k = &rule->comparisons.items[i];

		comparisons[i] =
			(struct scmp_arg_cmp){k->index, (enum scmp_compare)k->operator, k->value, k->value_two};
	}
	const int result =
		seccomp_rule_add_array(filter, action, number, (unsigned)rule->comparisons.count, comparisons);
	return result == 0 ||
	       complain(c, "syscalls", index, "names", "libseccomp does not take the rule for '%s'", name);
}

/* Of two comparisons of one argument libseccomp would take neither; their union is no rule, and their overlap is. */
static bool check_arguments(struct compiler *c, size_t index)
{
	const struct comparisons *all = &c->profile->rules.items[index].comparisons;
	unsigned seen = 0;

	for (size_t i = 0; i < all->count; i++) {
		if (seen >> all->items[i].index & 1)
			return complain(c, "syscalls", index, "args", "two comparisons of one argument%s", "");
		seen |= 1u << all->items[i].index;
	}
	return true;
}

/* More: whether there are rules for the layers in front of this one. */
static bool add_rules(struct compiler *c, scmp_filter_ctx filter, unsigned layer, uint32_t base, bool *more)
{
	const struct rules *rules = &c->profile->rules;

	for (size_t i = 0; i < rules->count; i++) {
		if (!check_arguments(c, i))
			return false;
		for (size_t n = 0; n < rules->items[i].names.count; n++) {
			const char *name = rules->items[i].names.items[n];
			const unsigned its = layer_of(c->profile, &rules->items[i], name);

			*more = *more || its > layer;
			if (its == layer && !add_name(c, filter, base, i, name))
				return false;
		}
	}
	return true;
}

static bool set_architectures(struct compiler *c, scmp_filter_ctx filter)
{
	const struct architectures *all = &c->profile->architectures;
	bool has_native = !all->count;

	for (size_t i = 0; i < all->count; i++) {
		const int result = seccomp_arch_add(filter, all->items[i]);

		if (result < 0 && result != -EEXIST)
			return complain(c, "architectures", 0, NULL, "one of them cannot be had with the others%s", "");
		has_native = has_native || all->items[i] == seccomp_arch_native();
	}
	/* The helper itself could not go on to execute anything. */
	return has_native || complain(c, "architectures", 0, NULL, "this machine's own is not among them%s", "");
}

/* libseccomp writes to descriptors only. */
static bool export(struct compiler *c, scmp_filter_ctx filter, struct program *layer)
{
	const int fd = memfd_create("filter", MFD_CLOEXEC);
	const bool written = fd >= 0 && seccomp_export_bpf(filter, fd) == 0;
	const ssize_t bytes = written ? pread(fd, layer->instructions, sizeof(layer->instructions), 0) : -1;

	if (fd >= 0)
		close(fd);
	if (bytes <= 0 || (size_t)bytes == sizeof(layer->instructions))
		return json_error(c->error, NULL, "libseccomp makes no filter of it that the kernel takes");
	layer->length = (size_t)bytes / sizeof(*layer->instructions);
	return true;
}

static bool compile_layer(struct compiler *c, unsigned number, struct program *layer, bool *more)
{
	const struct profile *p = c->profile;
	const uint32_t base = number ? SCMP_ACT_ALLOW : action_of(p->answer, p->has_errno, p->error);
	scmp_filter_ctx filter = seccomp_init(base);
	/* Who calls by another architecture's numbers wants to get around names. The last layer says so. */
	const uint32_t foreign = number ? SCMP_ACT_ALLOW : SCMP_ACT_KILL_PROCESS;

	const bool good = filter && seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, foreign) == 0 &&
			  /* A tree: 9 comparisons for any call, not one for each name. */
			  seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, number ? 1 : 2) == 0;
	const bool done = good ? set_architectures(c, filter) && add_rules(c, filter, number, base, more) &&
					  export(c, filter, layer)
			       : json_error(c->error, NULL, "libseccomp does not take the default action");
	seccomp_release(filter);
	return done;
}

/* LAYER goes in front; what it allows, the rest decides. */
static bool put_in_front(struct compiler *c, const struct program *layer)
{
	struct program *rest = c->program;

	if (layer->length + rest->length > PROGRAM_MAX)
		return json_error(c->error, NULL, "more than %d instructions", PROGRAM_MAX);
	memmove(rest->instructions + layer->length, rest->instructions, rest->length * sizeof(*rest->instructions));
	memcpy(rest->instructions, layer->instructions, layer->length * sizeof(*rest->instructions));
	rest->length += layer->length;
	for (size_t i = 0; i < layer->length; i++)
		if (rest->instructions[i].code == (BPF_RET | BPF_K) && rest->instructions[i].k == SCMP_ACT_ALLOW)
			rest->instructions[i] =
				(struct sock_filter)BPF_STMT(BPF_JMP | BPF_JA, (uint32_t)(layer->length - i - 1));
	return true;
}

int profile_compile(const struct profile *profile, struct program *program, char error[static JSON_ERROR_BYTES])
{
	static struct program layer;
	struct compiler c = {profile, program, error};
	bool more = false;

	program->length = 0;
	if (!compile_layer(&c, 0, program, &more))
		return -1;
	for (unsigned number = 1; more; number++) {
		more = false;
		if (!compile_layer(&c, number, &layer, &more) || !put_in_front(&c, &layer))
			return -1;
	}
	return 0;
}
