/*
 * The wire, as tables: one row a key, in the order of src/spec/types.ts (which tells what each means) and of
 * src/spec/validate.ts (which must accept and refuse the same). A new key is one row here and one there.
 */
#include "spec_fields.h"

#include "names.h"
#include "spec.h"
#include "spec_check.h"

#define ID_MAX (UINT32_MAX - 1) /* 2^32-1 means "no change" to chown(2) and setresuid(2) */
/* The largest integer that a JavaScript number holds exactly. */
#define SAFE_MAX        ((UINT64_C(1) << 53) - 1)
#define HOST_NAME_BYTES 64 /* __NEW_UTS_LEN */
/* Bounds the search for equal items. */
#define UNIQUE_MAX 1024

#define SEGMENT "/(?!\\.{1,2}(/|$))[^/]+"

enum { OPTIONAL, REQUIRED };

/* The kinds of values, from which the tables are made. */
#define NUMBER(bytes, least, most)                                                                                     \
	{                                                                                                              \
		.kind = KIND_NUMBER, .size = (bytes), .min = (least), .max = (most)                                    \
	}
#define STRING(...)                                                                                                    \
	{                                                                                                              \
		.kind = KIND_STRING, .size = sizeof(char *), __VA_ARGS__                                               \
	}
#define NAME(bytes, table, of)                                                                                         \
	{                                                                                                              \
		.kind = KIND_NAME, .size = (bytes), .names = (table), .what = (of)                                     \
	}
#define LIST(of, ...)                                                                                                  \
	{                                                                                                              \
		.kind = KIND_LIST, .item = &(of), __VA_ARGS__                                                          \
	}
#define OBJECT(type, table, ...)                                                                                       \
	{                                                                                                              \
		.kind = KIND_OBJECT, .size = sizeof(type), .fields = (table), __VA_ARGS__                              \
	}

static const struct name null_names[] = {{"null", true}, {NULL, 0}};
static const struct name rule_names[] = {{"c", 'c'}, {"b", 'b'}, {NULL, 0}};
static const struct name device_names[] = {{"c", 'c'}, {"b", 'b'}, {"u", 'u'}, {"p", 'p'}, {NULL, 0}};

static const struct type boolean = {.kind = KIND_BOOL, .size = sizeof(bool)};
static const struct type any_text = STRING(.min = 0);
static const struct type some_text = STRING(.min = 1);
static const struct type line = STRING(.check = check_line);
static const struct type path = STRING(.check = check_path, .pattern = "^(/|(" SEGMENT ")+)$");
static const struct type path_below_root = STRING(.check = check_path_below_root, .pattern = "^(" SEGMENT ")+$");
static const struct type device_path = STRING(.check = check_device_path, .pattern = "^/dev(" SEGMENT ")+$");
static const struct type oci_version = STRING(.check = check_oci_version, .pattern = "^1\\.");
static const struct type variable = STRING(.check = check_environment, .pattern = "^[^=]+=");
static const struct type host_name = STRING(.min = 1, .max = HOST_NAME_BYTES, .check = check_line);
static const struct type id_text = STRING(.check = check_id, .pattern = "^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$");
static const struct type root_option = STRING(.check = check_root_option);

static const struct type device_access = STRING(.check = check_device_access, .pattern = "^[rwm]+$");

static const struct type mount_type = STRING(.words = mount_types, .what = "type of mount");

static const struct type texts = LIST(any_text);
static const struct type arguments = LIST(any_text, .min = 1);
static const struct type variables = LIST(variable);
static const struct type paths = LIST(path_below_root);
static const struct type layers = LIST(path, .min = 1);
static const struct type root_options = LIST(root_option);

static const struct type id_number = NUMBER(sizeof(uint32_t), 0, ID_MAX);
static const struct type id_numbers = LIST(id_number);
static const struct type id_count = NUMBER(sizeof(uint32_t), 1, UINT32_MAX);
static const struct type permissions = NUMBER(sizeof(mode_t), 0, 0777);
static const struct type mode = NUMBER(sizeof(mode_t), 0, 07777);
static const struct type cells = NUMBER(sizeof(uint32_t), 0, UINT16_MAX);
static const struct type score = NUMBER(sizeof(int32_t), -1000, 1000);
static const struct type limit_value = NUMBER(sizeof(uint64_t), 0, UINT64_MAX);
static const struct type count = NUMBER(sizeof(uint64_t), 1, SAFE_MAX);
static const struct type wire_version = NUMBER(sizeof(uint32_t), WIRE_VERSION, WIRE_VERSION);
static const struct type major = NUMBER(sizeof(uint32_t), 0, (1 << 12) - 1); /* Linux's dev_t: 12 and 20 bits */
static const struct type minor = NUMBER(sizeof(uint32_t), 0, (1 << 20) - 1);

