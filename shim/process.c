/* The command: where it runs, as whom, with what limits and descriptors, and its execution. */
#include "channel.h"
#include "dev.h"
#include "event.h"
#include "init.h"
#include "names.h"
#include "resolve.h"
#include "seccomp.h"
#include "signals.h"
#include "step.h"
#include "sys.h"
#include "text.h"

#include <errno.h>
#include <limits.h>
#include <linux/capability.h>
#include <linux/close_range.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

/* Before the root becomes read-only; a link in the way stays inside the root (CVE-2026-55686). */
void make_cwd(struct container *c)
{
	int fd = make_in_root(c->root, c->spec->process.cwd, TARGET_DIRECTORY);
	if (fd < 0)
		die("%s", c->spec->process.cwd);
	close(fd);
}

void set_limits(struct container *c)
{
	for (size_t i = 0; i < c->spec->process.limits.count; i++) {
		const struct limit *l = &c->spec->process.limits.items[i];
		struct rlimit limit = {.rlim_cur = l->soft, .rlim_max = l->hard};
		if (sys_setrlimit(l->resource, &limit) < 0)
			die("%s to %llu:%llu", name_of(rlimit_names, (uint64_t)l->resource),
			    (unsigned long long)l->soft, (unsigned long long)l->hard);
	}
}

static void put_at(int fd, int number)
{
	if (dup2(fd, number) < 0)
		die("descriptor %d", number);
}

/* The container's own null device: with the host's, root in here could change the owner of the host's. */
static int open_own_null(int root, int flags)
{
	close(open_null(root));
	int fd = sys_openat2(root, "/dev/null", (uint64_t)flags, 0, RESOLVE_IN_ROOT | RESOLVE_NO_SYMLINKS);
	if (fd < 0)
		die("/dev/null");
	return fd;
}

static void put_stdio(struct container *c)
{
	if (c->spec->process.terminal) {
		for (int i = 0; i < 3; i++)
			put_at(c->terminal, i);
		if (ioctl(0, TIOCSCTTY, 0) < 0)
			die("TIOCSCTTY");
		return;
	}
	if (c->spec->stdin_null)
		put_at(open_own_null(c->root, O_RDONLY), 0);
	for (int i = 0; i < 3; i++)
		if (c->stdio[i] >= 0)
			put_at(c->stdio[i], i);
		else if (c->detached)
			put_at(open_own_null(c->root, i ? O_WRONLY : O_RDONLY), i);
}

/*
 * A directory would be a way out of the root, by /proc/self/fd/0; so would be what was opened with O_PATH. A pipe is
 * given to the user, for programs open /dev/stdout to log to it; what may not be given, and a file of the caller's,
 * stays.
 */
static void check_stdio(int fd, uid_t user)
{
	struct stat st;
	int flags = fcntl(fd, F_GETFL);
	if (flags < 0 || fstat(fd, &st) < 0)
		die("descriptor %d", fd);
	if (S_ISDIR(st.st_mode) || flags & O_PATH)
		refuse("descriptor %d is a directory: what is in it would be open to the container", fd);
	if (S_ISFIFO(st.st_mode) && st.st_uid != user)
		(void)!fchown(fd, user, (gid_t)-1);
}

void set_stdio(struct container *c)
{
	put_stdio(c);
	for (int fd = 0; fd < 3; fd++)
		check_stdio(fd, c->spec->process.user.uid);
}

static void drop_bounding(uint64_t keep)
{
	for (int cap = 0; cap < 64; cap++) {
		if (keep >> cap & 1 || prctl(PR_CAPBSET_DROP, cap) == 0)
			continue;
		/* Beyond the kernel's last one. */
		if (errno == EINVAL)
			return;
		die("capability %d: PR_CAPBSET_DROP", cap);
	}
}

/*
 * Without no_new_privs a filter takes CAP_SYS_ADMIN, which is kept until then: execve(2) takes it away, for it is in
 * none of the sets that go through it.
 */
static uint64_t to_load_filter(const struct spec *s)
{
	return s->seccomp.filter && !s->process.no_new_privileges ? UINT64_C(1) << CAP_SYS_ADMIN : 0;
}

static void set_capabilities(const struct spec *s)
{
	const struct capabilities *want = &s->process.capabilities;
	uint64_t more = to_load_filter(s);
	if (sys_capset(want->effective | more, want->permitted | more, want->inheritable) < 0)
		die("capset");
	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0)
		die("PR_CAP_AMBIENT_CLEAR_ALL");
	for (int cap = 0; cap < 64; cap++)
		if (want->ambient >> cap & 1 && prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, cap, 0, 0) < 0)
			die("capability %d: PR_CAP_AMBIENT_RAISE", cap);
}

/*
 * Groups first, while we may still change them; the bounding set while CAP_SETPCAP is effective; keepcaps, so that what
 * is to stay permitted survives the change of uid (capabilities(7)). A changed uid clears the parent-death signal: it
 * is set again, and the supervisor looked for.
 */
