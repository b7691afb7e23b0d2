/* The Linux security modules' labels, which the command takes on with execve(2). Asked for and not there: an error. */
#include "event.h"
#include "step.h"
#include "sys.h"
#include "text.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* The container's own procfs, and nothing that lies over its files (CVE-2019-16884). */
static int write_attribute(int proc, const char *path, const char *prefix, const char *label)
{
	char text[1024];
	int length = text_format(text, sizeof(text), "%s%s", prefix, label);
	if (length >= (int)sizeof(text))
		return errno = ENAMETOOLONG, -1;
	int fd = sys_openat2(proc, path, O_WRONLY, 0, RESOLVE_BENEATH | RESOLVE_NO_XDEV | RESOLVE_NO_MAGICLINKS);
	if (fd < 0)
		return -1;
	ssize_t n = write(fd, text, (size_t)length);
	int error = errno;
	close(fd);
	return n == length ? 0 : (errno = error, -1);
}

/* Where several modules are at work each has a directory of its own (Linux 5.1). */
void set_labels(struct container *c)
{
	const struct process *p = &c->spec->process;
	if (p->apparmor && write_attribute(proc_of(c), "self/attr/apparmor/exec", "exec ", p->apparmor) < 0 &&
	    (errno != ENOENT || write_attribute(proc_of(c), "self/attr/exec", "exec ", p->apparmor) < 0))
		die("AppArmor profile %s", p->apparmor);
	if (p->selinux && write_attribute(proc_of(c), "self/attr/exec", "", p->selinux) < 0)
		die("SELinux label %s", p->selinux);
}
