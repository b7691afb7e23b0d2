#include "util.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Large enough for an ordinary spec; what is larger gets a chunk of its own. */
#define CHUNK_BYTES (16u << 10)

struct chunk {
	struct chunk *next;
	size_t used, size;
	_Alignas(max_align_t) char bytes[];
};

struct arena {
	struct chunk *chunks; /* the newest first */
};

static void *zeroed(size_t size)
{
	static const char message[] = "mc-init: out of memory\n";
	void *memory = calloc(1, size);

	if (!memory) {
		(void)!write(2, message, sizeof(message) - 1); /* nothing can be done about it */
		_exit(125);
	}
	return memory;
}

struct arena *arena_new(void)
{
	return zeroed(sizeof(struct arena));
}

void *arena_alloc(struct arena *arena, size_t size)
{
	const size_t align = _Alignof(max_align_t);
	const size_t need = (size + align - 1) / align * align;
	struct chunk *chunk = arena->chunks;

	if (!chunk || chunk->size - chunk->used < need) {
		const size_t bytes = need > CHUNK_BYTES ? need : CHUNK_BYTES;

		chunk = zeroed(sizeof(*chunk) + bytes);
		chunk->size = bytes;
		chunk->next = arena->chunks;
		arena->chunks = chunk;
	}
	chunk->used += need;
	return chunk->bytes + chunk->used - need;
}

void arena_free(struct arena *arena)
{
	if (!arena)
		return;
	for (struct chunk *chunk = arena->chunks, *next; chunk; chunk = next) {
		next = chunk->next;
		free(chunk);
	}
	free(arena);
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
