#ifndef SPEC_FIELDS_H
#define SPEC_FIELDS_H

#include "schema.h"

/* The whole document; it fills a struct spec. */
extern const struct type spec_type;
/* Its object `minicontainer`, which fills the same struct. */
extern const struct type extension_type;
/* Parts of either that engines ask for: spec_oci.c. */
extern const struct type scheduler_type, io_priority_type, affinity_type, time_offsets_type, memory_policy_type,
	hooks_type;

#endif
