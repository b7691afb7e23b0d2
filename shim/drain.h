#ifndef DRAIN_H
#define DRAIN_H

#include "supervisor.h"

/* After the command's end: its last words, to whoever takes them. */
void drain(struct supervisor *s);

#endif
