/*
 * The layers of the root file system as the container's ids see them (mount_setattr(2), MOUNT_ATTR_IDMAP; Linux 5.12,
 * below an overlay 5.19): what is root's on disk is its root's. Only who has privileges over the file system may make
 * such mounts, so the supervisor does, and sends them.
 */
#ifndef LAYERS_H
#define LAYERS_H

#include "event.h"
#include "spec.h"

/* For the child, which has its id maps by now. 0, or -1. */
int layers_send(const struct spec *spec, pid_t child, int channel, struct failure *failure);

/* The next one of: the lower layers, the directory of the upper one; or the root's directory. die()s. */
int layers_receive(const struct spec *spec, int channel);

#endif
