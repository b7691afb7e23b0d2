/* What the two halves of tar.h share: the header as it is in the stream. */
#ifndef TAR_FORMAT_H
#define TAR_FORMAT_H

#include <stddef.h>
#include <stdint.h>

enum { TAR_BUFFER = 64 << 10 };

struct tar_header {
	char name[100], mode[8], uid[8], gid[8], size[12], mtime[12], checksum[8], type, target[100];
	char magic[8], user[32], group[32], major[8], minor[8], prefix[155], rest[12];
};

/* To the next whole block. */
static inline size_t tar_padding(uint64_t size)
{
	return (size_t)(-size % sizeof(struct tar_header));
}

#endif
