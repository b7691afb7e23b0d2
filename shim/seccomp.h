#ifndef SECCOMP_H
#define SECCOMP_H

#include "spec.h"

/* Loads the filter, if there is one; die()s. From here on this process can only do what the filter lets it. */
void seccomp_load(const struct spec *spec);

#endif
