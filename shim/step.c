/* The order of things, each with its reason. Nothing else knows it (but supervise.c, for the parent's side). */
#include "step.h"

#include "channel.h"
#include "clock.h"
#include "event.h"
#include "names.h"
#include "network.h"
#include "print.h"
#include "programs.h"
#include "sys.h"

#include <string.h>

#define WHEN(name, condition)                                                                                          \
	static bool name(const struct spec *s)                                                                         \
	{                                                                                                              \
		return condition;                                                                                      \
	}

WHEN(has_mount_ns, spec_clone_flags(s) & CLONE_NEWNS)
WHEN(has_user_ns, spec_clone_flags(s) & CLONE_NEWUSER)
WHEN(has_cgroup, s->cgroup.join.count)
/* Who enters namespaces has joined before: afterwards there is no path to them. */
WHEN(has_cgroup_to_join, s->cgroup.join.count && !spec_joins(s))
/* A container that enters a pod's makes its mounts in it. */
WHEN(has_ids_of_its_own, has_user_ns(s) || (has_mount_ns(s) && spec_leaves(s, CLONE_NEWUSER)))
WHEN(has_cgroup_ns, spec_clone_flags(s) & CLONE_NEWCGROUP)
WHEN(has_keyring, s->new_keyring)
WHEN(has_idmap, s->idmap)
WHEN(has_root, has_mount_ns(s) && s->root.path)
WHEN(has_mounts, s->mounts.count)
WHEN(has_devices, s->devices.count)
WHEN(has_links, s->links.count)
WHEN(has_contents, s->contents.count)
WHEN(has_terminal, s->process.terminal)
WHEN(has_network_beside, network_is_beside(s))
WHEN(has_loopback, network_child_waits(s))
WHEN(has_attach, s->network.attach.count)
WHEN(has_sysctl, s->sysctl.count)
WHEN(has_names, s->hostname || s->domainname)
WHEN(has_readonly_paths, s->readonly_paths.count)
WHEN(has_masks, s->masked_paths.count)
WHEN(has_readonly_root, s->root.readonly)
WHEN(has_oom_score, s->process.has_oom_score_adj)
WHEN(has_limits, s->process.limits.count)
WHEN(has_no_new_privileges, s->process.no_new_privileges)
WHEN(has_pack, s->files.pack)
WHEN(has_unpack, s->files.unpack)
WHEN(has_diff, s->files.diff)
WHEN(has_command, !s->files.pack && !s->files.unpack && !s->files.diff)
WHEN(has_seccomp, s->seccomp.filter)
WHEN(has_init, s->init)
WHEN(has_time_ns, spec_clone_flags(s) & CLONE_NEWTIME)
WHEN(has_affinity, s->process.affinity.final.count)
WHEN(has_scheduler, s->process.scheduler.present)
WHEN(has_io_priority, s->process.io_priority.present)
WHEN(has_memory_policy, s->memory_policy.present)
WHEN(has_personality, s->has_personality)
WHEN(has_labels, s->process.apparmor || s->process.selinux)
WHEN(has_hooks_and_mounts, s->mounts.count && s->hooks.state)
WHEN(has_mounts_alone, s->mounts.count && !s->hooks.state)
WHEN(has_root_propagation, s->root_propagation)
static bool has_outside(const struct spec *s)
{
	for (size_t i = 0; i < s->mounts.count; i++)
		if (s->mounts.items[i].uid_mappings.count ||
		    (has_ids_of_its_own(s) && !strcmp(s->mounts.items[i].type, "bind")))
			return true;
	return false;
}

WHEN(has_hooks, s->hooks.state && s->root.path)
WHEN(has_start_hooks, s->hooks.start_container.count)
WHEN(has_pid_file, s->pid_file)

static const struct step host_steps[] = {
	{"spec", NULL, NULL, "read", "what is not understood is refused, not ignored", "", "spec(7)", NULL},
	{"seal", NULL, NULL, "memfd_create fcntl execveat",
	 "a container that reaches /proc/PID/exe finds nothing to overwrite", "", "memfd_create(2)", NULL},
	{"descriptors", NULL, NULL, "close_range", "the caller's open files are not the container's", "",
	 "close_range(2)", NULL},
	{"cgroup", has_cgroup, NULL, "mkdir write bpf", "limits are there before the process that they limit", "",
	 "cgroups(7)", NULL},
	{"outside", has_outside, NULL, "open_tree mount_setattr",
	 "sources that a user namespace's root could not reach, and ids to be mapped", "", "mount_setattr(2)", NULL},
	{"clone", NULL, NULL, "clone3", "a new process in new namespaces", "unshare --fork …",
	 "clone(2), namespaces(7)", NULL},
	{0},
};

