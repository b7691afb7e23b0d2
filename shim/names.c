#include "names.h"

#include "spec.h"

/* For MOUNT_ATTR_* and MS_*; <sys/mount.h> declares the same names and must not be included beside it. */
#include <linux/capability.h>
#include <linux/mount.h>
#include <sched.h>
#include <string.h>
#include <sys/resource.h>

#define SAME(name) #name, name

const struct name namespace_names[] = {
	{"pid", CLONE_NEWPID},       {"network", CLONE_NEWNET}, {"mount", CLONE_NEWNS},
	{"ipc", CLONE_NEWIPC},       {"uts", CLONE_NEWUTS},     {"user", CLONE_NEWUSER},
	{"cgroup", CLONE_NEWCGROUP}, {"time", CLONE_NEWTIME},   {NULL, 0},
};

/* In the kernel's order: capability n is entry n. */
const struct name capability_names[] = {
	{SAME(CAP_CHOWN)},
	{SAME(CAP_DAC_OVERRIDE)},
	{SAME(CAP_DAC_READ_SEARCH)},
	{SAME(CAP_FOWNER)},
	{SAME(CAP_FSETID)},
	{SAME(CAP_KILL)},
	{SAME(CAP_SETGID)},
	{SAME(CAP_SETUID)},
	{SAME(CAP_SETPCAP)},
	{SAME(CAP_LINUX_IMMUTABLE)},
	{SAME(CAP_NET_BIND_SERVICE)},
	{SAME(CAP_NET_BROADCAST)},
	{SAME(CAP_NET_ADMIN)},
	{SAME(CAP_NET_RAW)},
	{SAME(CAP_IPC_LOCK)},
	{SAME(CAP_IPC_OWNER)},
	{SAME(CAP_SYS_MODULE)},
	{SAME(CAP_SYS_RAWIO)},
	{SAME(CAP_SYS_CHROOT)},
	{SAME(CAP_SYS_PTRACE)},
	{SAME(CAP_SYS_PACCT)},
	{SAME(CAP_SYS_ADMIN)},
	{SAME(CAP_SYS_BOOT)},
	{SAME(CAP_SYS_NICE)},
	{SAME(CAP_SYS_RESOURCE)},
	{SAME(CAP_SYS_TIME)},
	{SAME(CAP_SYS_TTY_CONFIG)},
	{SAME(CAP_MKNOD)},
	{SAME(CAP_LEASE)},
	{SAME(CAP_AUDIT_WRITE)},
	{SAME(CAP_AUDIT_CONTROL)},
	{SAME(CAP_SETFCAP)},
	{SAME(CAP_MAC_OVERRIDE)},
	{SAME(CAP_MAC_ADMIN)},
	{SAME(CAP_SYSLOG)},
	{SAME(CAP_WAKE_ALARM)},
	{SAME(CAP_BLOCK_SUSPEND)},
	{SAME(CAP_AUDIT_READ)},
	{SAME(CAP_PERFMON)},
	{SAME(CAP_BPF)},
	{SAME(CAP_CHECKPOINT_RESTORE)},
	{NULL, 0},
};

const struct name rlimit_names[] = {
	{SAME(RLIMIT_CPU)},
	{SAME(RLIMIT_FSIZE)},
	{SAME(RLIMIT_DATA)},
	{SAME(RLIMIT_STACK)},
	{SAME(RLIMIT_CORE)},
	{SAME(RLIMIT_RSS)},
	{SAME(RLIMIT_NPROC)},
	{SAME(RLIMIT_NOFILE)},
	{SAME(RLIMIT_MEMLOCK)},
	{SAME(RLIMIT_AS)},
	{SAME(RLIMIT_LOCKS)},
	{SAME(RLIMIT_SIGPENDING)},
	{SAME(RLIMIT_MSGQUEUE)},
	{SAME(RLIMIT_NICE)},
	{SAME(RLIMIT_RTPRIO)},
	{SAME(RLIMIT_RTTIME)},
	{NULL, 0},
};

const struct name propagation_names[] = {
	{"private", MS_PRIVATE},
	{"slave", MS_SLAVE},
	{"shared", MS_SHARED},
	{"unbindable", MS_UNBINDABLE},
	{"rprivate", MS_REC | MS_PRIVATE},
	{"rslave", MS_REC | MS_SLAVE},
	{"rshared", MS_REC | MS_SHARED},
	{"runbindable", MS_REC | MS_UNBINDABLE},
	{NULL, 0},
};

