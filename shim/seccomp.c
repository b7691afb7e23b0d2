/* The filter of system calls, which stays for good: compiled elsewhere (seccomp/), loaded here. */
#include "seccomp.h"

#include "base64.h"
#include "event.h"
#include "sys.h"

#include <linux/filter.h>
#include <linux/seccomp.h>

void seccomp_load(const struct spec *s)
{
	static struct sock_filter filter[BPF_MAXINSNS];
	if (!s->seccomp.filter)
		return;
	/* The reader has looked at it (check_filter). */
	const ssize_t bytes = base64_decode(s->seccomp.filter, (uint8_t *)filter, sizeof(filter));
	const struct sock_fprog program = {.len = (unsigned short)((size_t)bytes / sizeof(*filter)), .filter = filter};
	at_step("payload", "seccomp");
	if (sys_seccomp(SECCOMP_SET_MODE_FILTER, (unsigned)s->seccomp.flags, &program) < 0)
		die("seccomp");
}
