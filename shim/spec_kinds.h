/* What the two files of field tables share (spec_fields.c, spec_extension.c); no one else includes this. */
#ifndef SPEC_KINDS_H
#define SPEC_KINDS_H

#include "names.h"
#include "schema.h"
#include "spec.h"
#include "spec_check.h"

/* Bounds the search for equal items. */
#define UNIQUE_MAX 1024

/* Of a path: anything but . and .. */
#define SEGMENT "/(?!\\.{1,2}(/|$))[^/]+"

enum { OPTIONAL, REQUIRED };

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

static const struct type boolean = {.kind = KIND_BOOL, .size = sizeof(bool)};
static const struct type some_text = STRING(.min = 1);
static const struct type line = STRING(.check = check_line);
static const struct type path = STRING(.check = check_path, .pattern = "^(/|(" SEGMENT ")+)$");
static const struct type path_below_root = STRING(.check = check_path_below_root, .pattern = "^(" SEGMENT ")+$");
static const struct type paths = LIST(path_below_root);
static const struct type major = NUMBER(sizeof(uint32_t), 0, (1 << 12) - 1); /* Linux's dev_t: 12 and 20 bits */
static const struct type minor = NUMBER(sizeof(uint32_t), 0, (1 << 20) - 1);

/* In tables of objects without a struct of their own: they fill the spec itself. */
#define IN_SPEC(member) offsetof(struct spec, member)
#define END                                                                                                            \
	{                                                                                                              \
		NULL, NULL, 0, OPTIONAL, 0                                                                             \
	}

#endif