const struct name setgroups_names[] = {{"allow", SETGROUPS_ALLOW}, {"deny", SETGROUPS_DENY}, {NULL, 0}};

const struct name filter_flag_names[] = {
	{"SECCOMP_FILTER_FLAG_LOG", 1},
	{"SECCOMP_FILTER_FLAG_SPEC_ALLOW", 2},
	{NULL, 0},
};

const struct name *name_find(const struct name *table, const char *name)
{
	for (; table->name; table++)
		if (!strcmp(table->name, name))
			return table;
	return NULL;
}

const char *name_of(const struct name *table, uint64_t value)
{
	for (; table->name; table++)
		if (table->value == value)
			return table->name;
	return NULL;
}

/*
 * OCI runtime-spec 1.2, "Linux mount options", as far as mount_setattr(2) can do them; the rest are data for the file
 * system. Left out because nothing but the default comes of them: norelatime, nostrictatime. `r…`: submounts too.
 */
#define OPTION(name, set, clear, propagation)                                                                          \
	{name, set, clear, propagation, false, false},                                                                 \
	{                                                                                                              \
		"r" name, set, clear, propagation, true, false                                                         \
	}
#define ON_OFF(on, off, bit) OPTION(on, bit, 0, 0), OPTION(off, 0, bit, 0)
/* The three ways of keeping access times exclude each other: the field is cleared before one is set. */
#define ATIME(name, value)      OPTION(name, value, MOUNT_ATTR__ATIME, 0)
#define PROPAGATION(name, flag) OPTION(name, 0, 0, flag)

const struct mount_option mount_options[] = {
	{"defaults", 0, 0, 0, false, false},
	{"bind", 0, 0, 0, false, true},
	{"rbind", 0, 0, 0, true, true},
	{"idmap", 0, 0, 0, false, true},
	{"ridmap", 0, 0, 0, true, true},
	ON_OFF("ro", "rw", MOUNT_ATTR_RDONLY),
	ON_OFF("nosuid", "suid", MOUNT_ATTR_NOSUID),
	ON_OFF("nodev", "dev", MOUNT_ATTR_NODEV),
	ON_OFF("noexec", "exec", MOUNT_ATTR_NOEXEC),
	ON_OFF("nodiratime", "diratime", MOUNT_ATTR_NODIRATIME),
	ON_OFF("nosymfollow", "symfollow", MOUNT_ATTR_NOSYMFOLLOW),
	ATIME("relatime", MOUNT_ATTR_RELATIME),
	ATIME("atime", MOUNT_ATTR_RELATIME),
	ATIME("noatime", MOUNT_ATTR_NOATIME),
	ATIME("strictatime", MOUNT_ATTR_STRICTATIME),
	PROPAGATION("private", MS_PRIVATE),
	PROPAGATION("slave", MS_SLAVE),
	PROPAGATION("shared", MS_SHARED),
	PROPAGATION("unbindable", MS_UNBINDABLE),
	{NULL, 0, 0, 0, false, false},
};

const struct mount_option *mount_option_find(const char *name)
{
	for (const struct mount_option *option = mount_options; option->name; option++)
		if (!strcmp(option->name, name))
			return option;
	return NULL;
}

/* What needs a device, or is a network's, is the engines' to ask for; the last ones show and steer the machine itself.
 */
const char *const mount_types[] = {
	"bind",    "proc",    "sysfs",    "tmpfs",    "devpts",     "mqueue",    "cgroup2",     "cgroup",   "ramfs",
	"overlay", "ext2",    "ext3",     "ext4",     "xfs",        "btrfs",     "f2fs",        "squashfs", "erofs",
	"iso9660", "vfat",    "exfat",    "ntfs3",    "udf",        "fuse",      "fuseblk",     "nfs",      "nfs4",
	"cifs",    "ceph",    "9p",       "virtiofs", "hugetlbfs",  "configfs",  "binfmt_misc", "bpf",      "devtmpfs",
	"debugfs", "tracefs", "efivarfs", "pstore",   "securityfs", "selinuxfs", "rpc_pipefs",  NULL,
};
