/* The hooks that the process which becomes the container sees to: hooks.h. */
#include "channel.h"
#include "hooks.h"
#include "step.h"
#include "text.h"

#include <unistd.h>

/* The pid that the host sees, told by the host's own procfs while that is there. */
static pid_t outer_pid(void)
{
	char text[16] = "";
	uint64_t pid;
	return readlink("/proc/self", text, sizeof(text) - 1) > 0 && text_number(text, &pid) ? (pid_t)pid : getpid();
}

static void run_here(struct container *c, const struct hooks *list, const char *status)
{
	struct failure failure;
	if (hooks_run(&c->spec->hooks, list, status, c->outer_pid, &failure) < 0)
		give_up(&failure);
}

void run_create_hooks(struct container *c)
{
	c->outer_pid = outer_pid();
	channel_send_hooks(c->channel);
	if (!channel_wait_go(c->channel))
		refuse("the supervisor is gone");
	run_here(c, &c->spec->hooks.create_container, "creating");
}

/* One without an environment of its own has the command's. */
void run_start_hooks(struct container *c)
{
	extern char **environ;
	environ = c->spec->process.env.items;
	run_here(c, &c->spec->hooks.start_container, "created");
}
