/* Where errno says one thing and the cause is another: what to do about it. */
#include "event.h"

#include <errno.h>
#include <string.h>

static const struct advice {
	const char *step;
	int error;
	const char *text;
} table[] = {
	{"cgroup", ENOENT,
	 "this kernel lacks the setting (of memory.memsw: swapaccount=1; of a weight of I/O: the BFQ scheduler), or "
	 "the "
	 "hierarchy is not mounted"},
	{"cgroup", EACCES, "this control group is not yours to change: have one delegated, or use --cgroups disabled"},
	{"cgroup", EPERM, "this control group is not yours to change: have one delegated, or use --cgroups disabled"},
	{"cgroup", EROFS, "the control groups are mounted read-only here: --cgroups disabled does without"},
	{"cgroup", EINVAL, "the kernel does not take this value here: the group above may allow less"},
	{"cgroup", EBUSY, "the control group has processes of its own, so that groups below it can't be limited"},
	{"cgroup", ENOSPC, "a new cpuset has no CPUs and memory nodes until they are written to it"},
	{"cgroup", ENOTSUP, "the path is in no control group file system"},
	{"clone", EPERM,
	 "not allowed to make these namespaces: as a user, user namespaces must be on (sysctl "
	 "kernel.unprivileged_userns_clone, "
	 "kernel.apparmor_restrict_unprivileged_userns)"},
	{"clone", ENOSPC,
	 "the limit of user namespaces is reached (sysctl user.max_user_namespaces; 0 turns them off)"},
	{"clone", EUSERS, "namespaces are nested too deep (32 levels)"},
	{"clone", EINVAL, "this kernel lacks one of the namespaces, or CLONE_PIDFD (Linux 5.2)"},
	{"clone", ENOSYS, "clone3 is missing: Linux 5.3 or newer is needed, or a seccomp filter hides it"},
	{"namespaces", EINVAL, "this kernel lacks one of the namespaces"},
	{"namespaces", EPERM, "new namespaces take CAP_SYS_ADMIN: without it, call this as a user, not as root"},
	{"namespaces", ENOSPC, "the limit of namespaces is reached (sysctl user.max_mnt_namespaces and its kin)"},
	{"network", EPERM, "new namespaces take CAP_SYS_ADMIN: without it, call this as a user, not as root"},
	{"network", ENOSPC, "the limit of network namespaces is reached (sysctl user.max_net_namespaces)"},
	{"rootfs", ENODEV, "this kernel has no overlayfs (modprobe overlay), or use --overlay none"},
	{"rootfs", ELOOP, "overlay directories overlap: keep the upper directory out of the lower one"},
	{"rootfs", EINVAL,
	 "the upper directory's file system may not be fit for overlayfs (another overlay, NFS), or lacks the "
	 "attributes that it "
	 "needs: use --overlay tmpfs, or a directory elsewhere"},
	{"rootfs", EPERM, "overlayfs in a user namespace needs Linux 5.11"},
	{"rootfs", ESTALE, "the upper directory belongs to other lower layers"},
	{"rootfs", EBUSY, "the upper or work directory is in use by another container"},
	{"rootfs", ENOSYS, "the new mount API is missing: Linux 5.12 or newer is needed, or a seccomp filter hides it"},
	{"sources", EINVAL, "a directory with mounts below it can't be bound without them here: use a recursive bind"},
	{"sources", EPERM,
	 "the kernel lets a user namespace mount /proc or /sys only where the caller's own are fully visible"},
	{"sources", ENOSYS,
	 "the new mount API is missing: Linux 5.12 or newer is needed, or a seccomp filter hides it"},
	{"mounts", ENOSPC, "the limit of mounts is reached (sysctl fs.mount-max)"},
	{"mounts", EROFS, "what the mount would lie over does not exist and can't be made on a read-only file system"},
	{"mounts", ELOOP, "a symbolic link is in the way: the image's links at /dev, /proc and /sys are not followed"},
	{"mounts", EINVAL, "a directory can be mounted only over a directory, a file only over a file"},
	{"mounts", ENOTDIR, "a directory can be mounted only over a directory, a file only over a file"},
	{"cwd", ELOOP, "links are followed inside the container only, and those of /proc not at all"},
	{"devices", EPERM, "device nodes can't be made in a user namespace: bind the host's instead"},
	{"limits", EPERM,
	 "a limit can't be raised above the caller's own hard limit (ulimit -H) without CAP_SYS_RESOURCE"},
	{"user", EINVAL,
	 "this id is not in the map of the user namespace: see /etc/subuid, /etc/subgid and newuidmap(1)"},
	{"unpack", ENOTDIR, "links in the way are not followed: name the directory that they lead to"},
	{"oom-score", EACCES, "a score can't be lowered below the caller's own without CAP_SYS_RESOURCE"},
	{"sysctl", ENOENT, "this kernel has no such setting, or it does not belong to a namespace"},
	{"id-maps", EPERM, "these ids may not be mapped: see user_namespaces(7), /etc/subuid and /etc/subgid"},
	{"seal", EACCES, "this kernel forbids executable memory files (sysctl vm.memfd_noexec)"},
	{"exec", EACCES, "is it a directory, or a file without the right to execute?"},
	{"exec", ENOEXEC, "not a program for this machine; a script needs a first line such as #!/bin/sh"},
};

const char *hint(const char *step, int error)
{
	for (size_t i = 0; error && i < sizeof(table) / sizeof(*table); i++)
		if (table[i].error == error && !strcmp(table[i].step, step))
			return table[i].text;
	return NULL;
}
