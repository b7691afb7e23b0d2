/* Pages of zeros. Running out of them ends the process, with 125. The sanitizers' builds take fuzz/memory.c instead. */
#ifndef MEMORY_H
#define MEMORY_H

#include <stddef.h>

void *memory_take(size_t size);
void memory_give(void *memory, size_t size);

#endif
