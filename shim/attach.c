/* The client of the supervisor's control socket (control.h). */
#include "attach.h"

#include "control.h"
#include "event.h"
#include "signals.h"
#include "tty.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

enum { MOST_KEYS = 64 };

struct client {
	const struct attach_options *options;
	int socket, signals;
	bool terminal, reading, lost;
	struct tty tty;
	size_t matched; /* how many of the detach keys have just been typed */
	int code;       /* -1: goes on */
};

static void send_size(const struct client *c)
{
	struct winsize size;
	if (c->terminal && tty_size(&size))
		(void)control_send(c->socket, CONTROL_RESIZE, (uint32_t)size.ws_row << 16 | size.ws_col, "", 0);
}

static void attached(struct client *c, bool terminal)
{
	c->terminal = terminal;
	c->reading = c->options->with_input;
	send_size(c);
	if (terminal && c->reading)
		tty_make_raw(&c->tty);
}

static void write_all(int fd, const char *bytes, size_t length)
{
	while (length) {
		ssize_t n = write(fd, bytes, length);
		if (n < 0 && errno != EINTR && errno != EAGAIN)
			return;
		if (n > 0)
			bytes += n, length -= (size_t)n;
	}
}

static void take_message(struct client *c)
{
	struct control_message m;
	ssize_t n = control_receive(c->socket, &m);
	if (n < 0)
		c->code = EXIT_FAILED, c->lost = true;
	else if (m.kind == CONTROL_ATTACHED)
		attached(c, m.argument);
	else if (m.kind == CONTROL_OUTPUT)
		write_all(m.argument == STREAM_ERR ? 2 : 1, m.bytes, (size_t)n);
	else if (m.kind == CONTROL_EXITED)
		c->code = (int)m.argument;
}

static size_t put(char to[], size_t at, const char *bytes, size_t length)
{
	memcpy(to + at, bytes, length);
	return at + length;
}

/*
 * What was typed, as far as it is for the container: all before the detach keys. Keys that may yet turn out to be those
 * are held back until it is known.
 */
static size_t look_for_keys(struct client *c, const char *typed, size_t length, char passed[])
{
	const char *keys = c->options->detach_keys ? c->options->detach_keys : "";
	size_t n = 0;
	for (size_t i = 0; i < length; i++) {
		if (c->matched && typed[i] != keys[c->matched]) {
			n = put(passed, n, keys, c->matched);
			c->matched = 0;
		}
		if (*keys && typed[i] == keys[c->matched])
			c->matched++;
		else
			n = put(passed, n, typed + i, 1);
		if (c->matched && !keys[c->matched]) {
			c->code = 0;
			break;
		}
	}
	return n;
}

static void take_input(struct client *c)
{
	char typed[PAYLOAD - MOST_KEYS], passed[PAYLOAD];
	ssize_t n = read(0, typed, sizeof(typed));
	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (n <= 0) {
		c->reading = false;
		(void)control_send(c->socket, CONTROL_END, 0, "", 0);
		return;
	}
	size_t length = look_for_keys(c, typed, (size_t)n, passed);
	if (length)
		(void)control_send(c->socket, CONTROL_INPUT, 0, passed, length);
}

static void take_signal(struct client *c)
{
	struct signalfd_siginfo info;
	if (read(c->signals, &info, sizeof(info)) != (ssize_t)sizeof(info))
		return;
	if (info.ssi_signo == SIGWINCH)
		send_size(c);
	else if (info.ssi_signo != SIGCHLD && info.ssi_signo != SIGPIPE)
		(void)control_send(c->socket, CONTROL_SIGNAL, info.ssi_signo, "", 0);
}

static void relay(struct client *c)
{
	while (c->code < 0) {
		struct pollfd polls[] = {
			{.fd = c->socket, .events = POLLIN},
			{.fd = c->signals, .events = POLLIN},
			{.fd = c->reading ? 0 : -1, .events = POLLIN},
		};
		if (poll(polls, 3, -1) < 0)
			continue;
		/* Each in its turn: a command that never stops writing must not keep what is typed from it. */
		if (polls[1].revents)
			take_signal(c);
		if (polls[2].revents)
			take_input(c);
		if (polls[0].revents && c->code < 0)
			take_message(c);
	}
}

int attach(const struct attach_options *options)
{
	struct client c = {.options = options, .code = -1};
	at_step("host", "attach");
	if (options->detach_keys && strlen(options->detach_keys) > MOST_KEYS)
		refuse("more than %d detach keys", MOST_KEYS);
	c.signals = signals_block() < 0 ? -1 : signals_open();
	c.socket = control_connect(options->dir);
	if (c.socket < 0 && (errno == ENOENT || errno == ECONNREFUSED))
		refuse("the container is not running");
	if (c.signals < 0 || c.socket < 0)
		die("%s", options->dir);
	/* One that has just ended takes no more, but may have left word of its end. */
	(void)control_send(c.socket, CONTROL_ATTACH, 0, "", 0);
	relay(&c);
	tty_restore(&c.tty);
	if (c.lost)
		refuse("the container's supervisor is gone");
	return c.code;
}
