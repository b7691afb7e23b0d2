#ifndef SEAL_H
#define SEAL_H

/*
 * Makes sure that this program runs from a sealed copy of itself in memory, by executing that copy with the same
 * arguments where it does not yet. A container that gets hold of /proc/PID/exe then has nothing that it could overwrite
 * (CVE-2019-5736). Returns 0 in the copy; -1 with errno where there can be none.
 */
int seal_self(char *const argv[]);

#endif
