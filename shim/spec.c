#include "spec.h"

#include "names.h"
#include "schema.h"
#include "spec_check.h"
#include "spec_fields.h"

#include <sched.h>
#include <string.h>

/* What asks for something inside a namespace must bring that namespace, or it would be done to the host. */
struct rule {
	int flag;
	size_t offset, size; /* what must be all zero in struct spec where the namespace is not asked for */
	const char *keys[3]; /* of the error's pointer */
};

#define RULE(flag, member, ...)                                                                                        \
	{                                                                                                              \
		flag, offsetof(struct spec, member), sizeof(((struct spec *)0)->member),                               \
		{                                                                                                      \
			__VA_ARGS__                                                                                    \
		}                                                                                                      \
	}

static const struct rule rules[] = {
	RULE(CLONE_NEWNS, root.readonly, "root", "readonly"),
	RULE(CLONE_NEWUTS, hostname, "hostname"),
	RULE(CLONE_NEWUTS, domainname, "domainname"),
	RULE(CLONE_NEWNS, mounts.count, "mounts"),
	RULE(CLONE_NEWUSER, uid_mappings.count, "linux", "uidMappings"),
	RULE(CLONE_NEWUSER, gid_mappings.count, "linux", "gidMappings"),
	RULE(CLONE_NEWTIME, time_offsets, "linux", "timeOffsets"),
	RULE(CLONE_NEWNS, root_propagation, "linux", "rootfsPropagation"),
	RULE(CLONE_NEWNS, devices.count, "linux", "devices"),
	RULE(CLONE_NEWNS, masked_paths.count, "linux", "maskedPaths"),
	RULE(CLONE_NEWNS, readonly_paths.count, "linux", "readonlyPaths"),
	RULE(CLONE_NEWNS, overlay.present, "minicontainer", "rootfs", "overlay"),
	RULE(CLONE_NEWNS, root_options.count, "minicontainer", "rootfs", "options"),
	RULE(CLONE_NEWUSER, idmap, "minicontainer", "rootfs", "idmap"),
	RULE(CLONE_NEWNET, network.attach.count, "minicontainer", "network", "attach"),
	RULE(CLONE_NEWNET, network.detach.count, "minicontainer", "network", "detach"),
	RULE(CLONE_NEWNET, loopback, "minicontainer", "loopback"),
	RULE(CLONE_NEWUSER, setgroups, "minicontainer", "setgroups"),
	RULE(CLONE_NEWNS, links.count, "minicontainer", "links"),
	RULE(CLONE_NEWNS, contents.count, "minicontainer", "contents"),
};

static bool needs(char *error, const struct json_path *at, int flag)
{
	return json_error(error, at, "needs the namespace %s", name_of(namespace_names, (uint64_t)flag));
}

static bool is_zero(const char *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (bytes[i])
			return false;
	return true;
}

/* The others may be entered: who shares them with the container (a pod's) shares what is set in them. */
static bool brings(const struct spec *spec, int flag)
{
	return (spec_clone_flags(spec) & flag) ||
	       (!(flag & (CLONE_NEWNS | CLONE_NEWUSER | CLONE_NEWTIME)) && spec_leaves(spec, flag));
}

static bool obeys(const struct spec *spec, const struct rule *rule, char *error)
{
	struct json_path path[COUNT(rule->keys)];
	const struct json_path *at = NULL;

	/* Of a namespace that is entered one must know what its setgroups is: it can't be asked for. */
	if (rule->offset == offsetof(struct spec, setgroups) && spec_leaves(spec, rule->flag))
		return true;
	if (brings(spec, rule->flag) || is_zero((const char *)spec + rule->offset, rule->size))
		return true;
	for (size_t i = 0; i < COUNT(path) && rule->keys[i]; i++) {
		path[i] = (struct json_path){at, rule->keys[i], 0};
		at = &path[i];
	}
	return needs(error, at, rule->flag);
}

static bool sysctls_have_namespaces(const struct spec *spec, char *error)
{
	const struct json_path in_linux = {NULL, "linux", 0}, in_sysctl = {&in_linux, "sysctl", 0};

	for (size_t i = 0; i < spec->sysctl.count; i++) {
		const char *name = spec->sysctl.items[i].name;
		const struct json_path at = {&in_sysctl, name, 0};
		const int flag = sysctl_namespace(name);

		if (!brings(spec, flag))
			return needs(error, &at, flag);
	}
	return true;
}

/* A new mount namespace is for a root file system of one's own; entered ones have theirs. */
static bool has_root(const struct spec *spec, char *error)
{
	const struct json_path at = {NULL, "root", 0};

	return spec->root.path || !(spec_clone_flags(spec) & CLONE_NEWNS) || json_error(error, &at, "missing");
}

/* Before anything else: of a newer document, "unknown key" would be true but would not help. */
static bool has_known_version(const struct json *root, char *error)
{
	const struct json_path extension = {NULL, "minicontainer", 0}, at = {&extension, "version", 0};
	const struct json *object = root->kind == JSON_OBJECT ? json_member(root, extension.key) : NULL;
	const struct json *version = object && object->kind == JSON_OBJECT ? json_member(object, at.key) : NULL;

	if (!version || version->kind != JSON_NUMBER ||
	    (!version->number.negative && version->number.magnitude == WIRE_VERSION))
		return true;
	return json_error(error, &at, "unsupported: not in %d..%d", WIRE_VERSION, WIRE_VERSION);
}

int spec_read(const char *text, size_t length, struct spec *spec, char error[static 512])
{
	const struct json_limits limits = {SPEC_MAX_BYTES, SPEC_MAX_DEPTH};
	const struct json *root;
	struct schema_reader reader;

	memset(spec, 0, sizeof(*spec));
	spec->arena = arena_new();
	reader = (struct schema_reader){spec->arena, error};
	root = json_read(text, length, limits, spec->arena, error);
	if (!root || !has_known_version(root, error) || !schema_read(&reader, NULL, root, &spec_type, spec))
		return -1;
	if (!has_root(spec, error))
		return -1;
	for (size_t i = 0; i < COUNT(rules); i++)
		if (!obeys(spec, &rules[i], error))
			return -1;
	return sysctls_have_namespaces(spec, error) ? 0 : -1;
}

void spec_free(struct spec *spec)
{
	arena_free(spec->arena);
	memset(spec, 0, sizeof(*spec));
}

void spec_print_schema(void)
{
	schema_print(&spec_type, "MiniContainer wire spec, version 1");
}

int spec_clone_flags(const struct spec *spec)
{
	int flags = 0;

	for (size_t i = 0; i < spec->namespaces.count; i++)
		if (!spec->namespaces.items[i].path)
			flags |= spec->namespaces.items[i].flag;
	return flags;
}

int spec_birth_flags(const struct spec *spec)
{
	return spec_clone_flags(spec) & ~(CLONE_NEWCGROUP | CLONE_NEWTIME);
}

bool spec_joins(const struct spec *spec)
{
	for (size_t i = 0; i < spec->namespaces.count; i++)
		if (spec->namespaces.items[i].path)
			return true;
	return false;
}

bool spec_waits(const struct spec *spec)
{
	return spec->uid_mappings.count || spec->pid_file || spec->hooks.state || spec_joins(spec);
}

bool spec_leaves(const struct spec *spec, int flag)
{
	for (size_t i = 0; i < spec->namespaces.count; i++)
		if (spec->namespaces.items[i].flag == flag)
			return true;
	return false;
}
