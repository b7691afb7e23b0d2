/*
 * The wire, as tables: one row a key, in the order of src/spec/types.ts (which tells what each means) and of
 * src/spec/fields.ts (which must accept and refuse the same). A new key is one row here and one there.
 */
#include "spec_fields.h"
#include "spec_kinds.h"

#define ID_MAX          (UINT32_MAX - 1) /* 2^32-1 means "no change" to chown(2) and setresuid(2) */
#define HOST_NAME_BYTES 64               /* __NEW_UTS_LEN */

static const struct name device_names[] = {{"c", 'c'}, {"b", 'b'}, {"u", 'u'}, {"p", 'p'}, {NULL, 0}};
static const struct type any_text = STRING(.min = 0);
static const struct type oci_version = STRING(.check = check_oci_version, .pattern = "^1\\.");
static const struct type variable = STRING(.check = check_environment, .pattern = "^[^=]+=");
static const struct type host_name = STRING(.min = 1, .max = HOST_NAME_BYTES, .check = check_line);
static const struct type mount_type = STRING(.words = mount_types, .what = "type of mount");
static const struct type texts = LIST(any_text);
static const struct type arguments = LIST(any_text, .min = 1);
static const struct type variables = LIST(variable);
static const struct type id_number = NUMBER(sizeof(uint32_t), 0, ID_MAX);
static const struct type id_numbers = LIST(id_number);
static const struct type id_count = NUMBER(sizeof(uint32_t), 1, UINT32_MAX);
static const struct type permissions = NUMBER(sizeof(mode_t), 0, 0777);
static const struct type mode = NUMBER(sizeof(mode_t), 0, 07777);
static const struct type cells = NUMBER(sizeof(uint32_t), 0, UINT16_MAX);
static const struct type score = NUMBER(sizeof(int32_t), -1000, 1000);
static const struct type limit_value = NUMBER(sizeof(uint64_t), 0, UINT64_MAX);
static const struct type limit_name = NAME(sizeof(int), rlimit_names, "limit");
static const struct type namespace_name = NAME(sizeof(int), namespace_names, "namespace");
static const struct type device_name = NAME(sizeof(char), device_names, "type of device");
static const struct type capability_mask = {.kind = KIND_MASK, .names = capability_names, .what = "capability"};
static const struct type labels = {.kind = KIND_MAP, .item = &any_text, .check = check_label_name, .pattern = "."};
static const struct type sysctls = {
	.kind = KIND_MAP, .item = &line, .check = check_sysctl_name, .pattern = "^[a-z0-9_-]+(\\.[a-z0-9_-]+)+$"};

static const struct type some_line = STRING(.min = 1, .check = check_line);
static const struct type propagation = NAME(sizeof(uint64_t), propagation_names, "propagation");
static const struct name domain_names[] = {{"LINUX", 0}, {"LINUX32", 8}, {NULL, 0}}; /* personality(2) */
static const struct type domain = NAME(sizeof(uint32_t), domain_names, "domain");
static const struct field personality_fields[] = {{"domain", &domain, IN_SPEC(personality), REQUIRED, 0}, END};
static const struct type personality = OBJECT(struct spec, personality_fields);

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
	{"apparmorProfile", &some_line, offsetof(struct process, apparmor), OPTIONAL, 0},
	{"selinuxLabel", &some_line, offsetof(struct process, selinux), OPTIONAL, 0},
	{"scheduler", &scheduler_type, offsetof(struct process, scheduler), OPTIONAL,
	 offsetof(struct process, scheduler.present)},
	{"ioPriority", &io_priority_type, offsetof(struct process, io_priority), OPTIONAL,
	 offsetof(struct process, io_priority.present)},
	{"execCPUAffinity", &affinity_type, offsetof(struct process, affinity), OPTIONAL, 0},
	END,
};
static const struct type process = OBJECT(struct process, process_fields);

static const struct field root_fields[] = {
	{"path", &path, offsetof(struct root, path), REQUIRED, 0},
	{"readonly", &boolean, offsetof(struct root, readonly), OPTIONAL, 0},
	END,
};
static const struct type root = OBJECT(struct root, root_fields);

