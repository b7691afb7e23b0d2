/* What only engines ask for (runtime-spec 1.2), as tables: see spec_fields.c. */
#include "spec_fields.h"
#include "spec_kinds.h"

#define PROCESSORS_MAX 1024 /* CPU_SETSIZE */

static const struct name policy_names[] = {{"SCHED_OTHER", 0},    {"SCHED_FIFO", 1}, {"SCHED_RR", 2},
					   {"SCHED_BATCH", 3},    {"SCHED_ISO", 4},  {"SCHED_IDLE", 5},
					   {"SCHED_DEADLINE", 6}, {NULL, 0}};
/* Bits of sched_attr.sched_flags, sched_setattr(2). */
static const struct name schedule_flag_names[] = {
	{"SCHED_FLAG_RESET_ON_FORK", 0},  {"SCHED_FLAG_RECLAIM", 1},
	{"SCHED_FLAG_DL_OVERRUN", 2},     {"SCHED_FLAG_KEEP_POLICY", 3},
	{"SCHED_FLAG_KEEP_PARAMS", 4},    {"SCHED_FLAG_UTIL_CLAMP_MIN", 5},
	{"SCHED_FLAG_UTIL_CLAMP_MAX", 6}, {NULL, 0},
};
/* ioprio_set(2) */
static const struct name io_class_names[] = {
	{"IOPRIO_CLASS_RT", 1}, {"IOPRIO_CLASS_BE", 2}, {"IOPRIO_CLASS_IDLE", 3}, {NULL, 0}};

static const struct type policy = NAME(sizeof(uint32_t), policy_names, "policy");
static const struct type schedule_flags = {.kind = KIND_MASK, .names = schedule_flag_names, .what = "flag"};
static const struct type io_class = NAME(sizeof(uint32_t), io_class_names, "class");
static const struct type nice_value = NUMBER(sizeof(int32_t), -20, 19);
static const struct type static_priority = NUMBER(sizeof(uint32_t), 0, 99);
static const struct type level = NUMBER(sizeof(uint32_t), 0, 7);
static const struct type nanoseconds_64 = NUMBER(sizeof(uint64_t), 0, UINT64_MAX);
static const struct type processor = NUMBER(sizeof(uint32_t), 0, PROCESSORS_MAX - 1);
static const struct type processors = LIST(processor, .min = 1, .max = PROCESSORS_MAX);
static const struct type seconds = NUMBER(sizeof(int64_t), -INT64_MAX, INT64_MAX);
static const struct type nanoseconds = NUMBER(sizeof(uint32_t), 0, 999999999);
static const struct type patience = NUMBER(sizeof(uint32_t), 1, INT32_MAX);
static const struct type any_text = STRING(.min = 0);
static const struct type texts = LIST(any_text);
static const struct type words = LIST(any_text, .min = 1);

static const struct field scheduler_fields[] = {
	{"policy", &policy, offsetof(struct scheduler, policy), REQUIRED, 0},
	{"nice", &nice_value, offsetof(struct scheduler, nice), OPTIONAL, 0},
	{"priority", &static_priority, offsetof(struct scheduler, priority), OPTIONAL, 0},
	{"flags", &schedule_flags, offsetof(struct scheduler, flags), OPTIONAL, 0},
	{"runtime", &nanoseconds_64, offsetof(struct scheduler, runtime), OPTIONAL, 0},
	{"deadline", &nanoseconds_64, offsetof(struct scheduler, deadline), OPTIONAL, 0},
	{"period", &nanoseconds_64, offsetof(struct scheduler, period), OPTIONAL, 0},
	END,
};
const struct type scheduler_type = OBJECT(struct scheduler, scheduler_fields);

static const struct field io_priority_fields[] = {
	{"class", &io_class, offsetof(struct io_priority, class), REQUIRED, 0},
	{"priority", &level, offsetof(struct io_priority, priority), REQUIRED, 0},
	END,
};
const struct type io_priority_type = OBJECT(struct io_priority, io_priority_fields);

