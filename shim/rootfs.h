#ifndef ROOTFS_H
#define ROOTFS_H

/* An O_PATH descriptor of a directory of the host's; ends the process where there is none. */
int open_directory(const char *path);
struct spec;
/*
 * What is covered until the root is pivoted into: its own directory, but for root of a user namespace of root's, to
 * whom the way there may be closed.
 */
const char *root_point(const struct spec *spec);
/* Mounts the detached MOUNT on PATH, and on what lies over it by now. WHAT names it in an error. */
void attach_over(const char *path, int mount, const char *what);

#endif
