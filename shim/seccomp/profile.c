/* Reads a profile: the tables, and what they cannot say. */
#include "profile.h"

#include "../names.h"
#include "../schema.h"

#include <linux/seccomp.h>
#include <seccomp.h>
#include <string.h>

#define NAMES_MAX     1024
#define RULES_MAX     4096
#define ALL_NAMES_MAX 8192
/* Of linux/errno.h; what is larger the kernel would cut down. */
#define ERRNO_MAX 4095

#define ARCHITECTURE(name)                                                                                             \
	{                                                                                                              \
		"SCMP_ARCH_" #name, SCMP_ARCH_##name                                                                   \
	}
#define OPERATOR(name)                                                                                                 \
	{                                                                                                              \
		"SCMP_CMP_" #name, SCMP_CMP_##name                                                                     \
	}

enum { OPTIONAL, REQUIRED };

static const struct name answer_names[] = {
	{"SCMP_ACT_KILL_PROCESS", KILL_PROCESS},
	{"SCMP_ACT_KILL_THREAD", KILL_THREAD},
	{"SCMP_ACT_KILL", KILL_THREAD},
	{"SCMP_ACT_TRAP", TRAP},
	{"SCMP_ACT_ERRNO", ERRNO},
	{"SCMP_ACT_NOTIFY", NOTIFY},
	{"SCMP_ACT_TRACE", TRACE},
	{"SCMP_ACT_LOG", LOG},
	{"SCMP_ACT_ALLOW", ALLOW},
	{NULL, 0},
};

static const struct name architecture_names[] = {
	ARCHITECTURE(X86),     ARCHITECTURE(X86_64),   ARCHITECTURE(X32),         ARCHITECTURE(ARM),
	ARCHITECTURE(AARCH64), ARCHITECTURE(MIPS),     ARCHITECTURE(MIPS64),      ARCHITECTURE(MIPS64N32),
	ARCHITECTURE(MIPSEL),  ARCHITECTURE(MIPSEL64), ARCHITECTURE(MIPSEL64N32), ARCHITECTURE(PPC),
	ARCHITECTURE(PPC64),   ARCHITECTURE(PPC64LE),  ARCHITECTURE(S390),        ARCHITECTURE(S390X),
	ARCHITECTURE(PARISC),  ARCHITECTURE(PARISC64), ARCHITECTURE(RISCV64),     {NULL, 0},
};

static const struct name operator_names[] = {
	OPERATOR(NE), OPERATOR(LT), OPERATOR(LE),        OPERATOR(EQ),
	OPERATOR(GE), OPERATOR(GT), OPERATOR(MASKED_EQ), {NULL, 0},
};

/* By bit. */
static const struct name flag_names[] = {
	{"SECCOMP_FILTER_FLAG_TSYNC", 0},
	{"SECCOMP_FILTER_FLAG_LOG", 1},
	{"SECCOMP_FILTER_FLAG_SPEC_ALLOW", 2},
	{"SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV", 5},
	{NULL, 0},
};

static const struct type answer = {.kind = KIND_NAME, .size = 4, .names = answer_names, .what = "action"};
static const struct type architecture = {
	.kind = KIND_NAME, .size = 4, .names = architecture_names, .what = "architecture"};
static const struct type operator= {.kind = KIND_NAME, .size = 4, .names = operator_names, .what = "operator"};
static const struct type flags = {.kind = KIND_MASK, .names = flag_names, .what = "flag"};
static const struct type architectures = {.kind = KIND_LIST, .item = &architecture, .max = NAMES_MAX};
static const struct type error_number = {.kind = KIND_NUMBER, .size = 4, .max = ERRNO_MAX};
static const struct type argument_index = {.kind = KIND_NUMBER, .size = 4, .max = PROFILE_ARGUMENTS - 1};
static const struct type argument_value = {.kind = KIND_NUMBER, .size = 8, .max = UINT64_MAX};
static const struct type text = {.kind = KIND_STRING, .size = sizeof(char *), .min = 1};
static const struct type names = {.kind = KIND_LIST, .item = &text, .min = 1, .max = NAMES_MAX};

