/* procfs by descriptor: a procfs that is one, and no path that leaves it (CVE-2019-16884, CVE-2025-52881). */
#ifndef PROCFS_H
#define PROCFS_H

#include <sys/types.h>

/* The host's /proc, certainly the root of a procfs; -1 with errno (EXDEV: it is something else). */
int proc_open(void);

/* Writes TEXT at once, as procfs wants it, to PATH below PROC. 0, or -1 with errno. */
int proc_write(int proc, const char *path, const char *text);

/* Clock ticks since boot, field 22 of proc_pid_stat(5): with it a pid names one process for ever. 0: there is none. */
unsigned long long proc_start_time(pid_t pid);

#endif