static const struct step parent_steps[] = {
	{"id-maps", has_user_ns, NULL, "write", "who is root inside is told from outside", "newuidmap PID …",
	 "user_namespaces(7)", NULL},
	{"pid-file", has_pid_file, NULL, "write", "before the command runs, so that who waits for it can find it", "",
	 "", NULL},
	{"network", has_network_beside, NULL, "unshare sendmsg setns",
	 "slow to make, so it is made while the child mounts", "", "network_namespaces(7)", NULL},
	{"attach", has_attach, NULL, "clone3 setns execve", "what connects the container to the world, while it waits",
	 "", "ip(8), nft(8)", detail_programs},
	{"go", NULL, NULL, "sendmsg", "the child waits until its ids are mapped", "", "unix(7)", NULL},
	{"layers", has_idmap, NULL, "open_tree mount_setattr sendmsg",
	 "what is root's on disk is the container's root's, and only root may say so", "mount -o X-mount.idmap=… …",
	 "mount_setattr(2)", NULL},
	{0},
};

static const struct step child_steps[] = {
	{"wait", NULL, wait_for_go, "prctl recvmsg", "dies with its parent; waits for its ids", "", "prctl(2)", NULL},
	{"cgroup", has_cgroup_to_join, join_cgroups, "write", "in its cgroups before it does anything else",
	 "echo 0 > DIR/tasks", "cgroups(7)", NULL},
	{"cgroup-namespace", has_cgroup_ns, new_cgroup_namespace, "unshare", "its root is the container's own cgroup",
	 "unshare --cgroup", "cgroup_namespaces(7)", NULL},
	{"namespaces", has_network_beside, new_namespaces, "unshare", "those that the clone did not make",
	 "unshare --mount --uts --ipc", "namespaces(7)", NULL},
	{"own-files", has_contents, open_contents, "openat write open_tree",
	 "those that change while the container runs lie on the host", "", "open_tree(2)", NULL},
	{"ids", has_ids_of_its_own, become_mapped_root, "setresgid setresuid",
	 "files made from here on belong to the container's root", "", "credentials(7)", NULL},
	{"time", has_time_ns, new_time_namespace, "unshare write setns", "its clocks are set before anyone is in it",
	 "unshare --time --monotonic SECONDS", "time_namespaces(7)", NULL},
	{"hide", NULL, hide_from_ptrace, "prctl", "nobody in the container can look into this process (CVE-2016-9962)",
	 "", "PR_SET_DUMPABLE(2const)", NULL},
	{"session", NULL, new_session, "setsid",
	 "no controlling terminal: nothing can be typed into the caller's (TIOCSTI)", "setsid …", "setsid(2)", NULL},
	{"keyring", has_keyring, new_keyring, "keyctl", "the caller's keys stay the caller's", "keyctl session - …",
	 "keyrings(7)", NULL},
	{"propagation", has_mount_ns, make_private, "mount",
	 "no mount made here shows up outside, nor the other way round", "mount --make-rprivate /",
	 "mount_namespaces(7)", NULL},
	{"sources", has_mounts, open_sources, "open_tree fsopen fsmount",
	 "every mount is made, detached, while the host's paths can still be named", "", "open_tree(2), fsopen(2)",
	 NULL},
	{"rootfs", has_root, mount_rootfs, "fsopen fsconfig fsmount move_mount", "the image below, the changes above",
	 "", "fsconfig(2)", detail_rootfs},
	{"early-mounts", has_hooks_and_mounts, attach_mounts, "openat2 move_mount",
	 "hooks find what is mounted; targets are found in the new root, by descriptor", "",
	 "openat2(2), move_mount(2)", detail_mounts},
	{"hooks", has_hooks, run_create_hooks, "sendmsg recvmsg execve",
	 "an engine's programs, outside and in here, while paths are still the host's", "", "", NULL},
	{"pivot", has_root, pivot, "pivot_root umount2",
	 "the host's files are gone; from here on no path can lead to them", "cd ROOT; pivot_root . .; umount -l .",
	 "pivot_root(2)", NULL},
	{"mounts", has_mounts_alone, attach_mounts, "openat2 move_mount",
	 "targets are found in the new root, by descriptor", "", "openat2(2), move_mount(2)", detail_mounts},
	{"contents", has_contents, attach_contents, "openat2 write open_tree move_mount",
	 "host names are the container's, not the image's", "mount --bind FILE /etc/hosts", "hosts(5), resolv.conf(5)",
	 detail_contents},
	{"network", has_network_beside, join_network, "recvmsg setns",
	 "the supervisor has made it meanwhile; earlier where a sysfs is mounted", "nsenter --net=…", "setns(2)", NULL},
	{"devices", has_devices, make_devices, "mknodat",
	 "on the container's own tmpfs, so that the host's keep their owner and mode", "", "mknod(2)", detail_devices},
	{"links", has_links, make_links, "symlinkat", "programs expect them", "", "symlink(2)", detail_links},
	{"console", has_terminal, open_console, "ioctl move_mount", "a pty of the container's own devpts", "",
	 "pty(7), TIOCGPTPEER(2const)", NULL},
	{"cwd", has_root, make_cwd, "openat2 mkdirat", "made while the root can still be written to", "mkdir -p CWD",
	 "openat2(2)", NULL},
	{"loopback", has_loopback, loopback_up, "ioctl", "a new network namespace has lo, but down",
	 "ip link set lo up", "netdevice(7)", NULL},
	{"sysctl", has_sysctl, set_sysctls, "openat2 write", "before /proc/sys becomes read-only", "", "proc(5)",
	 detail_sysctls},
	{"hostname", has_names, set_hostname, "sethostname setdomainname",
	 "the uts namespace is new, its names are copies", "hostname NAME", "uts_namespaces(7)", NULL},
	{"oom-score", has_oom_score, set_oom_score_adj, "write", "who is killed first when memory is short", "",
	 "proc(5)", NULL},
	{"read-only-mounts", has_filled_mounts, make_mounts_readonly, "mount_setattr",
	 "now that the mount points, nodes and links in them are made", "mount -o remount,ro P", "mount_setattr(2)",
	 NULL},
	{"read-only-paths", has_readonly_paths, make_paths_readonly, "open_tree mount_setattr move_mount",
	 "the kernel's settings can be read, not written", "mount --bind -o ro P P", "mount_setattr(2)", NULL},
	{"masks", has_masks, mask_paths, "open_tree move_mount", "what tells or steers the host is covered",
	 "mount --bind /dev/null P; mount -t tmpfs -o ro tmpfs P", "proc(5)", NULL},
	{"root-propagation", has_root_propagation, set_root_propagation, "mount",
	 "only now: the pivot wants a root that is not shared", "mount --make-… /", "mount_namespaces(7)", NULL},
	{"read-only", has_readonly_root, make_root_readonly, "mount_setattr",
	 "last, since the steps before make mount points", "mount -o remount,ro,bind /", "mount_setattr(2)", NULL},
	{0},
};

