#ifndef INIT_H
#define INIT_H

#include "spec.h"

/*
 * Splits in two. The child returns, to execute the command. The parent stays as PID 1: it passes signals on, reaps
 * whatever is orphaned, and ends as the command ended.
 */
void init_fork(const struct spec *spec);

#endif
