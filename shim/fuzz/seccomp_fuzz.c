/* Feeds anything at all to the reader and the compiler of seccomp profiles: what comes out is a program that ends. */
#include "../seccomp/compile.h"
#include "../utf8.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(bool condition)
{
	if (!condition)
		abort();
}

/* As the kernel's checker: jumps go forward and stay inside, and the last word is an answer. */
static void expect_program(const struct program *p)
{
	expect(p->length > 0 && p->length <= PROGRAM_MAX);
	expect(BPF_CLASS(p->instructions[p->length - 1].code) == BPF_RET);
	for (size_t i = 0; i < p->length; i++) {
		const struct sock_filter *one = &p->instructions[i];
		const bool is_jump = BPF_CLASS(one->code) == BPF_JMP, always = BPF_OP(one->code) == BPF_JA;
		const size_t farthest = !is_jump ? 0 : always ? one->k : one->jt > one->jf ? one->jt : one->jf;

		expect(i + 1 + farthest < p->length || (!is_jump && i + 1 == p->length));
	}
}

static void expect_message(const char *error)
{
	const size_t length = strnlen(error, JSON_ERROR_BYTES);

	expect(length > 0 && length < JSON_ERROR_BYTES && utf8_is_valid(error, length) && strstr(error, ": "));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct program program;
	char error[JSON_ERROR_BYTES] = "";
	struct profile profile;
	const bool good = profile_read((const char *)data, size, &profile, error) == 0 &&
			  profile_compile(&profile, &program, error) == 0;

	profile_free(&profile);
	if (good)
		expect_program(&program);
	else
		expect_message(error);
	return 0;
}