static const struct step payload_steps[] = {
	{"limits", has_limits, set_limits, "setrlimit", "while raising one is still allowed", "ulimit …",
	 "getrlimit(2)", NULL},
	{"stdio", NULL, set_stdio, "dup2 ioctl", "the pty, or the container's own /dev/null as stdin",
	 "COMMAND </dev/null", "ioctl_tty(2)", NULL},
	{"affinity", has_affinity, use_last_processors, "sched_setaffinity", "in its control groups by now",
	 "taskset -c CPUS …", "sched_setaffinity(2)", NULL},
	{"scheduler", has_scheduler, set_scheduler, "sched_setattr", "while that is still allowed", "chrt …",
	 "sched_setattr(2)", NULL},
	{"io-priority", has_io_priority, set_io_priority, "ioprio_set", "while that is still allowed", "ionice …",
	 "ioprio_set(2)", NULL},
	{"memory-policy", has_memory_policy, set_memory_policy, "set_mempolicy", "which nodes its pages come from",
	 "numactl …", "set_mempolicy(2)", NULL},
	{"personality", has_personality, set_personality, "personality", "what uname(2) tells", "setarch …",
	 "personality(2)", NULL},
	{"labels", has_labels, set_labels, "write", "before no_new_privs, which would forbid them",
	 "aa-exec …; runcon …", "apparmor(7), selinux(8)", NULL},
	{"user", NULL, set_user, "setgroups setresgid prctl setresuid capset",
	 "groups, gid, bounding set, uid, capabilities: each while the next is still allowed", "setpriv …",
	 "capabilities(7)", NULL},
	{"no-new-privileges", has_no_new_privileges, set_no_new_privileges, "prctl", "setuid programs give nothing",
	 "setpriv --no-new-privs …", "PR_SET_NO_NEW_PRIVS(2const)", NULL},
	{"enter-cwd", NULL, enter_cwd, "openat2 fchdir getcwd", "by descriptor, and certainly inside (CVE-2024-21626)",
	 "cd CWD", "openat2(2)", NULL},
	{"init", has_init, become_init, "fork sigwaitinfo waitpid", "PID 1 must reap orphans and pass signals on",
	 "tini -- …", "pid_namespaces(7)", NULL},
	{"seccomp", has_seccomp, NULL, "seccomp",
	 "right before the end, in PID 1 and in the command: nothing of ours is denied by it", "", "seccomp(2)", NULL},
	{"pack", has_pack, pack, "openat2 openat write", "nothing of the container's is executed (CVE-2019-14271)",
	 "tar -c PATH", "tar(5)", NULL},
	{"unpack", has_unpack, unpack, "read openat mkdirat", "no link leads out of the root (CVE-2018-15664)",
	 "tar -x -C PATH", "tar(5)", NULL},
	{"diff", has_diff, diff, "getdents64 fgetxattr", "who made the changes may read them", "", "", NULL},
	{"leave", has_command, leave_caller, "prctl sendmsg read",
	 "where an engine looks after the container: it waits for its start, and nothing of ours stays", "", "", NULL},
	{"start-hooks", has_start_hooks, run_start_hooks, "execve", "an engine's programs that the image brings along",
	 "", "", NULL},
	{"exec", has_command, execute, "close_range execve", "nothing but 0, 1 and 2 goes in", "exec COMMAND",
	 "execve(2)", NULL},
	{0},
};

