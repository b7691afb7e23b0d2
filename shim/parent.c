#include "parent.h"

#include "orphans.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

bool parent_is_gone(const struct supervisor *s)
{
	return s->options->parent && getppid() != s->options->parent;
}

/*
 * With SIGTERM as the parent-death signal the supervisor lives long enough to kill the container and to restore the
 * terminal; supervisor_take_signal() sees by getppid() what the signal means.
 */
int parent_watch(struct supervisor *s)
{
	at_step("host", "parent");
	if (s->options->parent && prctl(PR_SET_PDEATHSIG, SIGTERM) < 0)
		return fail(&s->failure, "PR_SET_PDEATHSIG");
	errno = 0;
	if (parent_is_gone(s))
		return fail(&s->failure, "process %d is not the parent, or died", (int)s->options->parent);
	if (!spec_leaves(s->spec, CLONE_NEWPID) && orphans_adopt() < 0)
		return fail(&s->failure, "PR_SET_CHILD_SUBREAPER");
	return 0;
}
