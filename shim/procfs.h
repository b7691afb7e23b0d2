/* procfs by descriptor: a procfs that is one, and no path that leaves it (CVE-2019-16884, CVE-2025-52881). */
#ifndef PROCFS_H
#define PROCFS_H

/* The host's /proc, certainly the root of a procfs; -1 with errno (EXDEV: it is something else). */
int proc_open(void);

/* Writes TEXT at once, as procfs wants it, to PATH below PROC. 0, or -1 with errno. */
int proc_write(int proc, const char *path, const char *text);

#endif
