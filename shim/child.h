#ifndef CHILD_H
#define CHILD_H

#include <stdbool.h>
#include <sys/types.h>

/*
 * Whether it has ended; STATUS as of waitpid(2). It stays there, as a zombie, until its end is on record and it is
 * waited for: whoever looks sees it running or ended, and never neither.
 */
bool child_ended(pid_t child, int *status);

#endif