static const struct field id_mapping_fields[] = {
	{"containerID", &id_number, offsetof(struct id_mapping, container), REQUIRED, 0},
	{"hostID", &id_number, offsetof(struct id_mapping, host), REQUIRED, 0},
	{"size", &id_count, offsetof(struct id_mapping, size), REQUIRED, 0},
	END,
};
static const struct type id_mapping = OBJECT(struct id_mapping, id_mapping_fields);
static const struct type id_mappings = LIST(id_mapping);

static const struct field mount_fields[] = {
	{"destination", &path_below_root, offsetof(struct mount, destination), REQUIRED, 0},
	{"type", &mount_type, offsetof(struct mount, type), REQUIRED, 0},
	{"source", &some_text, offsetof(struct mount, source), REQUIRED, 0},
	{"options", &texts, offsetof(struct mount, options), REQUIRED, 0},
	{"uidMappings", &id_mappings, offsetof(struct mount, uid_mappings), OPTIONAL, 0},
	{"gidMappings", &id_mappings, offsetof(struct mount, gid_mappings), OPTIONAL, 0},
	END,
};
static const struct type mount = OBJECT(struct mount, mount_fields, .verify = verify_mount);
static const struct type mounts = LIST(mount);

static const struct field namespace_fields[] = {
	{"type", &namespace_name, offsetof(struct namespace, flag), REQUIRED, 0},
	{"path", &path_below_root, offsetof(struct namespace, path), OPTIONAL, 0},
	END,
};
static const struct type namespace = OBJECT(struct namespace, namespace_fields);
static const struct type namespaces = LIST(namespace, .max = UNIQUE_MAX, .unique = "type");

static const struct field device_fields[] = {
	{"type", &device_name, offsetof(struct device, type), REQUIRED, 0},
	{"path", &path_below_root, offsetof(struct device, path), REQUIRED, 0},
	{"major", &major, offsetof(struct device, major), OPTIONAL, 0},
	{"minor", &minor, offsetof(struct device, minor), OPTIONAL, 0},
	{"fileMode", &mode, offsetof(struct device, mode), REQUIRED, 0},
	{"uid", &id_number, offsetof(struct device, uid), REQUIRED, 0},
	{"gid", &id_number, offsetof(struct device, gid), REQUIRED, 0},
	END,
};
static const struct type device = OBJECT(struct device, device_fields, .verify = verify_device);
static const struct type devices = LIST(device, .max = UNIQUE_MAX, .unique = "path");

static const struct field linux_fields[] = {
	{"namespaces", &namespaces, IN_SPEC(namespaces), REQUIRED, 0},
	{"uidMappings", &id_mappings, IN_SPEC(uid_mappings), OPTIONAL, 0},
	{"gidMappings", &id_mappings, IN_SPEC(gid_mappings), OPTIONAL, 0},
	{"timeOffsets", &time_offsets_type, IN_SPEC(time_offsets), OPTIONAL, 0},
	{"rootfsPropagation", &propagation, IN_SPEC(root_propagation), OPTIONAL, 0},
	{"memoryPolicy", &memory_policy_type, IN_SPEC(memory_policy), OPTIONAL, IN_SPEC(memory_policy.present)},
	{"personality", &personality, 0, OPTIONAL, IN_SPEC(has_personality)},
	{"devices", &devices, IN_SPEC(devices), OPTIONAL, 0},
	{"sysctl", &sysctls, IN_SPEC(sysctl), OPTIONAL, 0},
	{"maskedPaths", &paths, IN_SPEC(masked_paths), OPTIONAL, 0},
	{"readonlyPaths", &paths, IN_SPEC(readonly_paths), OPTIONAL, 0},
	END,
};
static const struct type linux_type = OBJECT(struct spec, linux_fields);

static const struct field spec_fields[] = {
	{"ociVersion", &oci_version, IN_SPEC(oci_version), REQUIRED, 0},
	{"process", &process, IN_SPEC(process), REQUIRED, 0},
	{"root", &root, IN_SPEC(root), OPTIONAL, 0},
	{"hostname", &host_name, IN_SPEC(hostname), OPTIONAL, 0},
	{"domainname", &host_name, IN_SPEC(domainname), OPTIONAL, 0},
	{"mounts", &mounts, IN_SPEC(mounts), REQUIRED, 0},
	{"linux", &linux_type, 0, REQUIRED, 0},
	{"annotations", &labels, IN_SPEC(annotations), OPTIONAL, 0},
	{"minicontainer", &extension_type, 0, REQUIRED, 0},
	END,
};
const struct type spec_type = OBJECT(struct spec, spec_fields);
