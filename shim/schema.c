#include "schema.h"

#include "names.h"
#include "spec.h"

#include <string.h>

/* Every list of spec.h has this shape. */
struct list {
	void *items;
	size_t count;
};

static void store(void *value, size_t size, uint64_t number)
{
	/* The right bytes on either byte order. */
	const uint32_t narrow = (uint32_t)number;
	const uint8_t byte = (uint8_t)number;

	memcpy(value, size == 8 ? (const void *)&number : size == 4 ? (const void *)&narrow : &byte, size);
}

static bool read_bool(struct schema_reader *r, const struct json_path *at, const struct json *json,
		      const struct type *type, void *value)
{
	(void)type;
	if (json->kind != JSON_BOOL)
		return json_error(r->error, at, "must be true or false");
	*(bool *)value = json->boolean;
	return true;
}

static bool read_number(struct schema_reader *r, const struct json_path *at, const struct json *json,
			const struct type *type, void *value)
{
	if (json->kind != JSON_NUMBER)
		return json_error(r->error, at, "must be an integer");

	const uint64_t magnitude = json->number.magnitude;
	const bool low = json->number.negative ? type->min >= 0 || magnitude > -(uint64_t)type->min
					       : type->min > 0 && magnitude < (uint64_t)type->min;
	const bool high = !json->number.negative && magnitude > type->max;

	if (low || high)
		return json_error(r->error, at, "must be %lld..%llu", (long long)type->min,
				  (unsigned long long)type->max);
	store(value, type->size, json->number.negative ? -magnitude : magnitude);
	return true;
}

static bool is_among(const char *const *words, const char *text)
{
	while (*words && strcmp(*words, text) != 0)
		words++;
	return *words;
}

static bool read_string(struct schema_reader *r, const struct json_path *at, const struct json *json,
			const struct type *type, void *value)
{
	const char *wrong;

	if (json->kind != JSON_STRING)
		return json_error(r->error, at, "must be a string");
	if (type->words && !is_among(type->words, json->string))
		return json_error(r->error, at, "unknown %s", type->what);
	if (type->min && !*json->string)
		return json_error(r->error, at, "must not be empty");
	if (type->max && strlen(json->string) > type->max)
		return json_error(r->error, at, "longer than %llu bytes", (unsigned long long)type->max);
	wrong = type->check ? type->check(json->string) : NULL;
	if (wrong)
		return json_error(r->error, at, "%s", wrong);
	*(char **)value = json->string;
	return true;
}

static bool read_name(struct schema_reader *r, const struct json_path *at, const struct json *json,
		      const struct type *type, void *value)
{
	const struct name *name;

	if (json->kind != JSON_STRING)
		return json_error(r->error, at, "must be a string");
	name = name_find(type->names, json->string);
	if (!name)
		return json_error(r->error, at, "unknown %s", type->what);
	store(value, type->size, name->value);
	return true;
}

static bool read_mask(struct schema_reader *r, const struct json_path *at, const struct json *json,
		      const struct type *type, void *value)
{
	const struct type item = {KIND_NAME, .size = 8, .names = type->names, .what = type->what};
	size_t index = 0;

	if (json->kind != JSON_ARRAY)
		return json_error(r->error, at, "must be an array");
	for (const struct json *member = json->list.first; member; member = member->next) {
		const struct json_path here = {at, NULL, index++};
		uint64_t bit = 0;

		if (!read_name(r, &here, member, &item, &bit))
			return false;
		*(uint64_t *)value |= UINT64_C(1) << bit;
	}
	return true;
}

/* Whether an item before this one has the same value for the key that must differ. */
static bool is_repeated(const struct json *list, const struct json *item, const char *key)
{
	const char *mine = json_member(item, key)->string;

	for (const struct json *other = list->list.first; other != item; other = other->next)
		if (!strcmp(json_member(other, key)->string, mine))
			return true;
	return false;
}

