/* run: create and start; and stay, where it is not to be detached. */
#include "create.h"
#include "foreground.h"
#include "report.h"
#include "verbs.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

struct stay {
	struct oci_container *c;
	const struct call *call;
	int story;
	bool told, failed;
};

static void take(void *context, const char *text)
{
	struct stay *s = context;
	(void)!write(s->story, text, strlen(text));
	s->failed = s->failed || strstr(text, "{\"event\":\"error\"");
	if (s->told || !strstr(text, "{\"event\":\"started\"}"))
		return;
	s->told = true;
	container_look(s->c);
	launch_tell(s->call, s->c->pid);
	create_poststart(s->c);
}

/* The helper's end is the container's: it copies the terminal, and tells the exit code. */
static int stay(struct oci_container *c, const struct call *call)
{
	struct launch l = {.preserved = launch_preserved(call), .hold = -1};
	struct stay s = {.c = c, .call = call};
	l.console = launch_console(call, c->spec.process.terminal, false);
	l.spec = container_member(c, "spec.json", O_RDONLY);
	s.story = container_member(c, "story", O_WRONLY | O_CREAT | O_APPEND);
	int code = foreground(&l, take, &s);
	container_look(c);
	if (s.failed)
		create_failed(c, code);
	return code;
}

int run_verb(struct call *call)
{
	struct oci_container c;
	if (call->detach) {
		create_held(&c, call);
		report_cleanup(create_undo, &c);
		create_go(&c);
		return 0;
	}
	create_prepare(&c, call, create_bundle(call));
	report_cleanup(create_undo, &c);
	int code = stay(&c, call);
	if (!call->keep)
		container_end(&c);
	return code;
}
