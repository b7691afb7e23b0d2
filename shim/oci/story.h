/* What the helper has told (src/spec/events.ts), a JSON object a line. */
#ifndef STORY_H
#define STORY_H

#include <sys/types.h>

/* The container's first process; 0: there was none yet. */
pid_t story_created(const char *story, unsigned long long *start_time);
/* What its last error says, in words that engines look for; NULL: none. */
char *story_error(const char *story);

#endif