static bool read_item(struct schema_reader *r, const struct json_path *at, const struct json *list,
		      const struct json *json, const struct type *type, void *value)
{
	const struct json_path key = {at, type->unique, 0};

	if (!schema_read(r, at, json, type->item, value))
		return false;
	if (type->unique && is_repeated(list, json, type->unique))
		return json_error(r->error, &key, "the same as an earlier one");
	return true;
}

static bool read_list(struct schema_reader *r, const struct json_path *at, const struct json *json,
		      const struct type *type, void *value)
{
	struct list *list = value;
	size_t index = 0;

	if (json->kind != JSON_ARRAY)
		return json_error(r->error, at, "must be an array");
	if (json->list.count < (size_t)type->min)
		return json_error(r->error, at, "must not be empty");
	if (type->max && json->list.count > type->max)
		return json_error(r->error, at, "more than %llu items", (unsigned long long)type->max);
	list->count = json->list.count;
	/* One more, all zero: a list of strings ends with NULL. */
	list->items = arena_alloc(r->arena, (list->count + 1) * type->item->size);
	for (const struct json *member = json->list.first; member; member = member->next) {
		const struct json_path here = {at, NULL, index};

		if (!read_item(r, &here, json, member, type, (char *)list->items + index * type->item->size))
			return false;
		index++;
	}
	return true;
}

static bool read_map(struct schema_reader *r, const struct json_path *at, const struct json *json,
		     const struct type *type, void *value)
{
	struct pairs *pairs = value;
	struct pair *pair;

	if (json->kind != JSON_OBJECT)
		return json_error(r->error, at, "must be an object");
	pairs->count = json->list.count;
	pairs->items = pair = arena_alloc(r->arena, (pairs->count + 1) * sizeof(*pair));
	for (const struct json *member = json->list.first; member; member = member->next, pair++) {
		const struct json_path here = {at, member->key, 0};
		const char *wrong = type->check ? type->check(member->key) : NULL;

		if (wrong)
			return json_error(r->error, &here, "%s", wrong);
		if (!schema_read(r, &here, member, type->item, &pair->value))
			return false;
		pair->name = (char *)member->key;
	}
	return true;
}

static bool has_only_known_keys(struct schema_reader *r, const struct json_path *at, const struct json *object,
				const struct field *fields)
{
	for (const struct json *member = object->list.first; member; member = member->next) {
		const struct json_path here = {at, member->key, 0};
		const struct field *field = fields;

		while (field->key && strcmp(field->key, member->key) != 0)
			field++;
		if (!field->key)
			return json_error(r->error, &here, "unknown key");
	}
	return true;
}

/* Unknown keys first: of a misspelt key that says more than that the right one is missing. */
static bool read_object(struct schema_reader *r, const struct json_path *at, const struct json *json,
			const struct type *type, void *value)
{
	if (json->kind != JSON_OBJECT)
		return json_error(r->error, at, "must be an object");
	if (!has_only_known_keys(r, at, json, type->fields))
		return false;
	for (const struct field *field = type->fields; field->key; field++) {
		const struct json_path here = {at, field->key, 0};
		const struct json *member = json_member(json, field->key);

		if (!member && field->required)
			return json_error(r->error, &here, "missing");
		if (!member)
			continue;
		if (field->present)
			*((bool *)value + field->present) = true;
		if (!schema_read(r, &here, member, field->type, (char *)value + field->offset))
			return false;
	}
	return !type->verify || type->verify(r, at, json, value);
}

bool schema_read(struct schema_reader *r, const struct json_path *at, const struct json *json, const struct type *type,
		 void *value)
{
	static bool (*const readers[KINDS])(struct schema_reader *, const struct json_path *, const struct json *,
					    const struct type *, void *) = {
		[KIND_BOOL] = read_bool, [KIND_NUMBER] = read_number, [KIND_STRING] = read_string,
		[KIND_NAME] = read_name, [KIND_MASK] = read_mask,     [KIND_LIST] = read_list,
		[KIND_MAP] = read_map,   [KIND_OBJECT] = read_object,
	};

	return readers[type->kind](r, at, json, type, value);
}
