/* One of the command's output streams that passes through the supervisor: to its own descriptor, to the log, to
 * clients. */
#ifndef OUTLET_H
#define OUTLET_H

#include "buffer.h"
#include "log.h"

#include <poll.h>

/* Gets a copy of everything, at once. */
typedef void tap_function(void *context, enum stream stream, const char *bytes, size_t length);

struct outlet {
	int outer, inner; /* the pipe: our end, the command's; -1: there is none */
	int own;          /* where it goes on to: 1 or 2; -1: nowhere */
	enum stream stream;
	struct buffer buffer;
	tap_function *tap;
	void *context;
};

enum { OUTLET_POLLS = 2 };

/* Makes the pipe. 0, or -1 with errno. */
int outlet_open(struct outlet *o, enum stream stream, int own, tap_function *tap, void *context);
void outlet_close_inner(struct outlet *o);
void outlet_poll(const struct outlet *o, struct pollfd polls[static OUTLET_POLLS]);
void outlet_serve(struct outlet *o, const struct pollfd polls[static OUTLET_POLLS]);
/* Until FD takes more; false: nobody is to wait for that any longer. */
typedef bool wait_function(void *context, int fd);
/* What the command wrote before it ended. */
void outlet_drain(struct outlet *o, wait_function *wait, void *context);

#endif
