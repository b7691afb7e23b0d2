#ifndef OVERLAY_H
#define OVERLAY_H

#include "spec.h"

/*
 * The overlay of the spec. A mount that is detached, or, where `parts` asks for several, already attached over the
 * root's directory, with the parts on it.
 */
int overlay_open(const struct spec *spec, uint64_t attributes);

#endif
