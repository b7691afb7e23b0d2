/*
 * Feeds anything at all to the reader of specs, the one thing here that takes in a document that others wrote. It may
 * refuse, but must not crash, leak, hang, or take what the rest of the helper relies on never to see.
 */
#include "../names.h"
#include "../spec.h"
#include "../utf8.h"
#include "../util.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(bool condition)
{
	if (!condition)
		abort();
}

/* One line of UTF-8, `POINTER: what`. */
static void expect_message(const char *error)
{
	const size_t length = strnlen(error, 512);

	expect(length > 0 && length < 512 && utf8_is_valid(error, length) && strstr(error, ": "));
	for (size_t i = 0; i < length; i++)
		expect((unsigned char)error[i] >= 0x20 && error[i] != 0x7f);
}

static void expect_strings(const struct strings *strings, bool are_paths)
{
	for (size_t i = 0; i < strings->count; i++) {
		expect(strings->items[i] && utf8_is_valid(strings->items[i], strlen(strings->items[i])));
		expect(!are_paths || path_is_clean(strings->items[i]));
	}
	expect(!strings->items || !strings->items[strings->count]);
}

static void expect_mounts(const struct mounts *mounts)
{
	for (size_t i = 0; i < mounts->count; i++) {
		const struct mount *mount = &mounts->items[i];

		expect(path_is_clean(mount->destination) && mount->destination[1]);
		expect(strcmp(mount->type, "bind") || path_is_clean(mount->source));
		expect_strings(&mount->options, false);
	}
}

static void expect_spec(const struct spec *spec)
{
	expect(spec->version == WIRE_VERSION && spec->id && !strchr(spec->id, '/') && spec->id[0] != '.');
	expect(spec->process.args.count > 0 && path_is_clean(spec->process.cwd));
	expect(!spec->root.path || path_is_clean(spec->root.path));
	expect_strings(&spec->process.args, false);
	expect_strings(&spec->process.env, false);
	expect_strings(&spec->masked_paths, true);
	expect_strings(&spec->readonly_paths, true);
	expect_strings(&spec->overlay.lower, true);
	expect_mounts(&spec->mounts);
	for (size_t i = 0; i < spec->devices.count; i++)
		expect(path_is_clean(spec->devices.items[i].path) && spec->devices.items[i].path[1]);
	for (size_t i = 0; i < spec->links.count; i++)
		expect(path_is_clean(spec->links.items[i].path) && *spec->links.items[i].target);
	for (size_t i = 0; i < spec->sysctl.count; i++)
		expect(!strchr(spec->sysctl.items[i].name, '/') && !strstr(spec->sysctl.items[i].name, ".."));
	expect(spec->process.user.uid != UINT32_MAX && spec->process.user.gid != UINT32_MAX);
	expect(!(spec->process.capabilities.bounding >> 41));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct spec spec;
	char error[512];

	if (spec_read((const char *)data, size, &spec, error) == 0)
		expect_spec(&spec);
	else
		expect_message(error);
	spec_free(&spec);
	return 0;
}
