#ifndef DESCRIPTORS_H
#define DESCRIPTORS_H

#include <stddef.h>

/* Closes every descriptor from FROM on but those in KEEP (which is sorted; -1 is passed over). 0, or -1 with errno. */
int close_all_but(unsigned from, int *keep, size_t count);

/* Closes *FD, if it is open, and makes it -1. */
void close_end(int *fd);

#endif
