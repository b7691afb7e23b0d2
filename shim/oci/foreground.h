/* A helper that stays: signals that are sent to this program go to it. */
#ifndef FOREGROUND_H
#define FOREGROUND_H

#include "launch.h"

/* TAKE gets each piece of the helper's story, with a NUL after it. The helper's exit code. */
int foreground(struct launch *launch, void (*take)(void *context, const char *text), void *context);

#endif