void set_user(struct container *c)
{
	const struct user *u = &c->spec->process.user;
	const struct capabilities *caps = &c->spec->process.capabilities;
	if (c->spec->setgroups != SETGROUPS_DENY && sys_setgroups(u->groups.count, u->groups.items) < 0)
		die("setgroups");
	if (sys_setgid(u->gid) < 0)
		die("setresgid %u", u->gid);
	if (c->spec->process.has_capabilities) {
		drop_bounding(caps->bounding);
		if (prctl(PR_SET_KEEPCAPS, 1) < 0)
			die("PR_SET_KEEPCAPS");
	}
	if (sys_setuid(u->uid) < 0)
		die("setresuid %u", u->uid);
	if (c->spec->process.has_capabilities)
		set_capabilities(c->spec);
	umask(u->has_umask ? u->umask : c->umask);
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0)
		die("PR_SET_PDEATHSIG");
	if (!channel_is_open(c->channel))
		refuse("the supervisor is gone");
}

/*
 * By descriptor, without magic links: `-w /proc/self/fd/7` must not lead to a directory of the host's (CVE-2024-21626).
 * getcwd() says "(unreachable)" of what is outside the root.
 */
void enter_cwd(struct container *c)
{
	char path[PATH_MAX];
	int fd = open_in_root(c->root, c->spec->process.cwd, O_DIRECTORY);
	if (fd < 0 || fchdir(fd) < 0)
		die("%s", c->spec->process.cwd);
	close(fd);
	if (sys_getcwd(path, sizeof(path)) < 0 || *path != '/')
		refuse("%s is outside the root", c->spec->process.cwd);
}

void set_no_new_privileges(struct container *c)
{
	(void)c;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		die("PR_SET_NO_NEW_PRIVS");
}

void become_init(struct container *c)
{
	init_fork(c->spec);
}

static const char *path_of(const struct strings *env)
{
	for (size_t i = 0; i < env->count; i++)
		if (!strncmp(env->items[i], "PATH=", 5))
			return env->items[i] + 5;
	return "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
}

/* Whether a file that gave ENOENT is there: then its interpreter (`#!`, or the ELF loader) is not. */
static bool is_there(const char *file)
{
	return access(file, F_OK) == 0;
}

/* As execvp(3), but with the container's PATH. Comes back with ENOENT, or EACCES if there was one that may not be run.
 */
static void execute_by_path(const struct process *p, bool *found)
{
	const char *name = p->args.items[0];
	bool denied = false;
	for (const char *dir = path_of(&p->env), *end; dir; dir = *end ? end + 1 : NULL) {
		char file[PATH_MAX];
		end = dir + strcspn(dir, ":");
		int n = text_format(file, sizeof(file), "%.*s/%s", (int)(end - dir), dir, name);
		/* An empty element would mean the working directory: no lookup there, it is where untrusted files are.
		 */
		if (end == dir || n >= (int)sizeof(file))
			continue;
		execve(file, p->args.items, p->env.items);
		int error = errno;
		if (error == EACCES)
			denied = true;
		else if (error == ENOENT)
			*found = *found || is_there(file);
		else if (error != ENOTDIR)
			return;
	}
	errno = denied ? EACCES : ENOENT;
}

static int exit_code_of(int error)
{
	return error == ENOENT || error == ENOTDIR ? EXIT_NOT_FOUND : EXIT_CANNOT_EXECUTE;
}

/* By its mode, as runc does: where nobody may, the kernel would not let root either; else it is the kernel's to say. */
static bool may_execute(const char *file)
{
	struct stat st;
	if (stat(file, &st) < 0)
		return errno == EACCES;
	errno = EACCES;
	return S_ISREG(st.st_mode) && st.st_mode & 0111;
}

void look_for_command(struct container *c)
{
	const struct process *p = &c->spec->process;
	const char *name = p->args.items[0];
	at_step("payload", "exec");
	if (strchr(name, '/')) {
		if (!may_execute(name))
			die_with(exit_code_of(errno), "%s", name);
		return;
	}
	for (const char *dir = path_of(&p->env), *end; dir; dir = *end ? end + 1 : NULL) {
		char file[PATH_MAX];
		end = dir + strcspn(dir, ":");
		int n = text_format(file, sizeof(file), "%.*s/%s", (int)(end - dir), dir, name);
		if (end != dir && n < (int)sizeof(file) && may_execute(file))
			return;
	}
	errno = 0;
	die_with(EXIT_NOT_FOUND, "%s: not found in PATH", name);
}

void execute(struct container *c)
{
	const struct process *p = &c->spec->process;
	const char *name = p->args.items[0];
	bool found = false;
	if (signals_reset() < 0)
		die("signals");
	/* Nothing but 0, 1, 2 and what the caller named goes in: neither its other descriptors nor ours
	 * (CVE-2024-21626).
	 */
	if (sys_close_range(3 + (unsigned)c->preserved, ~0u, CLOSE_RANGE_CLOEXEC) < 0)
		die("close_range");
	channel_send_executing(c->channel);
	seccomp_load(c->spec);
	at_step("payload", "exec");
	if (strchr(name, '/'))
		execve(name, p->args.items, p->env.items);
	else
		execute_by_path(p, &found);
	int error = errno;
	if (error == ENOENT && (found || (strchr(name, '/') && is_there(name))))
		die_with(EXIT_NOT_FOUND, "%s: its interpreter is missing", name);
	errno = error;
	if (error == ENOENT && !strchr(name, '/')) {
		errno = 0;
		die_with(EXIT_NOT_FOUND, "%s: not found in PATH", name);
	}
	die_with(exit_code_of(error), "%s", name);
}