static const struct type limit_name = NAME(sizeof(int), rlimit_names, "limit");
static const struct type namespace_name = NAME(sizeof(int), namespace_names, "namespace");
static const struct type rule_name = NAME(sizeof(char), rule_names, "type of device");
static const struct type device_name = NAME(sizeof(char), device_names, "type of device");
static const struct type setgroups = NAME(sizeof(enum setgroups), setgroups_names, "value");
static const struct type null_name = NAME(sizeof(bool), null_names, "value");
static const struct type capability_mask = {.kind = KIND_MASK, .names = capability_names, .what = "capability"};
static const struct type labels = {.kind = KIND_MAP, .item = &any_text, .check = check_label_name, .pattern = "."};
static const struct type sysctls = {
	.kind = KIND_MAP, .item = &line, .check = check_sysctl_name, .pattern = "^[a-z0-9_-]+(\\.[a-z0-9_-]+)+$"};

#define END                                                                                                            \
	{                                                                                                              \
		NULL, NULL, 0, OPTIONAL, 0                                                                             \
	}

static const struct field console_size_fields[] = {
	{"height", &cells, offsetof(struct console_size, height), REQUIRED, 0},
	{"width", &cells, offsetof(struct console_size, width), REQUIRED, 0},
	END,
};
static const struct type console_size = OBJECT(struct console_size, console_size_fields);

static const struct field user_fields[] = {
	{"uid", &id_number, offsetof(struct user, uid), REQUIRED, 0},
	{"gid", &id_number, offsetof(struct user, gid), REQUIRED, 0},
	{"umask", &permissions, offsetof(struct user, umask), OPTIONAL, offsetof(struct user, has_umask)},
	{"additionalGids", &id_numbers, offsetof(struct user, groups), OPTIONAL, 0},
	END,
};
static const struct type user = OBJECT(struct user, user_fields);

static const struct field capabilities_fields[] = {
	{"bounding", &capability_mask, offsetof(struct capabilities, bounding), OPTIONAL, 0},
	{"effective", &capability_mask, offsetof(struct capabilities, effective), OPTIONAL, 0},
	{"inheritable", &capability_mask, offsetof(struct capabilities, inheritable), OPTIONAL, 0},
	{"permitted", &capability_mask, offsetof(struct capabilities, permitted), OPTIONAL, 0},
	{"ambient", &capability_mask, offsetof(struct capabilities, ambient), OPTIONAL, 0},
	END,
};
static const struct type capabilities = OBJECT(struct capabilities, capabilities_fields);

static const struct field limit_fields[] = {
	{"type", &limit_name, offsetof(struct limit, resource), REQUIRED, 0},
	{"soft", &limit_value, offsetof(struct limit, soft), REQUIRED, 0},
	{"hard", &limit_value, offsetof(struct limit, hard), REQUIRED, 0},
	END,
};
static const struct type limit = OBJECT(struct limit, limit_fields, .verify = verify_limit);
static const struct type limits = LIST(limit, .max = UNIQUE_MAX, .unique = "type");

static const struct field process_fields[] = {
	{"terminal", &boolean, offsetof(struct process, terminal), OPTIONAL, 0},
	{"consoleSize", &console_size, offsetof(struct process, console_size), OPTIONAL,
	 offsetof(struct process, console_size.present)},
	{"args", &arguments, offsetof(struct process, args), REQUIRED, 0},
	{"env", &variables, offsetof(struct process, env), REQUIRED, 0},
	{"cwd", &path, offsetof(struct process, cwd), REQUIRED, 0},
	{"user", &user, offsetof(struct process, user), REQUIRED, 0},
	{"capabilities", &capabilities, offsetof(struct process, capabilities), OPTIONAL,
	 offsetof(struct process, has_capabilities)},
	{"rlimits", &limits, offsetof(struct process, limits), OPTIONAL, 0},
	{"noNewPrivileges", &boolean, offsetof(struct process, no_new_privileges), OPTIONAL, 0},
	{"oomScoreAdj", &score, offsetof(struct process, oom_score_adj), OPTIONAL,
	 offsetof(struct process, has_oom_score_adj)},
	END,
};
static const struct type process = OBJECT(struct process, process_fields);

