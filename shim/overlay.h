#ifndef OVERLAY_H
#define OVERLAY_H

#include "step.h"

/*
 * The overlay of the spec. A mount that is detached, or, where `parts` asks for several, already attached over the
 * root's directory, with the parts on it.
 */
int overlay_open(struct container *container, uint64_t attributes);

#endif
