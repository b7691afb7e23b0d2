/* The beginning of a container's life. Each ends the program where it fails. */
#ifndef CREATE_H
#define CREATE_H

#include "call.h"
#include "container.h"

#include <sys/types.h>

const char *create_bundle(const struct call *call);
/* Reserves the id, plans, and says what is wrong before anything is made. */
void create_prepare(struct oci_container *c, const struct call *call, const char *bundle);
/* Its process holds before its command. */
void create_held(struct oci_container *c, const struct call *call);
void create_go(struct oci_container *c);
void create_poststart(struct oci_container *c);
/* For report_cleanup(). */
void create_undo(void *container);
/* Says why, by the helper's story. */
_Noreturn void create_failed(const struct oci_container *c, int code);
int container_member(const struct oci_container *c, const char *name, int flags);

/* end.c. Kills what runs of it, removes its groups, runs what is to be run at its end, and forgets it. */
void container_end(struct oci_container *c);

#endif
