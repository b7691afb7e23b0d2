#include "outlet.h"

#include "descriptors.h"

#include <fcntl.h>
#include <unistd.h>

int outlet_open(struct outlet *o, enum stream stream, int own, tap_function *tap, void *context)
{
	int ends[2];
	if (pipe2(ends, O_CLOEXEC) < 0)
		return -1;
	o->outer = ends[0];
	o->inner = ends[1];
	o->own = own;
	o->stream = stream;
	o->tap = tap;
	o->context = context;
	return fcntl(o->outer, F_SETFL, O_NONBLOCK);
}

void outlet_close_inner(struct outlet *o)
{
	close_end(&o->inner);
}

void outlet_poll(const struct outlet *o, struct pollfd polls[static OUTLET_POLLS])
{
	bool empty = buffer_is_empty(&o->buffer);
	polls[0] = (struct pollfd){.fd = empty ? o->outer : -1, .events = POLLIN};
	polls[1] = (struct pollfd){.fd = empty ? -1 : o->own, .events = POLLOUT};
}

/* False when there was nothing to take. */
static bool take(struct outlet *o)
{
	if (buffer_fill(&o->buffer, o->outer) < 0) {
		close_end(&o->outer);
		return false;
	}
	if (buffer_is_empty(&o->buffer))
		return false;
	o->tap(o->context, o->stream, o->buffer.bytes, o->buffer.end);
	if (o->own < 0)
		buffer_clear(&o->buffer);
	return true;
}

/* Whoever took it has gone: so the command's next write fails as it would without us (SIGPIPE). */
static void give(struct outlet *o)
{
	if (buffer_flush(&o->buffer, o->own) < 0) {
		buffer_clear(&o->buffer);
		close_end(&o->outer);
	}
}

void outlet_serve(struct outlet *o, const struct pollfd polls[static OUTLET_POLLS])
{
	if (polls[0].revents && o->outer >= 0)
		(void)take(o);
	if (polls[1].revents)
		give(o);
}

void outlet_drain(struct outlet *o, wait_function *wait, void *context)
{
	for (;;) {
		/* In the background what is taken is given already: there may be more than a buffer holds. */
		if (buffer_is_empty(&o->buffer) && o->outer >= 0 && take(o) && o->own < 0)
			continue;
		if (buffer_is_empty(&o->buffer) || !wait(context, o->own))
			break;
		give(o);
	}
	close_end(&o->outer);
}
