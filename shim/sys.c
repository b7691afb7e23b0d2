#include "sys.h"

#include <linux/capability.h>
#include <linux/close_range.h>
#include <linux/keyctl.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

int sys_fsopen(const char *type)
{
	return (int)syscall(SYS_fsopen, type, FSOPEN_CLOEXEC);
}

int sys_fsconfig(int fs, unsigned command, const char *key, const void *value)
{
	return (int)syscall(SYS_fsconfig, fs, command, key, value, 0);
}

int sys_fsmount(int fs, uint64_t attributes)
{
	return (int)syscall(SYS_fsmount, fs, FSMOUNT_CLOEXEC, (unsigned)attributes);
}

int sys_open_tree_clone(int fd, unsigned flags)
{
	return (int)syscall(SYS_open_tree, fd, "", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH | flags);
}

int sys_move_mount(int mount, int target)
{
	return (int)syscall(SYS_move_mount, mount, "", target, "", MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH);
}

int sys_mount_setattr(int fd, unsigned flags, uint64_t set, uint64_t clear, uint64_t propagation)
{
	struct mount_attr attr = {.attr_set = set, .attr_clr = clear, .propagation = propagation};
	return (int)syscall(SYS_mount_setattr, fd, "", AT_EMPTY_PATH | flags, &attr, sizeof(attr));
}

int sys_mount_idmap(int fd, unsigned flags, int user)
{
	struct mount_attr attr = {.attr_set = MOUNT_ATTR_IDMAP, .userns_fd = (uint64_t)user};
	return (int)syscall(SYS_mount_setattr, fd, "", AT_EMPTY_PATH | flags, &attr, sizeof(attr));
}

int sys_set_propagation(const char *path, unsigned long flags)
{
	return (int)syscall(SYS_mount, NULL, path, NULL, flags, NULL);
}

int64_t sys_mount_id(int dir, const char *path)
{
	/* struct statx as the kernel has it: 256 bytes, the mask first, stx_mnt_id at 0x90. libc's may lack the field.
	 */
	union {
		uint32_t mask;
		uint64_t words[32];
	} s = {0};
	enum { MOUNT_ID = 0x1000 /* STATX_MNT_ID */ };
	if (syscall(SYS_statx, dir, path, AT_EMPTY_PATH, MOUNT_ID, &s) < 0 || !(s.mask & MOUNT_ID))
		return -1;
	return (int64_t)s.words[0x90 / sizeof(s.words[0])];
}

int sys_umount(const char *path, int flags)
{
	return (int)syscall(SYS_umount2, path, flags);
}

int sys_pivot_root(const char *new_root, const char *put_old)
{
	return (int)syscall(SYS_pivot_root, new_root, put_old);
}

int sys_openat2(int dir, const char *path, uint64_t flags, mode_t mode, uint64_t resolve)
{
	struct open_how how = {.flags = flags | O_CLOEXEC, .mode = mode, .resolve = resolve};
	return (int)syscall(SYS_openat2, dir, path, &how, sizeof(how));
}

int sys_close_range(unsigned first, unsigned last, unsigned flags)
{
	return (int)syscall(SYS_close_range, first, last, flags);
}

pid_t sys_clone3(uint64_t flags, int *pidfd, int cgroup)
{
	struct clone_args args = {
		.flags = flags | CLONE_PIDFD | (cgroup >= 0 ? CLONE_INTO_CGROUP : 0),
		.cgroup = cgroup >= 0 ? (uint64_t)cgroup : 0,
		.pidfd = (uint64_t)(uintptr_t)pidfd,
		.exit_signal = SIGCHLD,
	};
	return (pid_t)syscall(SYS_clone3, &args, sizeof(args));
}

pid_t sys_clone3_sibling(uint64_t flags, int cgroup)
{
	/* No exit_signal: it gets its caller's. */
	struct clone_args args = {
		.flags = flags | CLONE_PARENT | (cgroup >= 0 ? CLONE_INTO_CGROUP : 0),
		.cgroup = cgroup >= 0 ? (uint64_t)cgroup : 0,
	};
	return (pid_t)syscall(SYS_clone3, &args, sizeof(args));
}

