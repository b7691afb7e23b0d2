/**
 * Every system call of Linux is in one of these groups: what a container may call, what a capability opens (docker's
 * choices where it has made one), and what stays closed. A test holds them against libseccomp's table.
 */

/** Names, as a person reads them best. Not by a regular expression: it would be compiled in every run. */
const words = (text: string): string[] => text.replaceAll('\n', ' ').replaceAll('\t', '').trim().split(' ');

/** What programs are made of. */
export const allowed: readonly string[] = words(`
	open openat openat2 creat close close_range dup dup2 dup3 fcntl flock ioctl
	read write readv writev pread64 pwrite64 preadv pwritev preadv2 pwritev2 lseek
	sendfile splice tee copy_file_range fallocate truncate ftruncate readahead fadvise64
	fsync fdatasync sync syncfs sync_file_range cachestat
	stat fstat lstat newfstatat statx statfs fstatfs access faccessat faccessat2 getdents getdents64
	getcwd chdir fchdir mkdir mkdirat rmdir rename renameat renameat2 link linkat unlink unlinkat
	symlink symlinkat readlink readlinkat mknod mknodat umask name_to_handle_at
	chmod fchmod fchmodat fchmodat2 chown fchown lchown fchownat utime utimes futimesat utimensat
	setxattr lsetxattr fsetxattr getxattr lgetxattr fgetxattr listxattr llistxattr flistxattr
	removexattr lremovexattr fremovexattr
	mmap munmap mremap mprotect msync mincore madvise brk remap_file_pages
	mlock munlock mlockall munlockall mlock2 memfd_create memfd_secret membarrier
	pkey_mprotect pkey_alloc pkey_free map_shadow_stack
	fork vfork clone execve execveat exit exit_group wait4 waitid
	getpid gettid getppid getpgid setpgid getpgrp getsid setsid set_tid_address
	pidfd_open pidfd_send_signal process_mrelease
	getuid geteuid getgid getegid setuid setgid setreuid setregid getresuid setresuid getresgid setresgid
	getgroups setgroups setfsuid setfsgid capget capset
	prctl arch_prctl set_thread_area get_thread_area seccomp rseq
	landlock_create_ruleset landlock_add_rule landlock_restrict_self
	ptrace process_vm_readv process_vm_writev
	kill tkill tgkill pause sigaltstack restart_syscall signalfd signalfd4 rt_sigaction rt_sigpending
	rt_sigprocmask rt_sigqueueinfo rt_sigreturn rt_sigsuspend rt_sigtimedwait rt_tgsigqueueinfo
	futex futex_waitv futex_wake futex_wait futex_requeue set_robust_list get_robust_list
	sched_yield getcpu getpriority setpriority ioprio_get ioprio_set
	sched_getaffinity sched_setaffinity sched_getattr sched_setattr sched_getparam sched_setparam
	sched_getscheduler sched_setscheduler sched_get_priority_max sched_get_priority_min sched_rr_get_interval
	getrlimit setrlimit prlimit64 getrusage times sysinfo uname getrandom
	time gettimeofday clock_gettime clock_getres clock_nanosleep nanosleep alarm getitimer setitimer
	timer_create timer_delete timer_getoverrun timer_gettime timer_settime
	timerfd_create timerfd_gettime timerfd_settime adjtimex clock_adjtime
	poll ppoll select pselect6 epoll_create epoll_create1 epoll_ctl epoll_ctl_old epoll_wait epoll_wait_old
	epoll_pwait epoll_pwait2 eventfd eventfd2 inotify_init inotify_init1 inotify_add_watch inotify_rm_watch
	io_setup io_destroy io_submit io_cancel io_getevents io_pgetevents
	pipe pipe2 shmget shmat shmctl shmdt semget semop semctl semtimedop msgget msgsnd msgrcv msgctl
	mq_open mq_unlink mq_timedsend mq_timedreceive mq_notify mq_getsetattr
	socket socketpair bind listen accept accept4 connect getsockname getpeername shutdown
	sendto recvfrom sendmsg recvmsg sendmmsg recvmmsg setsockopt getsockopt
`);

/** What of it debuggers, databases and the like use, and `--profile strict` leaves out. */
export const optional: readonly string[] = words(`
	ptrace process_vm_readv process_vm_writev name_to_handle_at mknod mknodat memfd_secret remap_file_pages
	io_setup io_destroy io_submit io_cancel io_getevents io_pgetevents epoll_ctl_old epoll_wait_old
	adjtimex clock_adjtime ioprio_set sched_setattr sched_setscheduler sched_setparam pidfd_send_signal
	shmget shmat shmctl shmdt semget semop semctl semtimedop msgget msgsnd msgrcv msgctl
`);

/** Whoever has the capability is to use it. */
export const opened: Readonly<Record<string, readonly string[]>> = {
	CAP_BPF: words('bpf'),
	// Opens any file of a file system that something of is mounted here (CVE-2014-3519, "shocker").
	CAP_DAC_READ_SEARCH: words('open_by_handle_at'),
	CAP_PERFMON: words('perf_event_open'),
	// New namespaces, mounts, and the rest of what root on a machine does.
	CAP_SYS_ADMIN: words(`
		clone3 unshare setns mount umount2 mount_setattr move_mount open_tree fsconfig fsmount fsopen fspick
		bpf perf_event_open fanotify_init fanotify_mark quotactl quotactl_fd sethostname setdomainname syslog
	`),
	CAP_SYS_BOOT: words('reboot'),
	CAP_SYS_CHROOT: words('chroot'),
	CAP_SYS_MODULE: words('init_module finit_module delete_module'),
	CAP_SYS_NICE: words('mbind get_mempolicy set_mempolicy set_mempolicy_home_node'),
	CAP_SYS_PACCT: words('acct'),
	CAP_SYS_PTRACE: words('kcmp pidfd_getfd process_madvise'),
	CAP_SYS_RAWIO: words('ioperm iopl'),
	CAP_SYS_TIME: words('settimeofday clock_settime'),
	CAP_SYS_TTY_CONFIG: words('vhangup'),
	CAP_SYSLOG: words('syslog'),
};

/** Named nowhere in the filter, which has the same answer to what is not named. */
export const closed: readonly {calls: readonly string[]; why: string}[] = [
	{calls: words('keyctl add_key request_key'), why: 'keyrings belong to no namespace (CVE-2016-0728)'},
	{calls: words('io_uring_setup io_uring_enter io_uring_register'), why: 'does what no filter sees; many kernel bugs'},
	{calls: words('userfaultfd'), why: 'lets an attacker stop the kernel in the middle of a race (CVE-2016-6187)'},
	{calls: words('kexec_load kexec_file_load'), why: 'another kernel'},
	{calls: words('pivot_root swapon swapoff'), why: "the machine's, not a container's"},
	{calls: words('move_pages migrate_pages vmsplice'), why: 'hardly used, and used in exploits (CVE-2008-0600)'},
	{calls: words('modify_ldt'), why: 'for 16-bit programs (CVE-2015-5157)'},
	{
		calls: words(`
			uselib ustat sysfs _sysctl create_module get_kernel_syms query_module nfsservctl lookup_dcookie
			getpmsg putpmsg afs_syscall tuxcall security vserver
		`),
		why: 'obsolete, and mostly gone',
	},
];

/** Allowed with these arguments only. */
export const personalities: readonly number[] = [
	// PER_LINUX; PER_LINUX32 and UNAME26, which change what uname(2) says; all ones asks what it is.
	...[0, 0x8, 0x20000, 0x20008, 0xffffffff],
];
