/* What the tables of spec_fields.c cannot say: the grammar of strings, and what must hold between keys. */
#ifndef SPEC_CHECK_H
#define SPEC_CHECK_H

#include "schema.h"

/* What is wrong with the text, or NULL. */
const char *check_device_access(const char *text);
/* A path of one component, below the root. */
const char *check_part(const char *text);
const char *check_filter(const char *text);
const char *check_path(const char *text);
const char *check_path_below_root(const char *text);
const char *check_oci_version(const char *text);
const char *check_environment(const char *text);
const char *check_id(const char *text);
const char *check_label_name(const char *text);
const char *check_sysctl_name(const char *text);
const char *check_line(const char *text);
const char *check_root_option(const char *text);

/* Between the keys of one object; `verify` of struct type. */
bool verify_limit(struct schema_reader *r, const struct json_path *at, const struct json *json, const void *value);
bool verify_mount(struct schema_reader *r, const struct json_path *at, const struct json *json, const void *value);
bool verify_device(struct schema_reader *r, const struct json_path *at, const struct json *json, const void *value);
bool verify_files(struct schema_reader *r, const struct json_path *at, const struct json *json, const void *value);
bool verify_program(struct schema_reader *r, const struct json_path *at, const struct json *json, const void *value);
bool verify_overlay(struct schema_reader *r, const struct json_path *at, const struct json *json, const void *value);

/* The CLONE_NEW* flag of the namespace that a sysctl belongs to; 0: it is the whole machine's. */
int sysctl_namespace(const char *name);

#endif
