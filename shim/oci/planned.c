/* update, spec, features: the planner does all of it. */
#include "container.h"
#include "launch.h"
#include "report.h"
#include "verbs.h"

#include <string.h>

static int planned(const struct call *call, struct words *words)
{
	for (size_t i = 0; i < call->planner.count; i++)
		words_add(words, "%s", call->planner.items[i]);
	launch_planner(call, words, -1, true);
	return 0;
}

int update_verb(struct call *call)
{
	struct oci_container c;
	struct words words = {0};
	container_get(&c, call, call->arguments.items[0], true);
	if (c.status == STATUS_STOPPED)
		fatal("container not running");
	if (!call->planner.count)
		fatal("nothing to update: see update --help");
	words_add(&words, "update");
	words_add(&words, "%s", c.id);
	words_add(&words, "--spec=%s/spec.json", c.path);
	return planned(call, &words);
}

int spec_verb(struct call *call)
{
	struct words words = {0};
	words_add(&words, "spec");
	if (call->bundle)
		words_add(&words, "--bundle=%s", call->bundle);
	return planned(call, &words);
}

int features_verb(struct call *call)
{
	struct words words = {0};
	words_add(&words, "features");
	return planned(call, &words);
}
