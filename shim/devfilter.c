#include "devfilter.h"

#include "memory.h"

#include <errno.h>
#include <linux/bpf.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The kernel hands over struct bpf_cgroup_dev_ctx in register 1; what it gets in register 0 is its answer. */
enum { ANSWER = BPF_REG_0, CONTEXT = BPF_REG_1, ACCESS, TYPE, MAJOR, MINOR, SCRATCH };

enum { MOST_PER_RULE = 8, FRAME = 8 };

struct program {
	struct bpf_insn *code;
	size_t length;
};

static void emit(struct program *p, struct bpf_insn insn)
{
	p->code[p->length++] = insn;
}

static struct bpf_insn load(int to, size_t offset)
{
	return (struct bpf_insn){.code = BPF_LDX | BPF_MEM | BPF_W,
				 .dst_reg = (uint8_t)to & 15,
				 .src_reg = CONTEXT,
				 .off = (int16_t)offset};
}

static struct bpf_insn alu(int operation, int reg, int32_t value)
{
	return (struct bpf_insn){
		.code = (uint8_t)(BPF_ALU | BPF_K | operation), .dst_reg = (uint8_t)reg & 15, .imm = value};
}

static struct bpf_insn copy(int to, int from)
{
	return (struct bpf_insn){
		.code = BPF_ALU | BPF_X | BPF_MOV, .dst_reg = (uint8_t)to & 15, .src_reg = (uint8_t)from & 15};
}

static struct bpf_insn answer(bool allow)
{
	return (struct bpf_insn){.code = BPF_ALU64 | BPF_K | BPF_MOV, .dst_reg = ANSWER, .imm = allow};
}

static const struct bpf_insn leave = {.code = BPF_JMP | BPF_EXIT};

/* To the next rule, whose place is not known yet: off is patched by its end. */
static void unless_equal(struct program *p, int reg, int32_t value)
{
	emit(p, (struct bpf_insn){.code = BPF_JMP | BPF_K | BPF_JNE, .dst_reg = (uint8_t)reg & 15, .imm = value});
}

static int32_t bits_of(const char *access)
{
	return (strchr(access, 'm') ? BPF_DEVCG_ACC_MKNOD : 0) | (strchr(access, 'r') ? BPF_DEVCG_ACC_READ : 0) |
	       (strchr(access, 'w') ? BPF_DEVCG_ACC_WRITE : 0);
}

static void emit_rule(struct program *p, const struct device_rule *rule)
{
	size_t start = p->length;
	if (rule->type)
		unless_equal(p, TYPE, rule->type == 'b' ? BPF_DEVCG_DEV_BLOCK : BPF_DEVCG_DEV_CHAR);
	/* What is asked for and not granted must be nothing. */
	emit(p, copy(SCRATCH, ACCESS));
	emit(p, alu(BPF_AND, SCRATCH, ~bits_of(rule->access) & 7));
	unless_equal(p, SCRATCH, 0);
	if (rule->has_major)
		unless_equal(p, MAJOR, (int32_t)rule->major);
	if (rule->has_minor)
		unless_equal(p, MINOR, (int32_t)rule->minor);
	emit(p, answer(true));
	emit(p, leave);
	for (size_t i = start; i < p->length; i++)
		if (p->code[i].code == (BPF_JMP | BPF_K | BPF_JNE))
			p->code[i].off = (int16_t)(p->length - i - 1);
}

static void assemble(struct program *p, const struct device_rules *rules)
{
	emit(p, load(TYPE, offsetof(struct bpf_cgroup_dev_ctx, access_type)));
	emit(p, copy(ACCESS, TYPE));
	emit(p, alu(BPF_AND, TYPE, 0xffff));
	emit(p, alu(BPF_RSH, ACCESS, 16));
	emit(p, load(MAJOR, offsetof(struct bpf_cgroup_dev_ctx, major)));
	emit(p, load(MINOR, offsetof(struct bpf_cgroup_dev_ctx, minor)));
	for (size_t i = 0; i < rules->count; i++)
		emit_rule(p, &rules->items[i]);
	emit(p, answer(false));
	emit(p, leave);
}

static int attach(int cgroup, const struct program *p)
{
	union bpf_attr attr;
	memset(&attr, 0, sizeof(attr));
	attr.prog_type = BPF_PROG_TYPE_CGROUP_DEVICE;
	attr.insns = (uint64_t)(uintptr_t)p->code;
	attr.insn_cnt = (uint32_t)p->length;
	attr.license = (uint64_t)(uintptr_t) "MIT";
	int program = (int)syscall(SYS_bpf, BPF_PROG_LOAD, &attr, sizeof(attr));
	if (program < 0)
		return -1;
	memset(&attr, 0, sizeof(attr));
	attr.target_fd = (uint32_t)cgroup;
	attr.attach_bpf_fd = (uint32_t)program;
	attr.attach_type = BPF_CGROUP_DEVICE;
	/* All from here to the root must agree. Without it, no group below may have a program: no containers inside. */
	attr.attach_flags = BPF_F_ALLOW_MULTI;
	int r = (int)syscall(SYS_bpf, BPF_PROG_ATTACH, &attr, sizeof(attr));
	int error = errno;
	close(program);
	errno = error;
	return r;
}

int devfilter_attach(int cgroup, const struct device_rules *rules)
{
	const size_t size = (rules->count * MOST_PER_RULE + FRAME) * sizeof(struct bpf_insn);
	struct program p = {.code = memory_take(size)};
	assemble(&p, rules);
	int r = attach(cgroup, &p);
	int error = errno;
	memory_give(p.code, size);
	errno = error;
	return r;
}
