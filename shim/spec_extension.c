/* The wire's own object, `minicontainer`, as tables: see spec_fields.c. */
#include "spec_fields.h"
#include "spec_kinds.h"

/* The largest integer that a JavaScript number holds exactly. */
#define SAFE_MAX ((UINT64_C(1) << 53) - 1)
/* Two for each hierarchy of a machine would do. */
#define DIRECTORIES_MAX 64

static const struct name null_names[] = {{"null", true}, {NULL, 0}};
static const struct name rule_names[] = {{"c", 'c'}, {"b", 'b'}, {NULL, 0}};
static const struct type id_text = STRING(.check = check_id, .pattern = "^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$");
static const struct type root_option = STRING(.check = check_root_option);
static const struct type device_access = STRING(.check = check_device_access, .pattern = "^[rwm]+$");
static const struct type process_id = NUMBER(sizeof(uint32_t), 1, 1 << 22); /* PID_MAX_LIMIT */
static const struct type log_files = NUMBER(sizeof(uint32_t), 1, 100);
static const struct type any_text = STRING(.min = 0);
static const struct type command = LIST(any_text, .min = 1);
static const struct type part = STRING(.check = check_part, .pattern = "^" SEGMENT "$");
static const struct type parts = LIST(part, .min = 1, .max = 500);
static const struct type layers = LIST(path, .min = 1);
static const struct type root_options = LIST(root_option);
static const struct type count = NUMBER(sizeof(uint64_t), 1, SAFE_MAX);
static const struct type wire_version = NUMBER(sizeof(uint32_t), WIRE_VERSION, WIRE_VERSION);
static const struct type rule_name = NAME(sizeof(char), rule_names, "type of device");
static const struct type setgroups = NAME(sizeof(enum setgroups), setgroups_names, "value");
static const struct type null_name = NAME(sizeof(bool), null_names, "value");
static const struct type filter = STRING(.check = check_filter, .pattern = "^[A-Za-z0-9+/]+={0,2}$");
static const struct type filter_flags = {.kind = KIND_MASK, .names = filter_flag_names, .what = "flag"};
static const struct type directories = LIST(path_below_root, .max = DIRECTORIES_MAX);

static const struct field tmpfs_fields[] = {{"size", &count, IN_SPEC(overlay.tmpfs_size), OPTIONAL, 0}, END};
static const struct type tmpfs = OBJECT(struct spec, tmpfs_fields);

static const struct field overlay_fields[] = {
	{"lower", &layers, IN_SPEC(overlay.lower), REQUIRED, 0},
	{"upper", &path, IN_SPEC(overlay.upper), OPTIONAL, 0},
	{"work", &path, IN_SPEC(overlay.work), OPTIONAL, 0},
	{"tmpfs", &tmpfs, 0, OPTIONAL, IN_SPEC(overlay.tmpfs)},
	{"userxattr", &boolean, IN_SPEC(overlay.userxattr), OPTIONAL, 0},
	{"stacked", &boolean, IN_SPEC(overlay.stacked), OPTIONAL, 0},
	{"parts", &parts, IN_SPEC(overlay.parts), OPTIONAL, 0},
	END,
};
static const struct type overlay = OBJECT(struct spec, overlay_fields, .verify = verify_overlay);

static const struct field rootfs_fields[] = {
	{"overlay", &overlay, 0, OPTIONAL, IN_SPEC(overlay.present)},
	{"options", &root_options, IN_SPEC(root_options), OPTIONAL, 0},
	{"idmap", &boolean, IN_SPEC(idmap), OPTIONAL, 0},
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

static const struct name make_names[] = {{"try", MAKE_TRY}, {"must", MAKE_MUST}, {NULL, 0}};
static const struct type make = NAME(sizeof(enum make), make_names, "value");

static const struct field content_fields[] = {
	{"destination", &path_below_root, offsetof(struct content, destination), REQUIRED, 0},
	{"text", &any_text, offsetof(struct content, text), REQUIRED, 0},
	{"source", &path_below_root, offsetof(struct content, source), OPTIONAL, 0},
	{"make", &make, offsetof(struct content, make), OPTIONAL, 0},
	END,
};
static const struct type content = OBJECT(struct content, content_fields);
static const struct type contents = LIST(content, .max = UNIQUE_MAX, .unique = "destination");

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
	{"create", &directories, IN_SPEC(cgroup.create), OPTIONAL, 0},
	{"settings", &settings, IN_SPEC(cgroup.settings), OPTIONAL, 0},
	{"devices", &device_rules, IN_SPEC(cgroup.devices), OPTIONAL, IN_SPEC(cgroup.has_devices)},
	{"join", &paths, IN_SPEC(cgroup.join), REQUIRED, 0},
	END,
};
static const struct type cgroup = OBJECT(struct spec, cgroup_fields);

static const struct type program_args = LIST(any_text, .min = 1);

static const struct field attach_fields[] = {
	{"args", &program_args, offsetof(struct host_program, args), REQUIRED, 0},
	{"input", &any_text, offsetof(struct host_program, input), OPTIONAL, 0},
	{"inside", &boolean, offsetof(struct host_program, inside), OPTIONAL, 0},
	{"optional", &boolean, offsetof(struct host_program, optional), OPTIONAL, 0},
	{"meanwhile", &boolean, offsetof(struct host_program, meanwhile), OPTIONAL, 0},
	{"stays", &boolean, offsetof(struct host_program, stays), OPTIONAL, 0},
	{"otherwise", &any_text, offsetof(struct host_program, otherwise), OPTIONAL, 0},
	END,
};
static const struct type attach_program = OBJECT(struct host_program, attach_fields, .verify = verify_program);
static const struct type attach_programs = LIST(attach_program, .max = MOST_PROGRAMS);

