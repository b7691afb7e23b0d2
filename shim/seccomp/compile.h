#ifndef COMPILE_H
#define COMPILE_H

#include "profile.h"

#include <linux/filter.h>

/* The kernel takes no longer program (linux/bpf_common.h), and mc-init's spec no longer text. */
#define PROGRAM_MAX BPF_MAXINSNS

struct program {
	struct sock_filter instructions[PROGRAM_MAX];
	size_t length;
};

/*
 * The filter of a profile. Of several rules that match a call the strictest one answers, whatever their order. 0, or -1
 * with ERROR saying `POINTER: what is wrong`.
 */
int profile_compile(const struct profile *profile, struct program *program, char error[static JSON_ERROR_BYTES]);

#endif