static const struct field affinity_fields[] = {
	{"initial", &processors, offsetof(struct affinity, initial), OPTIONAL, 0},
	{"final", &processors, offsetof(struct affinity, final), OPTIONAL, 0},
	END,
};
const struct type affinity_type = OBJECT(struct affinity, affinity_fields);

/* set_mempolicy(2) */
static const struct name memory_mode_names[] = {{"MPOL_DEFAULT", 0},
						{"MPOL_PREFERRED", 1},
						{"MPOL_BIND", 2},
						{"MPOL_INTERLEAVE", 3},
						{"MPOL_LOCAL", 4},
						{"MPOL_PREFERRED_MANY", 5},
						{"MPOL_WEIGHTED_INTERLEAVE", 6},
						{NULL, 0}};
static const struct name memory_flag_names[] = {
	{"MPOL_F_NUMA_BALANCING", 13}, {"MPOL_F_RELATIVE_NODES", 14}, {"MPOL_F_STATIC_NODES", 15}, {NULL, 0}};
static const struct type memory_mode = NAME(sizeof(uint32_t), memory_mode_names, "mode");
static const struct type memory_flags = {.kind = KIND_MASK, .names = memory_flag_names, .what = "flag"};
static const struct field memory_policy_fields[] = {
	{"mode", &memory_mode, offsetof(struct memory_policy, mode), REQUIRED, 0},
	{"nodes", &processors, offsetof(struct memory_policy, nodes), OPTIONAL, 0},
	{"flags", &memory_flags, offsetof(struct memory_policy, flags), OPTIONAL, 0},
	END,
};
const struct type memory_policy_type = OBJECT(struct memory_policy, memory_policy_fields);

static const struct field time_offset_fields[] = {
	{"secs", &seconds, offsetof(struct time_offset, seconds), OPTIONAL, 0},
	{"nanosecs", &nanoseconds, offsetof(struct time_offset, nanoseconds), OPTIONAL, 0},
	END,
};
static const struct type time_offset = OBJECT(struct time_offset, time_offset_fields);

static const struct field time_offsets_fields[] = {
	{"monotonic", &time_offset, offsetof(struct time_offsets, monotonic), OPTIONAL,
	 offsetof(struct time_offsets, monotonic.present)},
	{"boottime", &time_offset, offsetof(struct time_offsets, boottime), OPTIONAL,
	 offsetof(struct time_offsets, boottime.present)},
	END,
};
const struct type time_offsets_type = OBJECT(struct time_offsets, time_offsets_fields);

static const struct field hook_fields[] = {
	{"path", &path_below_root, offsetof(struct hook, path), REQUIRED, 0},
	{"args", &words, offsetof(struct hook, args), OPTIONAL, 0},
	{"env", &texts, offsetof(struct hook, env), OPTIONAL, offsetof(struct hook, has_env)},
	{"timeout", &patience, offsetof(struct hook, timeout), OPTIONAL, 0},
	END,
};
static const struct type hook = OBJECT(struct hook, hook_fields);
static const struct type hooks = LIST(hook, .max = UNIQUE_MAX);

static const struct field lifecycle_fields[] = {
	{"state", &line, offsetof(struct lifecycle, state), REQUIRED, 0},
	{"prestart", &hooks, offsetof(struct lifecycle, prestart), OPTIONAL, 0},
	{"createRuntime", &hooks, offsetof(struct lifecycle, create_runtime), OPTIONAL, 0},
	{"createContainer", &hooks, offsetof(struct lifecycle, create_container), OPTIONAL, 0},
	{"startContainer", &hooks, offsetof(struct lifecycle, start_container), OPTIONAL, 0},
	{"poststart", &hooks, offsetof(struct lifecycle, poststart), OPTIONAL, 0},
	{"poststop", &hooks, offsetof(struct lifecycle, poststop), OPTIONAL, 0},
	END,
};
const struct type hooks_type = OBJECT(struct lifecycle, lifecycle_fields);
