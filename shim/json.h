/*
 * A strict JSON reader (RFC 8259, and stricter): no duplicate keys, no fractions or exponents, no NUL, valid UTF-8
 * only, bounded depth and size, nothing after the value. Integers are exact from -2^63 to 2^64-1.
 */
#ifndef JSON_H
#define JSON_H

#include "util.h"

#define JSON_ERROR_BYTES 512
/* Keeps the search for duplicate keys, which is linear, harmless. */
#define JSON_MAX_MEMBERS 1024

enum json_kind { JSON_NULL, JSON_BOOL, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT };

struct json {
	enum json_kind kind;
	const char *key;   /* of a member of an object; else NULL */
	struct json *next; /* the sibling after this one */
	union {
		bool boolean;
		struct {
			bool negative;
			uint64_t magnitude;
		} number;
		char *string; /* UTF-8, ends with NUL */
		struct {
			struct json *first;
			size_t count;
		} list; /* of an array or object, in the document's order */
	};
};

/* Where in the document we are: a list from the leaf up, on the caller's stack. The root is NULL. */
struct json_path {
	const struct json_path *up;
	const char *key; /* NULL: an array's item */
	size_t index;
};

struct json_limits {
	size_t bytes;
	unsigned depth; /* arrays and objects inside each other */
};

/* NULL with ERROR set where the text is not such a document. What is returned lives in the arena. */
struct json *json_read(const char *text, size_t length, struct json_limits limits, struct arena *arena,
		       char error[static JSON_ERROR_BYTES]);

struct json *json_member(const struct json *object, const char *key);

/* Sets ERROR to `POINTER: message`, always on one line, and returns false. */
bool json_error(char error[static JSON_ERROR_BYTES], const struct json_path *at, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
