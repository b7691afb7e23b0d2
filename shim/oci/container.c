#include "container.h"

#include "groups.h"
#include "place.h"
#include "report.h"
#include "story.h"

#include "../json.h"
#include "../procfs.h"
#include "../sys.h"

#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

const char *const status_names[] = {"creating", "created", "running", "paused", "stopped"};

static void name(struct oci_container *c, const struct call *call, const char *id)
{
	static char none[] = "";
	place_check_id(id);
	*c = (struct oci_container){.id = id, .dir = -1, .bundle = none, .created = none, .owner = none};
	if (asprintf(&c->path, "%s/%s", place_root(call), id) < 0)
		fatal("out of memory");
}

void container_new(struct oci_container *c, const struct call *call, const char *id)
{
	name(c, call, id);
	if (mkdir(c->path, 0700) < 0 && errno == EEXIST)
		fatal("container with given ID already exists: %s", id);
	c->dir = open(c->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (c->dir < 0 || flock(c->dir, LOCK_EX) < 0)
		fatal_errno("%s", c->path);
}

static void write_member(FILE *to, const char *before, const char *key, const char *value)
{
	fprintf(to, "%s", before);
	json_print(to, key);
	fprintf(to, ": ");
	json_print(to, value);
}

void container_describe(struct oci_container *c, const char *bundle)
{
	struct timespec now;
	char created[96];
	const struct passwd *user = getpwuid(geteuid());
	clock_gettime(CLOCK_REALTIME, &now);
	size_t n = strftime(created, sizeof(created), "%Y-%m-%dT%H:%M:%S", gmtime(&now.tv_sec));
	snprintf(created + n, sizeof(created) - n, ".%09ldZ", now.tv_nsec);
	int fd = openat(c->dir, "state.tmp", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	FILE *to = fd < 0 ? NULL : fdopen(fd, "w");
	if (!to)
		fatal_errno("%s/state.json", c->path);
	write_member(to, "{", "bundle", bundle);
	write_member(to, ", ", "created", created);
	write_member(to, ", ", "owner", user ? user->pw_name : "");
	fprintf(to, "}\n");
	if (fclose(to) != 0 || renameat(c->dir, "state.tmp", c->dir, "state.json") < 0)
		fatal_errno("%s/state.json", c->path);
}

static char *text_of(const struct json *object, const char *key)
{
	const struct json *member = json_member(object, key);
	return strdup(member && member->kind == JSON_STRING ? member->string : "");
}

static void read_state(struct oci_container *c)
{
	char error[JSON_ERROR_BYTES];
	size_t length;
	char *text = place_read(c->dir, "state.json", &length);
	struct arena *arena = arena_new();
	const struct json *state =
		text ? json_read(text, length, (struct json_limits){1 << 20, 8}, arena, error) : NULL;
	if (state && state->kind == JSON_OBJECT) {
		c->bundle = text_of(state, "bundle");
		c->created = text_of(state, "created");
		c->owner = text_of(state, "owner");
	}
	arena_free(arena);
	free(text);
}

void container_read_spec(struct oci_container *c, int fd)
{
	char error[512];
	size_t length;
	char *text = fd < 0 ? NULL : place_read_all(fd, &length);
	if (!text)
		return;
	if (length && spec_read(text, length, &c->spec, error) < 0)
		fatal("%s/spec.json: %s", c->path, error);
	c->has_spec = length > 0;
	free(text);
}

/* Who is making it holds the lock: where nobody does, nobody is at it any more. */
static bool is_being_made(const struct oci_container *c)
{
	int dir = open(c->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool busy = dir >= 0 && flock(dir, LOCK_SH | LOCK_NB) < 0;
	if (dir >= 0)
		close(dir);
	return busy;
}

/* A zombie has ended, and has let go of nearly all it had. */
static bool lives(pid_t pid, unsigned long long start_time)
{
	char path[64], text[512];
	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	if (fd >= 0)
		close(fd);
	text[n > 0 ? n : 0] = '\0';
	const char *end = strrchr(text, ')');
	return end && !strchr("ZX", end[2]) && proc_start_time(pid) == start_time;
}

static enum status status_of(const struct oci_container *c)
{
	if (!c->pid)
		return is_being_made(c) ? STATUS_CREATING : STATUS_STOPPED;
	if (!lives(c->pid, c->start_time))
		return STATUS_STOPPED;
	if (faccessat(c->dir, "start.new", F_OK, 0) == 0)
		return STATUS_CREATING;
	if (c->has_spec && groups_frozen(&c->spec))
		return STATUS_PAUSED;
	return faccessat(c->dir, "start", F_OK, 0) == 0 ? STATUS_CREATED : STATUS_RUNNING;
}

void container_look(struct oci_container *c)
{
	size_t length;
	char *story = place_read(c->dir, "story", &length);
	c->pid = story ? story_created(story, &c->start_time) : 0;
	free(story);
	c->status = status_of(c);
}

bool container_open(struct oci_container *c, const struct call *call, const char *id, bool locked)
{
	name(c, call, id);
	c->dir = open(c->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (c->dir < 0 && errno != ENOENT)
		fatal_errno("%s", c->path);
	if (c->dir < 0)
		return false;
	if (locked && flock(c->dir, LOCK_EX) < 0)
		fatal_errno("%s", c->path);
	read_state(c);
	int fd = openat(c->dir, "spec.json", O_RDONLY | O_CLOEXEC);
	/* While it is being written it is none yet. */
	if (fd >= 0 && *c->bundle && (locked || !is_being_made(c)))
		container_read_spec(c, fd);
	if (fd >= 0)
		close(fd);
	container_look(c);
	/* Removed while we waited for the lock. */
	return access(c->path, F_OK) == 0;
}

void container_get(struct oci_container *c, const struct call *call, const char *id, bool locked)
{
	if (!container_open(c, call, id, locked))
		fatal("container does not exist: %s", id);
}

int container_pidfd(const struct oci_container *c)
{
	int fd = c->pid ? sys_pidfd_open(c->pid) : -1;
	/* Looked at after it was opened: the pid may have been another's in between. */
	if (fd >= 0 && lives(c->pid, c->start_time))
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

void container_forget(struct oci_container *c)
{
	static const char *const members[] = {"state.json", "state.tmp", "spec.json", "spec.json.new",
					      "story",      "start",     "start.new"};
	for (size_t i = 0; i < COUNT(members); i++)
		(void)unlinkat(c->dir, members[i], 0);
	place_empty(c->dir);
	if (rmdir(c->path) < 0 && errno != ENOENT)
		fatal_errno("%s", c->path);
}

void container_print(const struct oci_container *c, FILE *to, bool indent)
{
	const char *comma = indent ? ",\n  " : ",";
	bool runs = c->status != STATUS_STOPPED;
	fprintf(to, indent ? "{\n  " : "{");
	write_member(to, "", "ociVersion", c->has_spec ? c->spec.oci_version : "1.2.0");
	write_member(to, comma, "id", c->id);
	fprintf(to, "%s\"pid\": %d", comma, runs ? (int)c->pid : 0);
	write_member(to, comma, "status", status_names[c->status]);
	write_member(to, comma, "bundle", c->bundle);
	write_member(to, comma, "rootfs", c->has_spec && c->spec.root.path ? c->spec.root.path : "");
	write_member(to, comma, "created", c->created);
	if (c->has_spec && c->spec.annotations.count) {
		fprintf(to, "%s\"annotations\": {", comma);
		for (size_t i = 0; i < c->spec.annotations.count; i++)
			write_member(to, i ? ", " : "", c->spec.annotations.items[i].name,
				     c->spec.annotations.items[i].value);
		putc('}', to);
	}
	write_member(to, comma, "owner", c->owner);
	fprintf(to, indent ? "\n}\n" : "}");
}
