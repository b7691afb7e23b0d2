#include "memory.h"

#include "print.h"

#include <sys/mman.h>
#include <unistd.h>

void *memory_take(size_t size)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (memory == MAP_FAILED) {
		complain("mc-init: out of memory\n");
		_exit(125);
	}
	return memory;
}

void memory_give(void *memory, size_t size)
{
	(void)munmap(memory, size);
}
