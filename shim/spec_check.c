#include "spec_check.h"

#include "base64.h"
#include "names.h"
#include "spec.h"

#include <linux/filter.h>
#include <sched.h>
#include <string.h>

#define LETTERS  "abcdefghijklmnopqrstuvwxyz"
#define CAPITALS "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS   "0123456789"
#define ID_BYTES 128

const char *check_device_access(const char *text)
{
	return *text && !text[strspn(text, "rwm")] ? NULL : "must be some of r, w and m";
}

/* Whether it is a program that may be loaded, the kernel says; here only that it is as long as one can be. */
const char *check_filter(const char *text)
{
	const size_t one = sizeof(struct sock_filter);
	const ssize_t bytes = base64_decode(text, NULL, BPF_MAXINSNS * one);

	return bytes > 0 && (size_t)bytes % one == 0 ? NULL : "must be base64 of 1 to 4096 instructions of 8 bytes";
}

const char *check_path(const char *text)
{
	return path_is_clean(text) ? NULL : "must be an absolute path without . or .. or // or / at its end";
}

const char *check_part(const char *text)
{
	const char *wrong = check_path_below_root(text);

	return wrong || !strchr(text + 1, '/') ? wrong : "must be directly below /";
}

const char *check_path_below_root(const char *text)
{
	return strcmp(text, "/") ? check_path(text) : "must not be /";
}

const char *check_oci_version(const char *text)
{
	return strncmp(text, "1.", 2) ? "must start with 1." : NULL;
}

const char *check_environment(const char *text)
{
	const char *equals = strchr(text, '=');

	return equals && equals != text ? NULL : "must be NAME=value";
}

/* sethostname(2) takes a newline; programs that print the name do not. */
const char *check_line(const char *text)
{
	return strchr(text, '\n') ? "must be one line" : NULL;
}

const char *check_id(const char *text)
{
	const size_t length = strspn(text, LETTERS CAPITALS DIGITS "_.-");

	/* It becomes the name of a directory: no slash, and no leading dot or dash. */
	return length == 0 || length > ID_BYTES || text[length] || strchr("_.-", text[0])
		       ? "must be 1 to 128 of A-Z a-z 0-9 _ . - and start with a letter or digit"
		       : NULL;
}

const char *check_label_name(const char *text)
{
	return *text ? NULL : "must not be empty";
}

static const struct {
	const char *name; /* ends with a dot: all that start with it */
	int flag;
} namespaced_sysctls[] = {
	{"net.", CLONE_NEWNET},
	{"fs.mqueue.", CLONE_NEWIPC},
	{"kernel.msgmax", CLONE_NEWIPC},
	{"kernel.msgmnb", CLONE_NEWIPC},
	{"kernel.msgmni", CLONE_NEWIPC},
	{"kernel.sem", CLONE_NEWIPC},
	{"kernel.shmall", CLONE_NEWIPC},
	{"kernel.shmmax", CLONE_NEWIPC},
	{"kernel.shmmni", CLONE_NEWIPC},
	{"kernel.shm_rmid_forced", CLONE_NEWIPC},
	{"kernel.domainname", CLONE_NEWUTS},
};

int sysctl_namespace(const char *name)
{
	for (size_t i = 0; i < COUNT(namespaced_sysctls); i++) {
		const char *known = namespaced_sysctls[i].name;
		const size_t length = strlen(known);

		if (known[length - 1] == '.' ? !strncmp(known, name, length) : !strcmp(known, name))
			return namespaced_sysctls[i].flag;
	}
	return 0;
}

/* One or more segments, none of them empty. */
static bool is_dotted(const char *text)
{
	for (;;) {
		const size_t length = strspn(text, LETTERS DIGITS "_-");

		if (!length || !text[length])
			return length;
		if (text[length] != '.')
			return false;
		text += length + 1;
	}
}

/* A name becomes a path below /proc/sys: other spellings of it must not lead elsewhere (CVE-2022-0811). */
const char *check_sysctl_name(const char *text)
{
	if (!is_dotted(text))
		return "must be segments of a-z 0-9 _ - with dots between them";
	return sysctl_namespace(text) ? NULL : "belongs to no namespace: it would change the host";
}

const char *check_root_option(const char *text)
{
	const struct mount_option *option = mount_option_find(text);

	return option && !option->bind && !option->propagation ? NULL : "not an attribute of a mount";
}

