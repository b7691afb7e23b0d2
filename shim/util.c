#include "util.h"

#include "memory.h"

#include <string.h>

/*
 * Large enough for an ordinary spec; what is larger gets a chunk of its own. The fuzzer sets it to 1: then everything
 * does, and AddressSanitizer sees each end.
 */
#ifndef CHUNK_BYTES
#define CHUNK_BYTES (32u << 10)
#endif

struct chunk {
	struct chunk *next;
	size_t used, size;
	_Alignas(max_align_t) char bytes[];
};

struct arena {
	struct chunk *chunks; /* the newest first */
};

static struct chunk *add_chunk(struct arena *arena, size_t least)
{
	const size_t size = least > CHUNK_BYTES ? least : CHUNK_BYTES;
	struct chunk *chunk = memory_take(sizeof(*chunk) + size);

	chunk->size = size;
	chunk->next = arena->chunks;
	return arena->chunks = chunk;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	const size_t align = _Alignof(max_align_t);
	struct chunk *chunk = arena->chunks;
	size_t start = chunk ? (chunk->used + align - 1) / align * align : 0;

	if (!chunk || start + size > chunk->size) {
		chunk = add_chunk(arena, size);
		start = 0;
	}
	chunk->used = start + size;
	return chunk->bytes + start;
}

/* It lies in its own first chunk. */
struct arena *arena_new(void)
{
	struct arena first = {0}, *arena = arena_alloc(&first, sizeof(*arena));
	*arena = first;
	return arena;
}

void arena_free(struct arena *arena)
{
	if (!arena)
		return;
	for (struct chunk *chunk = arena->chunks, *next; chunk; chunk = next) {
		next = chunk->next;
		memory_give(chunk, sizeof(*chunk) + chunk->size);
	}
}

bool path_is_clean(const char *path)
{
	if (path[0] != '/')
		return false;
	if (path[1] == '\0')
		return true;
	for (const char *slash = path; *slash;) {
		const char *name = slash + 1;
		const size_t length = strcspn(name, "/");

		if (length == 0 || (length == 1 && name[0] == '.') || (length == 2 && !strncmp(name, "..", 2)))
			return false;
		slash = name + length;
	}
	return true;
}
