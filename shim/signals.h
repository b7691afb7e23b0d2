#ifndef SIGNALS_H
#define SIGNALS_H

#include <stdbool.h>

/* Blocks all signals, for signalfd(2) or sigwaitinfo(2), but those that stop a process at a terminal and those that say
 * that this program is broken. 0, or -1 with errno. */
int signals_block(void);
/* As a new program expects them: none blocked, none ignored. 0, or -1 with errno. */
int signals_reset(void);
/* Those that ask a program to end. */
bool signals_is_end(int number);
/* A signalfd of the blocked ones, or -1. */
int signals_open(void);

#endif