static const struct field detach_fields[] = {
	{"args", &program_args, offsetof(struct host_program, args), REQUIRED, 0},
	{"input", &any_text, offsetof(struct host_program, input), OPTIONAL, 0},
	END,
};
static const struct type detach_program = OBJECT(struct host_program, detach_fields, .verify = verify_program);
static const struct type detach_programs = LIST(detach_program, .max = MOST_PROGRAMS);

static const struct field network_fields[] = {
	{"attach", &attach_programs, IN_SPEC(network.attach), REQUIRED, 0},
	{"detach", &detach_programs, IN_SPEC(network.detach), OPTIONAL, 0},
	END,
};
static const struct type network = OBJECT(struct spec, network_fields);

static const struct field entered_fields[] = {
	{"pid", &process_id, offsetof(struct entered, pid), REQUIRED, 0},
	{"startTime", &count, offsetof(struct entered, start_time), REQUIRED, 0},
	END,
};
static const struct type entered = OBJECT(struct entered, entered_fields);

static const struct field log_fields[] = {
	{"path", &path_below_root, IN_SPEC(supervise.log_path), REQUIRED, 0},
	{"maxSize", &count, IN_SPEC(supervise.log_max_size), OPTIONAL, 0},
	{"files", &log_files, IN_SPEC(supervise.log_files), OPTIONAL, 0},
	END,
};
static const struct type log_type = OBJECT(struct spec, log_fields);

static const struct field supervise_fields[] = {
	{"dir", &path_below_root, IN_SPEC(supervise.dir), REQUIRED, 0},
	{"log", &log_type, 0, OPTIONAL, 0},
	{"exitCommand", &command, IN_SPEC(supervise.exit_command), OPTIONAL, 0},
	END,
};
static const struct type supervise = OBJECT(struct spec, supervise_fields);

static const struct field pack_fields[] = {
	{"path", &path, IN_SPEC(files.path), REQUIRED, 0},
	{"name", &some_text, IN_SPEC(files.name), REQUIRED, 0},
	{"follow", &boolean, IN_SPEC(files.follow), OPTIONAL, 0},
	{"directory", &boolean, IN_SPEC(files.directory), OPTIONAL, 0},
	END,
};
static const struct type pack_type = OBJECT(struct spec, pack_fields);

static const struct field unpack_fields[] = {
	{"path", &path, IN_SPEC(files.path), REQUIRED, 0},
	{"follow", &boolean, IN_SPEC(files.follow), OPTIONAL, 0},
	{"directory", &boolean, IN_SPEC(files.directory), OPTIONAL, 0},
	{"contents", &boolean, IN_SPEC(files.contents), OPTIONAL, 0},
	{"entries", &boolean, IN_SPEC(files.entries), OPTIONAL, 0},
	{"keepOwner", &boolean, IN_SPEC(files.keep_owner), OPTIONAL, 0},
	END,
};
static const struct type unpack_type = OBJECT(struct spec, unpack_fields);

static const struct field files_fields[] = {
	{"pack", &pack_type, 0, OPTIONAL, IN_SPEC(files.pack)},
	{"unpack", &unpack_type, 0, OPTIONAL, IN_SPEC(files.unpack)},
	{"diff", &path_below_root, IN_SPEC(files.diff), OPTIONAL, 0},
	END,
};
static const struct type files = OBJECT(struct spec, files_fields, .verify = verify_files);

static const struct field seccomp_fields[] = {
	{"filter", &filter, IN_SPEC(seccomp.filter), REQUIRED, 0},
	{"flags", &filter_flags, IN_SPEC(seccomp.flags), OPTIONAL, 0},
	END,
};
static const struct type seccomp = OBJECT(struct spec, seccomp_fields);

static const struct field extension_fields[] = {
	{"version", &wire_version, IN_SPEC(version), REQUIRED, 0},
	{"id", &id_text, IN_SPEC(id), REQUIRED, 0},
	{"target", &entered, IN_SPEC(target), OPTIONAL, IN_SPEC(has_target)},
	{"rootfs", &rootfs, 0, OPTIONAL, 0},
	{"cgroup", &cgroup, 0, OPTIONAL, 0},
	{"network", &network, 0, OPTIONAL, 0},
	{"loopback", &boolean, IN_SPEC(loopback), OPTIONAL, 0},
	{"newKeyring", &boolean, IN_SPEC(new_keyring), OPTIONAL, 0},
	{"setgroups", &setgroups, IN_SPEC(setgroups), OPTIONAL, 0},
	{"links", &links, IN_SPEC(links), OPTIONAL, 0},
	{"contents", &contents, IN_SPEC(contents), OPTIONAL, 0},
	{"hooks", &hooks_type, IN_SPEC(hooks), OPTIONAL, 0},
	{"stdin", &null_name, IN_SPEC(stdin_null), OPTIONAL, 0},
	{"supervise", &supervise, 0, OPTIONAL, 0},
	{"files", &files, 0, OPTIONAL, 0},
	{"seccomp", &seccomp, 0, OPTIONAL, 0},
	{"init", &boolean, IN_SPEC(init), OPTIONAL, 0},
	{"timeout", &count, IN_SPEC(timeout_ms), OPTIONAL, 0},
	{"pidFile", &path_below_root, IN_SPEC(pid_file), OPTIONAL, 0},
	END,
};
const struct type extension_type = OBJECT(struct spec, extension_fields);
