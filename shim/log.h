/*
 * The log of a container, as Kubernetes writes it (CRI): `TIME STREAM TAG TEXT` a line, where TIME is RFC 3339 in UTC
 * with nanoseconds, STREAM stdout or stderr, and TAG F for a whole line, P for a part of one (no newline yet, or too
 * long).
 */
#ifndef LOG_H
#define LOG_H

#include <stddef.h>
#include <stdint.h>

enum stream { STREAM_OUT = 1, STREAM_ERR = 2 };

struct log {
	int fd; /* -1: there is none */
	const char *path;
	uint64_t size, max_size; /* bytes; 0: no limit */
	uint32_t files;          /* how many are kept: PATH, PATH.1 … */
};

/* Appends to what is there. 0, or -1 with errno. */
int log_open(struct log *log, const char *path, uint64_t max_size, uint32_t files);
/* What can't be written (a full disk) is lost to the log, and the container runs on. */
void log_write(struct log *log, enum stream stream, const char *bytes, size_t length);

#endif
