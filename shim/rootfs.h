#ifndef ROOTFS_H
#define ROOTFS_H

/* An O_PATH descriptor of a directory of the host's; ends the process where there is none. */
int open_directory(const char *path);
/* Mounts the detached MOUNT on PATH, and on what lies over it by now. WHAT names it in an error. */
void attach_over(const char *path, int mount, const char *what);

#endif
