#include "control.h"

#include "descriptors.h"
#include "supervisor.h"
#include "sys.h"
#include "text.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

enum { PATIENCE = 5 /* seconds */ };

/* The directory's name may be longer than a socket's may be (108 bytes): so it is named by descriptor. */
static int address(struct sockaddr_un *a, const char *dir)
{
	int fd = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	*a = (struct sockaddr_un){.sun_family = AF_UNIX};
	text_format(a->sun_path, sizeof(a->sun_path), "/proc/self/fd/%d/control", fd);
	return fd;
}

static int listen_at(const char *dir)
{
	struct sockaddr_un a;
	int where = address(&a, dir), fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (where < 0 || fd < 0)
		return -1;
	(void)unlinkat(where, "control", 0);
	mode_t mask = umask(0177);
	int r = bind(fd, (struct sockaddr *)&a, sizeof(a));
	umask(mask);
	close(where);
	return r < 0 || listen(fd, MOST_CLIENTS) < 0 ? -1 : fd;
}

int control_open(struct control *c, const char *dir, bool with_input)
{
	int ends[2];
	c->listener = listen_at(dir);
	if (c->listener < 0)
		return -1;
	if (!with_input)
		return 0;
	if (pipe2(ends, O_CLOEXEC) < 0)
		return -1;
	c->input = ends[0];
	c->feed = ends[1];
	return fcntl(c->feed, F_SETFL, O_NONBLOCK);
}

void control_close_input(struct control *c)
{
	close_end(&c->input);
}

static void drop(struct control *c, int i)
{
	close_end(&c->clients[i]);
	c->attached[i] = false;
}

/* Input is taken from clients only while there is room for it. */
static struct buffer *input_of(struct supervisor *s)
{
	return s->terminal.master >= 0 ? &s->terminal.in : &s->control.pending;
}

void control_poll(const struct supervisor *s, struct pollfd polls[static CONTROL_POLLS])
{
	const struct control *c = &s->control;
	bool room = buffer_is_empty(input_of((struct supervisor *)s));
	for (int i = 0; i < MOST_CLIENTS; i++)
		polls[i] = (struct pollfd){.fd = room ? c->clients[i] : -1, .events = POLLIN};
	polls[MOST_CLIENTS] = (struct pollfd){.fd = c->listener, .events = POLLIN};
	polls[MOST_CLIENTS + 1] = (struct pollfd){.fd = buffer_is_empty(&c->pending) ? -1 : c->feed, .events = POLLOUT};
}

static bool is_ours(int client)
{
	struct ucred peer;
	socklen_t length = sizeof(peer);
	return getsockopt(client, SOL_SOCKET, SO_PEERCRED, &peer, &length) == 0 &&
	       (peer.uid == geteuid() || peer.uid == 0);
}

/* Whether there was one. */
static bool admit(struct control *c)
{
	int client = accept4(c->listener, NULL, NULL, SOCK_CLOEXEC);
	for (int i = 0; client >= 0 && is_ours(client) && i < MOST_CLIENTS; i++)
		if (c->clients[i] < 0) {
			struct timeval patience = {.tv_sec = PATIENCE};
			(void)setsockopt(client, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
			c->clients[i] = client;
			return true;
		}
	if (client >= 0)
		close(client);
	return client >= 0;
}

static void take_input(struct supervisor *s, const char *bytes, size_t length)
{
	if (s->terminal.master >= 0 || s->control.feed >= 0)
		buffer_put(input_of(s), bytes, length);
}

/* A client's end of input is the command's, but for a terminal, which lives on. */
static void end_input(struct supervisor *s)
{
	if (s->terminal.master < 0)
		close_end(&s->control.feed);
}

static void resize(const struct supervisor *s, uint32_t size)
{
	struct winsize window = {.ws_row = (unsigned short)(size >> 16), .ws_col = (unsigned short)size};
	if (s->terminal.master >= 0)
		(void)ioctl(s->terminal.master, TIOCSWINSZ, &window);
}

static void serve_client(struct supervisor *s, int i)
{
	struct control *c = &s->control;
	struct control_message m;
	ssize_t n = control_receive(c->clients[i], &m);
	if (n < 0) {
		drop(c, i);
		return;
	}
	switch ((enum control_kind)m.kind) {
	case CONTROL_ATTACH:
		c->attached[i] = control_send(c->clients[i], CONTROL_ATTACHED, s->spec->process.terminal, "", 0) == 0;
		break;
	case CONTROL_INPUT:
		take_input(s, m.bytes, (size_t)n);
		break;
	case CONTROL_END:
		end_input(s);
		break;
	case CONTROL_RESIZE:
		resize(s, m.argument);
		break;
	case CONTROL_SIGNAL:
		(void)sys_pidfd_send_signal(s->pidfd, (int)m.argument);
		break;
	default:
		drop(c, i);
	}
}

void control_serve(struct supervisor *s, const struct pollfd polls[static CONTROL_POLLS])
{
	struct control *c = &s->control;
	if (polls[MOST_CLIENTS + 1].revents && buffer_flush(&c->pending, c->feed) < 0) {
		buffer_clear(&c->pending);
		close_end(&c->feed);
	}
	for (int i = 0; i < MOST_CLIENTS; i++)
		if (polls[i].revents && buffer_is_empty(input_of(s)))
			serve_client(s, i);
	if (polls[MOST_CLIENTS].revents)
		(void)admit(c);
}

void control_tell(struct control *c, enum control_kind kind, uint32_t argument, const char *bytes, size_t length)
{
	for (size_t at = 0; at < length || at == 0; at += PAYLOAD) {
		size_t part = length - at < PAYLOAD ? length - at : PAYLOAD;
		for (int i = 0; i < MOST_CLIENTS; i++)
			if (c->attached[i] && control_send(c->clients[i], kind, argument, bytes + at, part) < 0)
				drop(c, i);
	}
}

void control_close(struct control *c, const char *dir)
{
	char path[PATH_MAX];
	text_format(path, sizeof(path), "%s/control", dir);
	(void)unlink(path);
	while (c->listener >= 0 && admit(c))
		continue;
	close_end(&c->listener);
}

void control_tell_end(struct control *c, int code)
{
	for (int i = 0; i < MOST_CLIENTS; i++)
		if (c->clients[i] >= 0)
			(void)control_send(c->clients[i], CONTROL_EXITED, (uint32_t)code, "", 0);
}

int control_connect(const char *dir)
{
	struct sockaddr_un a;
	int where = address(&a, dir), fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (where < 0 || fd < 0 || connect(fd, (struct sockaddr *)&a, sizeof(a)) < 0)
		return -1;
	close(where);
	return fd;
}

int control_send(int socket, enum control_kind kind, uint32_t argument, const char *bytes, size_t length)
{
	struct control_message m = {.kind = kind, .argument = argument};
	memcpy(m.bytes, bytes, length);
	return send(socket, &m, CONTROL_HEADER + length, MSG_NOSIGNAL) < 0 ? -1 : 0;
}

ssize_t control_receive(int socket, struct control_message *message)
{
	ssize_t n;
	/* A peer that has gone without reading all of ours resets the connection; what it said before is there still.
	 */
	do
		n = recv(socket, message, sizeof(*message), 0);
	while (n < 0 && (errno == EINTR || errno == ECONNRESET));
	if (n < (ssize_t)CONTROL_HEADER)
		return -1;
	return n - (ssize_t)CONTROL_HEADER;
}
