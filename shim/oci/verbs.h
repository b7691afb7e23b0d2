/* What main() calls, by name. Each returns the exit code. */
#ifndef VERBS_H
#define VERBS_H

#include "call.h"

int create_verb(struct call *call);
int start_verb(struct call *call);
int run_verb(struct call *call);
int exec_verb(struct call *call);
int state_verb(struct call *call);
int list_verb(struct call *call);
int kill_verb(struct call *call);
int delete_verb(struct call *call);
int pause_verb(struct call *call);
int resume_verb(struct call *call);
int ps_verb(struct call *call);
int events_verb(struct call *call);
/* planned.c: what is done by the planner alone. */
int update_verb(struct call *call);
int spec_verb(struct call *call);
int features_verb(struct call *call);

#endif
