/*
 * A stream of files in tar's format: POSIX ustar, with pax records for what does not fit (tar(5)). Written to stdout,
 * read from stdin. What is read may be an attacker's work: every number is checked, every length bounded. All die().
 */
#ifndef TAR_H
#define TAR_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum { TAR_NAME_MAX = 64 << 10 }; /* bytes, with the NUL: names may be longer than PATH_MAX, made step by step */

enum tar_type { TAR_FILE = '0', TAR_HARD_LINK = '1', TAR_LINK = '2', TAR_FIFO = '6', TAR_DIRECTORY = '5' };

struct tar_entry {
	char type; /* one of tar_type, or what else an archive may hold */
	mode_t mode;
	uint64_t uid, gid, size, mtime;
	const char *name, *target; /* never NULL; of what was read, good until the next one */
};

void tar_write_entry(const struct tar_entry *entry);
/* The next SIZE bytes of the file open as FD, padded. */
void tar_write_data(int fd, uint64_t size, const char *name);
/* The archive's end. */
void tar_finish(void);

/* False at the end, when everything has been read. */
bool tar_read_entry(struct tar_entry *entry);
/* Of the entry just read, to FD; -1: nowhere. */
void tar_read_data(int fd, uint64_t size, const char *name);

#endif
