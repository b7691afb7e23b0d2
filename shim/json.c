#include "json.h"

#include "utf8.h"

#include <string.h>

struct reader {
	const char *at, *end;
	struct arena *arena;
	char *error;
	unsigned depth;
};

static bool read_value(struct reader *r, const struct json_path *path, struct json *value);

/* The next character after white space; 0 at the end (NUL is in no token, so the two need not be told apart). */
static char peek(struct reader *r)
{
	while (r->at < r->end && (*r->at == ' ' || *r->at == '\t' || *r->at == '\n' || *r->at == '\r'))
		r->at++;
	return r->at < r->end ? *r->at : '\0';
}

static bool take(struct reader *r, char c)
{
	if (peek(r) != c)
		return false;
	r->at++;
	return true;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Four hex digits; -1 where there are none. */
static int32_t read_hex(struct reader *r)
{
	int32_t value = 0;

	if (r->end - r->at < 4)
		return -1;
	for (int i = 0; i < 4; i++) {
		const int digit = hex_digit(*r->at++);

		if (digit < 0)
			return -1;
		value = value * 16 + digit;
	}
	return value;
}

static const char *read_unicode_escape(struct reader *r, char **out)
{
	int32_t c = read_hex(r);

	if (c < 0)
		return "bad escape";
	if (c == 0)
		return "NUL in a string";
	if (c >= 0xdc00 && c <= 0xdfff)
		return "lone surrogate";
	if (c >= 0xd800 && c <= 0xdbff) {
		int32_t low = -1;

		if (r->end - r->at >= 6 && r->at[0] == '\\' && r->at[1] == 'u') {
			r->at += 2;
			low = read_hex(r);
		}
		if (low < 0xdc00 || low > 0xdfff)
			return "lone surrogate";
		c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
	}
	*out = utf8_put(*out, (uint32_t)c);
	return NULL;
}

static const char *read_escape(struct reader *r, char **out)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	const char *found = r->at < r->end ? memchr(from, *r->at, sizeof(from) - 1) : NULL;

	if (r->at < r->end && *r->at == 'u') {
		r->at++;
		return read_unicode_escape(r, out);
	}
	if (!found)
		return "bad escape";
	r->at++;
	*(*out)++ = to[found - from];
	return NULL;
}

/* After the opening quote. What is wrong, or NULL. An escape is never shorter than what it stands for. */
static const char *read_characters(struct reader *r, char *out)
{
	const char *wrong;

	while (r->at < r->end && *r->at != '"') {
		const char c = *r->at++;

		if ((unsigned char)c < 0x20)
			return "control character in a string";
		if (c != '\\') {
			*out++ = c;
			continue;
		}
		wrong = read_escape(r, &out);
		if (wrong)
			return wrong;
	}
	if (r->at == r->end)
		return "string does not end";
	r->at++;
	return NULL;
}

/* Where the string that starts at AT ends, at the latest; only good for knowing how much memory it needs. */
static size_t string_room(const struct reader *r)
{
	const char *c = r->at;

	while (c < r->end && *c != '"')
		c += *c == '\\' && r->end - c > 1 ? 2 : 1;
	return (size_t)(c - r->at) + 1;
}

static char *read_string(struct reader *r, const struct json_path *path)
{
	char *text = arena_alloc(r->arena, string_room(r));
	const char *wrong = read_characters(r, text);

	if (!wrong)
		return text;
	json_error(r->error, path, "%s", wrong);
	return NULL;
}

static bool read_number(struct reader *r, const struct json_path *path, struct json *value)
{
	const bool negative = *r->at == '-';
	const uint64_t most = negative ? UINT64_C(1) << 63 : UINT64_MAX;
	const char *digits = r->at += negative;
	uint64_t number = 0;

	for (; r->at < r->end && *r->at >= '0' && *r->at <= '9'; r->at++) {
		const uint64_t digit = (uint64_t)(*r->at - '0');

		if (number > (most - digit) / 10)
			return json_error(r->error, path, "number out of range");
		number = number * 10 + digit;
	}
	if (r->at == digits || (*digits == '0' && r->at - digits > 1))
		return json_error(r->error, path, "not JSON");
	if (r->at < r->end && (*r->at == '.' || *r->at == 'e' || *r->at == 'E'))
		return json_error(r->error, path, "must be an integer");
	value->kind = JSON_NUMBER;
	value->number.negative = negative && number;
	value->number.magnitude = number;
	return true;
}

