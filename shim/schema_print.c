/* The field tables as JSON Schema 2020-12. */
#include "names.h"
#include "print.h"
#include "schema.h"

static void print_type(const struct type *type);

static void print_string(const char *text)
{
	print("\"");
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			print("\\");
		print_bytes(text, 1);
	}
	print("\"");
}

static void print_bool(const struct type *type)
{
	(void)type;
	print("\"type\":\"boolean\"");
}

static void print_number(const struct type *type)
{
	print("\"type\":\"integer\",\"minimum\":%lld,\"maximum\":%llu", (long long)type->min,
	      (unsigned long long)type->max);
}

static void print_words(const char *const *words)
{
	print(",\"enum\":[");
	for (const char *const *word = words; *word; word++)
		print("%s\"%s\"", word == words ? "" : ",", *word);
	print("]");
}

static void print_text(const struct type *type)
{
	print("\"type\":\"string\"");
	if (type->min)
		print(",\"minLength\":%lld", (long long)type->min);
	/* The limit is in bytes and a character has at least one, so this is true if not the whole truth. */
	if (type->max)
		print(",\"maxLength\":%llu", (unsigned long long)type->max);
	if (type->words)
		print_words(type->words);
	if (type->pattern) {
		print(",\"pattern\":");
		print_string(type->pattern);
	}
}

static void print_name(const struct type *type)
{
	print("\"enum\":[");
	for (const struct name *name = type->names; name->name; name++) {
		if (name != type->names)
			print(",");
		print_string(name->name);
	}
	print("]");
}

static void print_mask(const struct type *type)
{
	print("\"type\":\"array\",\"items\":{");
	print_name(type);
	print("}");
}

static void print_list(const struct type *type)
{
	print("\"type\":\"array\"");
	if (type->min)
		print(",\"minItems\":%lld", (long long)type->min);
	if (type->max)
		print(",\"maxItems\":%llu", (unsigned long long)type->max);
	print(",\"items\":");
	print_type(type->item);
}

static void print_map(const struct type *type)
{
	print("\"type\":\"object\"");
	if (type->pattern) {
		print(",\"propertyNames\":{\"pattern\":");
		print_string(type->pattern);
		print("}");
	}
	print(",\"additionalProperties\":");
	print_type(type->item);
}

static void print_object(const struct type *type)
{
	const char *comma = "";

	print("\"type\":\"object\",\"additionalProperties\":false,\"required\":[");
	for (const struct field *field = type->fields; field->key; field++) {
		if (!field->required)
			continue;
		print("%s\"%s\"", comma, field->key);
		comma = ",";
	}
	print("],\"properties\":{");
	for (const struct field *field = type->fields; field->key; field++) {
		print("%s\"%s\":", field == type->fields ? "" : ",", field->key);
		print_type(field->type);
	}
	print("}");
}

static void print_members(const struct type *type)
{
	static void (*const printers[KINDS])(const struct type *) = {
		[KIND_BOOL] = print_bool, [KIND_NUMBER] = print_number, [KIND_STRING] = print_text,
		[KIND_NAME] = print_name, [KIND_MASK] = print_mask,     [KIND_LIST] = print_list,
		[KIND_MAP] = print_map,   [KIND_OBJECT] = print_object,
	};

	printers[type->kind](type);
}

static void print_type(const struct type *type)
{
	print("{");
	print_members(type);
	print("}");
}

void schema_print(const struct type *type, const char *title)
{
	print("{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"title\":");
	print_string(title);
	print(",");
	print_members(type);
	print("}\n");
}
