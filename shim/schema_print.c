/* The field tables as JSON Schema 2020-12. */
#include "names.h"
#include "schema.h"

#include <stdio.h>

static void print_type(const struct type *type);

static void print_string(const char *text)
{
	putchar('"');
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			putchar('\\');
		putchar(*text);
	}
	putchar('"');
}

static void print_bool(const struct type *type)
{
	(void)type;
	printf("\"type\":\"boolean\"");
}

static void print_number(const struct type *type)
{
	printf("\"type\":\"integer\",\"minimum\":%lld,\"maximum\":%llu", (long long)type->min,
	       (unsigned long long)type->max);
}

static void print_words(const char *const *words)
{
	printf(",\"enum\":[");
	for (const char *const *word = words; *word; word++)
		printf("%s\"%s\"", word == words ? "" : ",", *word);
	putchar(']');
}

static void print_text(const struct type *type)
{
	printf("\"type\":\"string\"");
	if (type->min)
		printf(",\"minLength\":%lld", (long long)type->min);
	/* The limit is in bytes and a character has at least one, so this is true if not the whole truth. */
	if (type->max)
		printf(",\"maxLength\":%llu", (unsigned long long)type->max);
	if (type->words)
		print_words(type->words);
	if (type->pattern) {
		printf(",\"pattern\":");
		print_string(type->pattern);
	}
}

static void print_name(const struct type *type)
{
	printf("\"enum\":[");
	for (const struct name *name = type->names; name->name; name++) {
		if (name != type->names)
			putchar(',');
		print_string(name->name);
	}
	putchar(']');
}

static void print_mask(const struct type *type)
{
	printf("\"type\":\"array\",\"items\":{");
	print_name(type);
	putchar('}');
}

static void print_list(const struct type *type)
{
	printf("\"type\":\"array\"");
	if (type->min)
		printf(",\"minItems\":%lld", (long long)type->min);
	if (type->max)
		printf(",\"maxItems\":%llu", (unsigned long long)type->max);
	printf(",\"items\":");
	print_type(type->item);
}

static void print_map(const struct type *type)
{
	printf("\"type\":\"object\"");
	if (type->pattern) {
		printf(",\"propertyNames\":{\"pattern\":");
		print_string(type->pattern);
		putchar('}');
	}
	printf(",\"additionalProperties\":");
	print_type(type->item);
}

static void print_object(const struct type *type)
{
	const char *comma = "";

	printf("\"type\":\"object\",\"additionalProperties\":false,\"required\":[");
	for (const struct field *field = type->fields; field->key; field++) {
		if (!field->required)
			continue;
		printf("%s\"%s\"", comma, field->key);
		comma = ",";
	}
	printf("],\"properties\":{");
	for (const struct field *field = type->fields; field->key; field++) {
		printf("%s\"%s\":", field == type->fields ? "" : ",", field->key);
		print_type(field->type);
	}
	putchar('}');
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
	putchar('{');
	print_members(type);
	putchar('}');
}

void schema_print(const struct type *type, const char *title)
{
	printf("{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"title\":");
	print_string(title);
	putchar(',');
	print_members(type);
	printf("}\n");
}
