#ifndef DEV_H
#define DEV_H

/* The container's own /dev/null, O_PATH, and certainly the null device: what a hostile image put there would otherwise
 * become every mask (CVE-2025-31133). */
int open_null(int root);

#endif
