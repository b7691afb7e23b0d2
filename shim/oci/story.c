#include "story.h"

#include "report.h"

#include "../event.h"
#include "../json.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The last event of this kind. */
static const struct json *find(const char *story, const char *kind, struct arena *arena)
{
	char error[JSON_ERROR_BYTES];
	const struct json *found = NULL;
	for (const char *line = story, *end; (end = strchr(line, '\n')); line = end + 1) {
		const struct json *event =
			json_read(line, (size_t)(end - line), (struct json_limits){1 << 16, 4}, arena, error);
		const struct json *name = event && event->kind == JSON_OBJECT ? json_member(event, "event") : NULL;
		if (name && name->kind == JSON_STRING && !strcmp(name->string, kind))
			found = event;
	}
	return found;
}

static unsigned long long number(const struct json *event, const char *key)
{
	const struct json *member = json_member(event, key);
	return member && member->kind == JSON_NUMBER ? member->number.magnitude : 0;
}

pid_t story_created(const char *story, unsigned long long *start_time)
{
	struct arena *arena = arena_new();
	const struct json *event = find(story, "created", arena);
	pid_t pid = event ? (pid_t)number(event, "pid") : 0;
	*start_time = event ? number(event, "startTime") : 0;
	arena_free(arena);
	return pid;
}

/* Go writes what errno says without a capital. */
static void write_as_go(char *text)
{
	static const char *const words[] = {": Permission denied", ": No such file or directory", ": Is a directory"};
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		char *found = strstr(text, words[i]);
		if (found)
			found[2] = (char)tolower((unsigned char)found[2]);
	}
}

/* Docker and podman tell 127 and 126 from other failures by these words of runc's. */
char *story_error(const char *story)
{
	struct arena *arena = arena_new();
	const struct json *event = find(story, "error", arena);
	const struct json *message = event ? json_member(event, "message") : NULL;
	char *text = NULL;
	if (message && message->kind == JSON_STRING) {
		bool missing =
			number(event, "exitCode") == EXIT_NOT_FOUND && strstr(message->string, "not found in PATH");
		if (asprintf(&text, "%s%s", message->string, missing ? ": executable file not found in $PATH" : "") < 0)
			fatal("out of memory");
		write_as_go(text);
	}
	arena_free(arena);
	return text;
}