static bool read_word(struct reader *r, const struct json_path *path, struct json *value)
{
	static const struct {
		const char *word;
		enum json_kind kind;
		bool boolean;
	} words[] = {{"true", JSON_BOOL, true}, {"false", JSON_BOOL, false}, {"null", JSON_NULL, false}};

	for (size_t i = 0; i < COUNT(words); i++) {
		const size_t length = strlen(words[i].word);

		if ((size_t)(r->end - r->at) < length || memcmp(r->at, words[i].word, length) != 0)
			continue;
		r->at += length;
		value->kind = words[i].kind;
		value->boolean = words[i].boolean;
		return true;
	}
	return json_error(r->error, path, "not JSON");
}

static struct json *append(struct reader *r, struct json *list, struct json ***end)
{
	struct json *value = arena_alloc(r->arena, sizeof(*value));

	**end = value;
	*end = &value->next;
	list->list.count++;
	return value;
}

static bool read_array(struct reader *r, const struct json_path *path, struct json *array)
{
	struct json **end = &array->list.first;

	array->kind = JSON_ARRAY;
	if (take(r, ']'))
		return true;
	do {
		const struct json_path here = {path, NULL, array->list.count};

		if (!read_value(r, &here, append(r, array, &end)))
			return false;
	} while (take(r, ','));
	return take(r, ']') || json_error(r->error, path, "not JSON");
}

static bool read_member(struct reader *r, const struct json_path *path, struct json *object, struct json ***end)
{
	char *key = take(r, '"') ? read_string(r, path) : NULL;
	const struct json_path here = {path, key, 0};

	if (!key)
		return *r->error ? false : json_error(r->error, path, "not JSON");
	if (json_member(object, key))
		return json_error(r->error, &here, "duplicate key");
	if (object->list.count == JSON_MAX_MEMBERS)
		return json_error(r->error, path, "more than %d keys", JSON_MAX_MEMBERS);
	if (!take(r, ':'))
		return json_error(r->error, path, "not JSON");

	struct json *value = append(r, object, end);

	value->key = key;
	return read_value(r, &here, value);
}

static bool read_object(struct reader *r, const struct json_path *path, struct json *object)
{
	struct json **end = &object->list.first;

	object->kind = JSON_OBJECT;
	if (take(r, '}'))
		return true;
	do {
		if (!read_member(r, path, object, &end))
			return false;
	} while (take(r, ','));
	return take(r, '}') || json_error(r->error, path, "not JSON");
}

static bool read_nested(struct reader *r, const struct json_path *path, struct json *value, char open)
{
	if (r->depth == 0)
		return json_error(r->error, path, "nested too deeply");
	r->depth--;
	r->at++;
	if (!(open == '{' ? read_object(r, path, value) : read_array(r, path, value)))
		return false;
	r->depth++;
	return true;
}

static bool read_value(struct reader *r, const struct json_path *path, struct json *value)
{
	const char first = peek(r);

	if (first == '{' || first == '[')
		return read_nested(r, path, value, first);
	if (first == '-' || (first >= '0' && first <= '9'))
		return read_number(r, path, value);
	if (first != '"')
		return read_word(r, path, value);
	r->at++;
	value->kind = JSON_STRING;
	value->string = read_string(r, path);
	return value->string;
}

struct json *json_member(const struct json *object, const char *key)
{
	for (struct json *member = object->list.first; member; member = member->next)
		if (!strcmp(member->key, key))
			return member;
	return NULL;
}

struct json *json_read(const char *text, size_t length, struct json_limits limits, struct arena *arena,
		       char error[static JSON_ERROR_BYTES])
{
	struct reader r = {text, text + length, arena, error, limits.depth};
	struct json *root = arena_alloc(arena, sizeof(*root));

	error[0] = '\0';
	if (length > limits.bytes)
		json_error(error, NULL, "larger than %zu bytes", limits.bytes);
	else if (!utf8_is_valid(text, length))
		json_error(error, NULL, "not valid UTF-8");
	else if (read_value(&r, NULL, root) && (peek(&r), r.at < r.end))
		json_error(error, NULL, "something after the value");
	return *error ? NULL : root;
}
