/*
 * Paths inside the container's root. The image is hostile: any component may be a symbolic link, and a shared volume
 * may change under us. So a path is resolved once, by the kernel, with RESOLVE_IN_ROOT (a link can't leave the root)
 * and RESOLVE_NO_MAGICLINKS (nor jump through /proc/self/fd), and what comes of it is a descriptor, never a path again
 * (CVE-2021-30465, CVE-2024-45310, CVE-2024-21626).
 */
#ifndef RESOLVE_H
#define RESOLVE_H

#include <limits.h>
#include <stdbool.h>
#include <sys/types.h>

/* An O_PATH descriptor, or -1 with errno. FLAGS: further open(2) flags. */
int open_in_root(int root, const char *path, int flags);

enum target { TARGET_DIRECTORY, TARGET_FILE };

/*
 * The same, and makes what is missing: directories with mode 0755, at the end a directory or an empty file. A dangling
 * link is followed inside the root (/etc/resolv.conf often is one).
 */
int make_in_root(int root, const char *path, enum target kind);

/* The descriptor of PATH's parent, made where missing; *NAME points at the last component. */
int make_parent_in_root(int root, const char *path, const char **name);

/*
 * The descriptor of the directory that PATH's last component is in, and that component: with FOLLOW it is no link, but
 * what the links lead to. It need not be there. CHANGING is room for it.
 */
int open_around(int root, const char *path, bool follow, char changing[PATH_MAX], const char **name);

/* True for /dev, /proc, /sys and what is below: there the image's links are refused, not followed. */
bool is_reserved(const char *path);

#endif