static const struct field root_fields[] = {
	{"path", &path, offsetof(struct root, path), REQUIRED, 0},
	{"readonly", &boolean, offsetof(struct root, readonly), OPTIONAL, 0},
	END,
};
static const struct type root = OBJECT(struct root, root_fields);

static const struct field mount_fields[] = {
	{"destination", &path_below_root, offsetof(struct mount, destination), REQUIRED, 0},
	{"type", &mount_type, offsetof(struct mount, type), REQUIRED, 0},
	{"source", &some_text, offsetof(struct mount, source), REQUIRED, 0},
	{"options", &texts, offsetof(struct mount, options), REQUIRED, 0},
	END,
};
static const struct type mount = OBJECT(struct mount, mount_fields, .verify = verify_mount);
static const struct type mounts = LIST(mount);

static const struct field namespace_fields[] = {
	{"type", &namespace_name, offsetof(struct namespace, flag), REQUIRED, 0},
	END,
};
static const struct type namespace = OBJECT(struct namespace, namespace_fields);
static const struct type namespaces = LIST(namespace, .max = UNIQUE_MAX, .unique = "type");

static const struct field id_mapping_fields[] = {
	{"containerID", &id_number, offsetof(struct id_mapping, container), REQUIRED, 0},
	{"hostID", &id_number, offsetof(struct id_mapping, host), REQUIRED, 0},
	{"size", &id_count, offsetof(struct id_mapping, size), REQUIRED, 0},
	END,
};
static const struct type id_mapping = OBJECT(struct id_mapping, id_mapping_fields);
static const struct type id_mappings = LIST(id_mapping);

static const struct field device_fields[] = {
	{"type", &device_name, offsetof(struct device, type), REQUIRED, 0},
	{"path", &device_path, offsetof(struct device, path), REQUIRED, 0},
	{"major", &major, offsetof(struct device, major), OPTIONAL, 0},
	{"minor", &minor, offsetof(struct device, minor), OPTIONAL, 0},
	{"fileMode", &mode, offsetof(struct device, mode), REQUIRED, 0},
	{"uid", &id_number, offsetof(struct device, uid), REQUIRED, 0},
	{"gid", &id_number, offsetof(struct device, gid), REQUIRED, 0},
	END,
};
static const struct type device = OBJECT(struct device, device_fields, .verify = verify_device);
static const struct type devices = LIST(device, .max = UNIQUE_MAX, .unique = "path");

/* From here on the objects have no struct of their own: they fill the spec itself. */
#define IN_SPEC(member) offsetof(struct spec, member)

static const struct field linux_fields[] = {
	{"namespaces", &namespaces, IN_SPEC(namespaces), REQUIRED, 0},
	{"uidMappings", &id_mappings, IN_SPEC(uid_mappings), OPTIONAL, 0},
	{"gidMappings", &id_mappings, IN_SPEC(gid_mappings), OPTIONAL, 0},
	{"devices", &devices, IN_SPEC(devices), OPTIONAL, 0},
	{"sysctl", &sysctls, IN_SPEC(sysctl), OPTIONAL, 0},
	{"maskedPaths", &paths, IN_SPEC(masked_paths), OPTIONAL, 0},
	{"readonlyPaths", &paths, IN_SPEC(readonly_paths), OPTIONAL, 0},
	END,
};
static const struct type linux_type = OBJECT(struct spec, linux_fields);

static const struct field tmpfs_fields[] = {{"size", &count, IN_SPEC(overlay.tmpfs_size), OPTIONAL, 0}, END};
static const struct type tmpfs = OBJECT(struct spec, tmpfs_fields);

static const struct field overlay_fields[] = {
	{"lower", &layers, IN_SPEC(overlay.lower), REQUIRED, 0},
	{"upper", &path, IN_SPEC(overlay.upper), OPTIONAL, 0},
	{"work", &path, IN_SPEC(overlay.work), OPTIONAL, 0},
	{"tmpfs", &tmpfs, 0, OPTIONAL, IN_SPEC(overlay.tmpfs)},
	{"userxattr", &boolean, IN_SPEC(overlay.userxattr), OPTIONAL, 0},
	{"stacked", &boolean, IN_SPEC(overlay.stacked), OPTIONAL, 0},
	END,
};
static const struct type overlay = OBJECT(struct spec, overlay_fields, .verify = verify_overlay);

