/* What a command wrote before it ended, and what still stands in a pipe or a terminal then. */
#include "drain.h"

#include "parent.h"
#include "signals.h"

#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

static bool is_told_to_end(struct supervisor *s)
{
	struct signalfd_siginfo info;
	bool told = false;
	while (read(s->signals, &info, sizeof(info)) == (ssize_t)sizeof(info))
		told = told || signals_is_end((int)info.ssi_signo);
	return told;
}

/*
 * Who reads may be slow, and is waited for: a pager, a stopped terminal. But not by a supervisor whose own starter is
 * gone, or that is told to end: it would stay for as long as someone holds the other end without reading.
 */
static bool wait_for_reader(void *context, int fd)
{
	struct supervisor *s = context;
	struct pollfd polls[] = {{.fd = fd, .events = POLLOUT}, {.fd = s->signals, .events = POLLIN}};
	for (;;) {
		int ready = poll(polls, 2, parent_is_gone(s) ? 0 : -1);
		if (ready == 0 || (ready > 0 && polls[1].revents && is_told_to_end(s)))
			return false;
		if (ready > 0 && polls[0].revents)
			return true;
	}
}

void drain(struct supervisor *s)
{
	outlet_drain(&s->out, wait_for_reader, s);
	outlet_drain(&s->err, wait_for_reader, s);
	terminal_drain(&s->terminal, wait_for_reader, s);
}
