/* state, list, ps: what there is; pause, resume. */
#include "container.h"
#include "groups.h"
#include "place.h"
#include "report.h"
#include "verbs.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

int state_verb(struct call *call)
{
	struct oci_container c;
	container_get(&c, call, call->arguments.items[0], false);
	container_print(&c, stdout, true);
	return 0;
}

static bool is_json(const struct call *call)
{
	if (call->format && strcmp(call->format, "json") && strcmp(call->format, "table"))
		fatal("invalid format option: %s", call->format);
	return call->format && !strcmp(call->format, "json");
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static struct words ids(const struct call *call)
{
	struct words all = {0};
	DIR *root = opendir(place_root(call));
	const struct dirent *entry;
	while (root && (entry = readdir(root))) {
		char path[8192];
		/* The planner keeps what it compiles there, too. */
		snprintf(path, sizeof(path), "%s/%s/state.json", place_root(call), entry->d_name);
		if (*entry->d_name != '.' && access(path, F_OK) == 0)
			words_add(&all, "%s", entry->d_name);
	}
	if (root)
		closedir(root);
	if (all.count)
		qsort(all.items, all.count, sizeof(char *), by_name);
	return all;
}

int list_verb(struct call *call)
{
	struct words all = ids(call);
	bool json = is_json(call), first = true;
	if (!json && !call->quiet)
		printf("%-24s %-9s %-10s %-32s %-32s %s\n", "ID", "PID", "STATUS", "BUNDLE", "CREATED", "OWNER");
	for (size_t i = 0; i < all.count; i++) {
		struct oci_container c;
		if (call->quiet) {
			printf("%s\n", all.items[i]);
			continue;
		}
		/* One may be deleted meanwhile. */
		if (!container_open(&c, call, all.items[i], false))
			continue;
		if (json) {
			printf(first ? "[" : ",");
			container_print(&c, stdout, false);
		} else {
			printf("%-24s %-9d %-10s %-32s %-32s %s\n", c.id, c.status == STATUS_STOPPED ? 0 : (int)c.pid,
			       status_names[c.status], c.bundle, c.created, c.owner);
		}
		first = false;
		close(c.dir);
	}
	if (json && !call->quiet)
		printf(first ? "null\n" : "]\n");
	return 0;
}

/* The processes, whether or not there is a group to ask. */
static size_t processes(const struct oci_container *c, pid_t **list)
{
	size_t count = groups_processes(&c->spec, list);
	if (count || c->status == STATUS_STOPPED)
		return count;
	*list = malloc(sizeof(pid_t));
	if (!*list)
		fatal("out of memory");
	**list = c->pid;
	return 1;
}

/* Of what ps(1) prints, the heading, and the lines that are about one of these. */
static void filter(FILE *from, const pid_t *list, size_t count)
{
	char *line = NULL;
	size_t room = 0;
	int column = -1;
	while (getline(&line, &room, from) > 0) {
		char *copy = strdup(line), *save = NULL;
		int i = 0;
		bool wanted = column < 0;
		for (char *word = strtok_r(copy, " \n", &save); word; word = strtok_r(NULL, " \n", &save), i++) {
			if (wanted && column < 0 && !strcmp(word, "PID"))
				column = i;
			for (size_t k = 0; i == column && k < count; k++)
				wanted = wanted || list[k] == atoi(word);
		}
		if (column < 0)
			fatal("couldn't find PID field in ps output");
		if (wanted)
			fputs(line, stdout);
		free(copy);
	}
	free(line);
}

static void ps(struct call *call, const pid_t *list, size_t count)
{
	int ends[2], status;
	static char *usual[] = {"ps", "-ef", NULL};
	char **argv = usual;
	if (call->arguments.count > 1) {
		argv = call->arguments.items;
		argv[0] = usual[0];
	}
	if (pipe(ends) < 0)
		fatal_errno("pipe");
	pid_t pid = fork();
	if (pid == 0) {
		if (dup2(ends[1], 1) == 1 && close(ends[0]) == 0 && close(ends[1]) == 0)
			execvp(argv[0], argv);
		fatal_errno("ps");
	}
	close(ends[1]);
	FILE *from = fdopen(ends[0], "r");
	if (pid < 0 || !from)
		fatal_errno("ps");
	filter(from, list, count);
	fclose(from);
	if (waitpid(pid, &status, 0) < 0 || status)
		fatal("ps failed");
}

int ps_verb(struct call *call)
{
	struct oci_container c;
	pid_t *list = NULL;
	bool json = is_json(call);
	container_get(&c, call, call->arguments.items[0], false);
	size_t count = processes(&c, &list);
	if (!json) {
		ps(call, list, count);
		return 0;
	}
	printf("[");
	for (size_t i = 0; i < count; i++)
		printf("%s%d", i ? "," : "", (int)list[i]);
	printf("]\n");
	return 0;
}

static int freeze(struct call *call, bool wanted)
{
	struct oci_container c;
	container_get(&c, call, call->arguments.items[0], true);
	if (wanted && c.status != STATUS_RUNNING && c.status != STATUS_CREATED)
		fatal("container not running");
	if (!wanted && c.status != STATUS_PAUSED)
		fatal("container not paused");
	if (!groups_freeze(&c.spec, wanted))
		fatal("cannot %s: it has no control group with a freezer", wanted ? "pause" : "resume");
	return 0;
}

int pause_verb(struct call *call)
{
	return freeze(call, true);
}

int resume_verb(struct call *call)
{
	return freeze(call, false);
}