static bool refuse(struct schema_reader *r, const struct json_path *at, const char *key, const char *wrong)
{
	const struct json_path here = {at, key, 0};

	return json_error(r->error, &here, "%s", wrong);
}

bool verify_limit(struct schema_reader *r, const struct json_path *at, const struct json *json, const void *value)
{
	const struct limit *limit = value;

	(void)json;
	return limit->soft <= limit->hard || refuse(r, at, "soft", "more than hard");
}

/* `key` or `key=value`, for fsconfig(2). */
static bool is_data(const char *option)
{
	const size_t length = strspn(option, LETTERS CAPITALS DIGITS "_.:-");

	return length > 0 && (option[length] == '=' || !option[length]);
}

static const char *check_option(const char *text, bool is_bind)
{
	const struct mount_option *option = mount_option_find(text);

	if (option && option->bind && !is_bind)
		return "only for type bind";
	return option || (!is_bind && is_data(text)) ? NULL : "unknown mount option";
}

bool verify_mount(struct schema_reader *r, const struct json_path *at, const struct json *json, const void *value)
{
	const struct mount *mount = value;
	const bool is_bind = !strcmp(mount->type, "bind");
	const char *wrong = is_bind ? check_path(mount->source) : NULL;
	const char *const half = mount->uid_mappings.count ? "gidMappings" : "uidMappings";
	const struct json_path options = {at, "options", 0};
	bool said = !is_bind;

	(void)json;
	if (wrong)
		return refuse(r, at, "source", wrong);
	if (!mount->uid_mappings.count != !mount->gid_mappings.count)
		return refuse(r, at, half, "missing");
	if (mount->uid_mappings.count && !is_bind)
		return refuse(r, at, "uidMappings", "only for type bind");
	for (size_t i = 0; i < mount->options.count; i++) {
		const struct json_path here = {&options, NULL, i};
		const char *text = mount->options.items[i];

		wrong = check_option(text, is_bind);
		if (wrong)
			return json_error(r->error, &here, "%s", wrong);
		said = said || !strcmp(text, "bind") || !strcmp(text, "rbind");
	}
	/* With or without submounts is a decision, and the planner's. */
	return said || refuse(r, at, "options", "needs bind or rbind");
}

bool verify_device(struct schema_reader *r, const struct json_path *at, const struct json *json, const void *value)
{
	static const char *const numbers[] = {"major", "minor"};
	const bool is_fifo = ((const struct device *)value)->type == 'p';

	for (size_t i = 0; i < COUNT(numbers); i++) {
		const bool is_there = json_member(json, numbers[i]);

		if (is_there == is_fifo)
			return refuse(r, at, numbers[i], is_fifo ? "not for a fifo" : "missing");
	}
	return true;
}

bool verify_overlay(struct schema_reader *r, const struct json_path *at, const struct json *json, const void *value)
{
	const struct overlay *overlay = &((const struct spec *)value)->overlay;
	const bool on_disk = overlay->upper || overlay->work;

	(void)json;
	if (on_disk == overlay->tmpfs)
		return json_error(r->error, at, "needs either upper and work, or tmpfs");
	if (on_disk && !overlay->upper)
		return refuse(r, at, "upper", "missing");
	if (on_disk && !overlay->work)
		return refuse(r, at, "work", "missing");
	if (overlay->parts.count && (on_disk || overlay->stacked || overlay->lower.count != 1))
		return refuse(r, at, "parts", "only with tmpfs, one lower layer and not stacked");
	return true;
}

bool verify_program(struct schema_reader *r, const struct json_path *at, const struct json *json, const void *value)
{
	const struct json_path args = {at, "args", 0}, first = {&args, NULL, 0};
	const char *wrong = check_path_below_root(((const struct host_program *)value)->args.items[0]);

	(void)json;
	return !wrong || json_error(r->error, &first, "%s", wrong);
}

bool verify_files(struct schema_reader *r, const struct json_path *at, const struct json *json, const void *value)
{
	const struct files *files = &((const struct spec *)value)->files;

	(void)json;
	return files->pack + files->unpack + (files->diff != NULL) == 1 ||
	       json_error(r->error, at, "needs one of pack, unpack and diff");
}