const struct phase phases[] = {
	{"host", host_steps}, {"parent", parent_steps}, {"child", child_steps}, {"payload", payload_steps}, {0},
};

static void run_step(const char *phase, const struct step *step, struct container *c)
{
	uint64_t start = c->trace ? clock_us() : 0;
	at_step(phase, step->name);
	step->act(c);
	if (c->trace && c->channel >= 0)
		channel_send_trace(c->channel, phase, step->name, clock_us() - start);
}

void run_phase(const char *name, struct container *c)
{
	const struct phase *phase = phases;
	while (strcmp(phase->name, name))
		phase++;
	for (const struct step *step = phase->steps; step->name; step++)
		if (step->act && (!step->applies || step->applies(c->spec)))
			run_step(phase->name, step, c);
}

static void explain_clone(const struct spec *s)
{
	print("      new namespaces:");
	for (const struct name *n = namespace_names; n->name; n++)
		if (spec_clone_flags(s) & (int)n->value)
			print(" %s", n->name);
	print("\n");
}

static void explain_step(unsigned number, const char *phase, const struct step *step, const struct spec *s)
{
	print("%s%u. %s/%s: %s\n", number < 10 ? " " : "", number, phase, step->name, step->why);
	print("      %s%s%s\n", step->calls, *step->manual ? " — " : "", step->manual);
	if (*step->by_hand)
		print("      by hand: %s\n", step->by_hand);
	if (!strcmp(step->name, "clone"))
		explain_clone(s);
	if (step->detail)
		step->detail(s);
}

void explain(const struct spec *s)
{
	unsigned number = 0;
	for (const struct phase *phase = phases; phase->name; phase++)
		for (const struct step *step = phase->steps; step->name; step++)
			if (!step->applies || step->applies(s))
				explain_step(++number, phase->name, step, s);
}

void print_steps(void)
{
	const char *comma = "";
	for (const struct phase *phase = phases; phase->name; phase++)
		for (const struct step *step = phase->steps; step->name; step++, comma = ",")
			print("%s{\"phase\":\"%s\",\"step\":\"%s\",\"calls\":\"%s\",\"why\":\"%s\"}", comma,
			      phase->name, step->name, step->calls, step->why);
}