static const struct field rootfs_fields[] = {
	{"overlay", &overlay, 0, OPTIONAL, IN_SPEC(overlay.present)},
	{"options", &root_options, IN_SPEC(root_options), OPTIONAL, 0},
	END,
};
static const struct type rootfs = OBJECT(struct spec, rootfs_fields);

static const struct field link_fields[] = {
	{"path", &path_below_root, offsetof(struct link, path), REQUIRED, 0},
	{"target", &some_text, offsetof(struct link, target), REQUIRED, 0},
	END,
};
static const struct type link = OBJECT(struct link, link_fields);
static const struct type links = LIST(link, .max = UNIQUE_MAX, .unique = "path");

static const struct field setting_fields[] = {
	{"path", &path_below_root, offsetof(struct setting, path), REQUIRED, 0},
	{"value", &line, offsetof(struct setting, value), REQUIRED, 0},
	END,
};
static const struct type setting = OBJECT(struct setting, setting_fields);
static const struct type settings = LIST(setting);

static const struct field device_rule_fields[] = {
	{"type", &rule_name, offsetof(struct device_rule, type), OPTIONAL, 0},
	{"major", &major, offsetof(struct device_rule, major), OPTIONAL, offsetof(struct device_rule, has_major)},
	{"minor", &minor, offsetof(struct device_rule, minor), OPTIONAL, offsetof(struct device_rule, has_minor)},
	{"access", &device_access, offsetof(struct device_rule, access), REQUIRED, 0},
	END,
};
static const struct type device_rule = OBJECT(struct device_rule, device_rule_fields);
static const struct type device_rules = LIST(device_rule, .max = UNIQUE_MAX);

static const struct field cgroup_fields[] = {
	{"create", &paths, IN_SPEC(cgroup.create), OPTIONAL, 0},
	{"settings", &settings, IN_SPEC(cgroup.settings), OPTIONAL, 0},
	{"devices", &device_rules, IN_SPEC(cgroup.devices), OPTIONAL, IN_SPEC(cgroup.has_devices)},
	{"join", &paths, IN_SPEC(cgroup.join), REQUIRED, 0},
	END,
};
static const struct type cgroup = OBJECT(struct spec, cgroup_fields);

static const struct field extension_fields[] = {
	{"version", &wire_version, IN_SPEC(version), REQUIRED, 0},
	{"id", &id_text, IN_SPEC(id), REQUIRED, 0},
	{"rootfs", &rootfs, 0, OPTIONAL, 0},
	{"cgroup", &cgroup, 0, OPTIONAL, 0},
	{"loopback", &boolean, IN_SPEC(loopback), OPTIONAL, 0},
	{"newKeyring", &boolean, IN_SPEC(new_keyring), OPTIONAL, 0},
	{"setgroups", &setgroups, IN_SPEC(setgroups), OPTIONAL, 0},
	{"links", &links, IN_SPEC(links), OPTIONAL, 0},
	{"stdin", &null_name, IN_SPEC(stdin_null), OPTIONAL, 0},
	{"init", &boolean, IN_SPEC(init), OPTIONAL, 0},
	{"timeout", &count, IN_SPEC(timeout_ms), OPTIONAL, 0},
	{"pidFile", &path_below_root, IN_SPEC(pid_file), OPTIONAL, 0},
	END,
};
static const struct type extension = OBJECT(struct spec, extension_fields);

static const struct field spec_fields[] = {
	{"ociVersion", &oci_version, IN_SPEC(oci_version), REQUIRED, 0},
	{"process", &process, IN_SPEC(process), REQUIRED, 0},
	{"root", &root, IN_SPEC(root), REQUIRED, 0},
	{"hostname", &host_name, IN_SPEC(hostname), OPTIONAL, 0},
	{"domainname", &host_name, IN_SPEC(domainname), OPTIONAL, 0},
	{"mounts", &mounts, IN_SPEC(mounts), REQUIRED, 0},
	{"linux", &linux_type, 0, REQUIRED, 0},
	{"annotations", &labels, IN_SPEC(annotations), OPTIONAL, 0},
	{"minicontainer", &extension, 0, REQUIRED, 0},
	END,
};
const struct type spec_type = OBJECT(struct spec, spec_fields);