int sys_unshare(int flags)
{
	return (int)syscall(SYS_unshare, flags);
}

int sys_setns(int fd, int flags)
{
	return (int)syscall(SYS_setns, fd, flags);
}

int sys_pidfd_open(pid_t pid)
{
	return (int)syscall(SYS_pidfd_open, pid, 0);
}

int sys_pidfd_send_signal(int pidfd, int signal)
{
	return (int)syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0);
}

int sys_execveat(int fd, char *const argv[], char *const env[])
{
	return (int)syscall(SYS_execveat, fd, "", argv, env, AT_EMPTY_PATH);
}

int sys_set_time(int dir, const char *name, uint64_t seconds)
{
	const int64_t times[4] = {0, UTIME_OMIT, (int64_t)seconds, 0}; /* two struct timespec of a 64-bit kernel */
	return (int)syscall(SYS_utimensat, dir, name, times, name ? AT_SYMLINK_NOFOLLOW : 0);
}

int sys_setgroups(size_t count, const uint32_t *groups)
{
	return (int)syscall(SYS_setgroups, count, groups);
}

int sys_setgid(uint32_t gid)
{
	return (int)syscall(SYS_setresgid, gid, gid, gid);
}

int sys_setuid(uint32_t uid)
{
	return (int)syscall(SYS_setresuid, uid, uid, uid);
}

int sys_setrlimit(int resource, const struct rlimit *limit)
{
	return (int)syscall(SYS_prlimit64, 0, resource, limit, NULL);
}

int sys_rename(int from_dir, const char *from, int to_dir, const char *to)
{
	return (int)syscall(SYS_renameat2, from_dir, from, to_dir, to, 0);
}

int sys_getcwd(char *path, size_t size)
{
	return (int)syscall(SYS_getcwd, path, size);
}

ssize_t sys_getdents(int fd, void *list, size_t size)
{
	return syscall(SYS_getdents64, fd, list, size);
}

void sys_clock(int clock, struct timespec *time)
{
	(void)syscall(SYS_clock_gettime, clock, time);
}

void sys_signal(int number, void (*disposition)(int))
{
	const struct {
		void (*handler)(int);
		unsigned long flags;
		void (*restorer)(void);
		uint64_t mask;
	} action = {.handler = disposition}; /* struct sigaction as the kernel has it, which is not libc's */
	(void)syscall(SYS_rt_sigaction, number, &action, NULL, sizeof(action.mask));
}

int sys_setscheduler(const struct schedule *schedule)
{
	return (int)syscall(SYS_sched_setattr, 0, schedule, 0);
}

int sys_setaffinity(const void *mask, size_t size)
{
	return (int)syscall(SYS_sched_setaffinity, 0, size, mask);
}

int sys_set_io_priority(int value)
{
	enum { PROCESS = 1 /* IOPRIO_WHO_PROCESS */ };
	return (int)syscall(SYS_ioprio_set, PROCESS, 0, value);
}

int sys_set_memory_policy(unsigned mode, const void *mask, size_t bits)
{
	return (int)syscall(SYS_set_mempolicy, (unsigned long)mode, mask, bits);
}

int sys_personality(unsigned persona)
{
	return (int)syscall(SYS_personality, (unsigned long)persona);
}

int sys_keyctl_join_session(void)
{
	return (int)syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL);
}

int sys_seccomp(unsigned operation, unsigned flags, const void *arguments)
{
	return (int)syscall(SYS_seccomp, operation, flags, arguments);
}

int sys_capset(uint64_t effective, uint64_t permitted, uint64_t inheritable)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[2] = {
		{(uint32_t)effective, (uint32_t)permitted, (uint32_t)inheritable},
		{(uint32_t)(effective >> 32), (uint32_t)(permitted >> 32), (uint32_t)(inheritable >> 32)},
	};
	return (int)syscall(SYS_capset, &header, data);
}