static const struct field comparison_fields[] = {
	{"index", &argument_index, offsetof(struct comparison, index), REQUIRED, 0},
	{"value", &argument_value, offsetof(struct comparison, value), REQUIRED, 0},
	{"valueTwo", &argument_value, offsetof(struct comparison, value_two), OPTIONAL, 0},
	{"op", &operator, offsetof(struct comparison, operator), REQUIRED, 0},
	{NULL, NULL, 0, OPTIONAL, 0},
};
static const struct type comparison = {
	.kind = KIND_OBJECT, .size = sizeof(struct comparison), .fields = comparison_fields};
static const struct type comparisons = {.kind = KIND_LIST, .item = &comparison, .max = PROFILE_ARGUMENTS};

static bool may_have_errno(uint32_t answered)
{
	return answered == ERRNO || answered == TRACE;
}

static bool verify_errno(struct schema_reader *r, const struct json_path *at, const char *key, uint32_t answered,
			 bool has_errno)
{
	const struct json_path here = {at, key, 0};

	return !has_errno || may_have_errno(answered) ||
	       json_error(r->error, &here, "only for SCMP_ACT_ERRNO and SCMP_ACT_TRACE");
}

static bool verify_rule(struct schema_reader *r, const struct json_path *at, const struct json *json, const void *value)
{
	const struct rule *rule = value;

	(void)json;
	return verify_errno(r, at, "errnoRet", rule->answer, rule->has_errno);
}

static const struct field rule_fields[] = {
	{"names", &names, offsetof(struct rule, names), REQUIRED, 0},
	{"action", &answer, offsetof(struct rule, answer), REQUIRED, 0},
	{"errnoRet", &error_number, offsetof(struct rule, error), OPTIONAL, offsetof(struct rule, has_errno)},
	{"args", &comparisons, offsetof(struct rule, comparisons), OPTIONAL, 0},
	{NULL, NULL, 0, OPTIONAL, 0},
};
static const struct type rule = {
	.kind = KIND_OBJECT, .size = sizeof(struct rule), .fields = rule_fields, .verify = verify_rule};
static const struct type rules = {.kind = KIND_LIST, .item = &rule, .max = RULES_MAX};

static bool verify_profile(struct schema_reader *r, const struct json_path *at, const struct json *json,
			   const void *value)
{
	const struct profile *profile = value;
	const struct json_path here = {at, "syscalls", 0}, by_default = {at, "defaultAction", 0};
	size_t total = 0;

	(void)json;
	for (size_t i = 0; i < profile->rules.count; i++)
		total += profile->rules.items[i].names.count;
	/* Each is compared with all the others. */
	if (total > ALL_NAMES_MAX)
		return json_error(r->error, &here, "more than %d names", ALL_NAMES_MAX);
	if (profile->answer == NOTIFY)
		return json_error(r->error, &by_default, "SCMP_ACT_NOTIFY would stop the helper, too");
	return verify_errno(r, at, "defaultErrnoRet", profile->answer, profile->has_errno);
}

static const struct field profile_fields[] = {
	{"defaultAction", &answer, offsetof(struct profile, answer), REQUIRED, 0},
	{"defaultErrnoRet", &error_number, offsetof(struct profile, error), OPTIONAL,
	 offsetof(struct profile, has_errno)},
	{"architectures", &architectures, offsetof(struct profile, architectures), OPTIONAL, 0},
	{"flags", &flags, offsetof(struct profile, flags), OPTIONAL, 0},
	{"listenerPath", &text, offsetof(struct profile, listener_path), OPTIONAL, 0},
	{"listenerMetadata", &text, offsetof(struct profile, listener_metadata), OPTIONAL, 0},
	{"syscalls", &rules, offsetof(struct profile, rules), OPTIONAL, 0},
	{NULL, NULL, 0, OPTIONAL, 0},
};
static const struct type profile_type = {
	.kind = KIND_OBJECT, .size = sizeof(struct profile), .fields = profile_fields, .verify = verify_profile};

int profile_read(const char *text_read, size_t length, struct profile *profile, char error[static JSON_ERROR_BYTES])
{
	const struct json_limits limits = {PROFILE_MAX_BYTES, PROFILE_MAX_DEPTH};

	*profile = (struct profile){.arena = arena_new()};

	const struct json *json = json_read(text_read, length, limits, profile->arena, error);
	struct schema_reader reader = {profile->arena, error};

	return json && schema_read(&reader, NULL, json, &profile_type, profile) ? 0 : -1;
}

void profile_free(struct profile *profile)
{
	arena_free(profile->arena);
	*profile = (struct profile){0};
}
