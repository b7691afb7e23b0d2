/*
 * What a JSON document may look like, as data: a type for each kind of value and one field table for each object. The
 * tables (spec_fields.c) drive the reader (schema.c) and the printer of JSON Schema (schema_print.c).
 */
#ifndef SCHEMA_H
#define SCHEMA_H

#include "json.h"

#include <sys/types.h>

struct name;
struct field;
struct schema_reader;

/* What each kind of type writes to: `size` bytes, or the struct named. */
enum kind {
	KIND_BOOL,   /* bool */
	KIND_NUMBER, /* an integer of `size` 4 or 8; signed only where min < 0 */
	KIND_STRING, /* char * */
	KIND_NAME,   /* the value of one of `names`, in an integer of `size` 1, 4 or 8 */
	KIND_MASK,   /* uint64_t: a list of `names`, bit n for value n */
	KIND_LIST,   /* {void *items; size_t count}, each item of type `item` and of its `size` */
	KIND_MAP,    /* struct pairs: keys that `check` allows, values of type `item` */
	KIND_OBJECT, /* a struct with `fields`, then `verify` */
	KINDS
};

struct type {
	enum kind kind;
	size_t size;
	int64_t min;  /* numbers: least; strings: bytes; lists: items */
	uint64_t max; /* the same; 0 for strings and lists: no limit of their own */
	const struct name *names;
	const char *const *words; /* strings: the only ones allowed; ends with NULL */
	const struct type *item;
	const char *unique; /* lists of objects: the (required, string) key that tells the items apart */
	const char *what;   /* names, words: what is unknown when it is not among them */
	/* Strings and keys: what is wrong, or NULL. */
	const char *(*check)(const char *text);
	const char *pattern;        /* the same as far as a regular expression can say it (ECMA-262), for the schema */
	const struct field *fields; /* end with {.key = NULL} */
	/* What a table cannot say of an object that is otherwise right. False with the error set, as json_error() does.
	 */
	bool (*verify)(struct schema_reader *r, const struct json_path *at, const struct json *object,
		       const void *value);
};

struct field {
	const char *key;
	const struct type *type;
	size_t offset; /* in the struct of the object that the table describes */
	bool required;
	size_t present; /* offset of a bool that says whether the key was there; 0: none */
};

struct schema_reader {
	struct arena *arena;
	char *error; /* JSON_ERROR_BYTES */
};

/* Fills VALUE, zeroed by the caller. */
bool schema_read(struct schema_reader *r, const struct json_path *at, const struct json *json, const struct type *type,
		 void *value);

/* As JSON Schema 2020-12, one line, on stdout. */
void schema_print(const struct type *type, const char *title);

#endif
