/* Raw system calls that libc lacks or hides, and the constants that go with them. <sys/mount.h> is never included: it
 * clashes with <linux/mount.h> under glibc 2.36. Every function returns -1 and sets errno, as libc's do. */
#ifndef SYS_H
#define SYS_H

#include <fcntl.h>
#include <linux/mount.h>
#include <linux/openat2.h>
#include <linux/sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/types.h>
#include <time.h>

#ifndef MNT_DETACH
#define MNT_DETACH 2
#endif

int sys_fsopen(const char *type);                                               /* Linux 5.2 */
int sys_fsconfig(int fs, unsigned command, const char *key, const void *value); /* Linux 5.2 */
int sys_fsmount(int fs, uint64_t attributes);                                   /* Linux 5.2 */
/* A detached copy of the mount (with its submounts, where FLAGS has AT_RECURSIVE) that the O_PATH descriptor FD is in.
 */
int sys_open_tree_clone(int fd, unsigned flags); /* Linux 5.2 */
/* Mounts the detached MOUNT on what TARGET is open on. Nothing is looked up by name. */
int sys_move_mount(int mount, int target);                                                         /* Linux 5.2 */
int sys_mount_setattr(int fd, unsigned flags, uint64_t set, uint64_t clear, uint64_t propagation); /* Linux 5.12 */
/* Ids as in the user namespace that USER is open on. */
int sys_mount_idmap(int fd, unsigned flags, int user);          /* Linux 5.12 */
int sys_set_propagation(const char *path, unsigned long flags); /* mount(2) */
/* Which mount PATH is in; -1 where the kernel does not tell. */
int64_t sys_mount_id(int dir, const char *path); /* statx(2) STATX_MNT_ID, Linux 5.8 */
int sys_umount(const char *path, int flags);
int sys_pivot_root(const char *new_root, const char *put_old);
int sys_openat2(int dir, const char *path, uint64_t flags, mode_t mode, uint64_t resolve); /* Linux 5.6 */
int sys_close_range(unsigned first, unsigned last, unsigned flags);                        /* Linux 5.9, CLOEXEC 5.11 */
/* fork with namespaces; *PIDFD gets a descriptor of the child. CGROUP, of version 2, is where it is born (Linux 5.7),
 * or -1. */
pid_t sys_clone3(uint64_t flags, int *pidfd, int cgroup); /* Linux 5.3 */
/* The same, but the child is its caller's sibling (CLONE_PARENT). */
pid_t sys_clone3_sibling(uint64_t flags, int cgroup);
int sys_unshare(int flags);
int sys_setns(int fd, int flags);
int sys_pidfd_open(pid_t pid); /* Linux 5.3 */
int sys_pidfd_send_signal(int pidfd, int signal);
int sys_execveat(int fd, char *const argv[], char *const env[]);
/* When NAME in DIR was modified, in seconds; a link's own. NULL: DIR itself, which may be a file. */
int sys_set_time(int dir, const char *name, uint64_t seconds); /* libc's brings along what it does on older kernels */
/* As libc's, which would tell all threads, of which there are none here. Real, effective and saved id alike. */
int sys_setgroups(size_t count, const uint32_t *groups);
int sys_setgid(uint32_t gid);
int sys_setuid(uint32_t uid);
int sys_setrlimit(int resource, const struct rlimit *limit);
int sys_rename(int from_dir, const char *from, int to_dir, const char *to); /* libc's is in <stdio.h> */
int sys_getcwd(char *path, size_t size);
ssize_t sys_getdents(int fd, void *list, size_t size);
/* libc's looks for the vDSO's: more code than a few readings are worth. */
void sys_clock(int clock, struct timespec *time);
/* SIG_DFL or SIG_IGN. libc's has several calls more for some signals, and refuses those that it uses itself. */
void sys_signal(int number, void (*disposition)(int));
/* sched_setattr(2), as the kernel first had it: <linux/sched/types.h> clashes with libc's <sched.h>. */
struct schedule {
	uint32_t size, policy;
	uint64_t flags;
	int32_t nice;
	uint32_t priority;
	uint64_t runtime, deadline, period;
};
int sys_setscheduler(const struct schedule *schedule);
enum { CPUS_MAX = 1024 };
int sys_setaffinity(const void *mask, size_t size);
int sys_set_io_priority(int value);
int sys_set_memory_policy(unsigned mode, const void *mask, size_t bits);
int sys_personality(unsigned persona);
int sys_keyctl_join_session(void); /* keyctl(2), KEYCTL_JOIN_SESSION_KEYRING with no name */
int sys_seccomp(unsigned operation, unsigned flags, const void *arguments);
int sys_capset(uint64_t effective, uint64_t permitted, uint64_t inheritable);

#endif
