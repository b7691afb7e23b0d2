#include "channel.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int channel_new(int ends[2])
{
	return socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends);
}

static int transmit(int channel, const struct message *message)
{
	return send(channel, message, sizeof(*message), MSG_NOSIGNAL) < 0 ? -1 : 0;
}

int channel_send_go(int channel)
{
	return transmit(channel, &(struct message){.kind = MESSAGE_GO});
}

bool channel_wait_go(int channel)
{
	struct message message;
	return channel_receive(channel, &message) == 1 && message.kind == MESSAGE_GO;
}

bool channel_is_open(int channel)
{
	struct pollfd p = {.fd = channel, .events = POLLIN};
	return poll(&p, 1, 0) == 0 || !(p.revents & (POLLHUP | POLLERR));
}

void channel_send_trace(int channel, const char *phase, const char *step, uint64_t microseconds)
{
	(void)transmit(channel, &(struct message){.kind = MESSAGE_TRACE, .trace = {phase, step, microseconds}});
}

void channel_send_child(int channel, pid_t child)
{
	(void)transmit(channel, &(struct message){.kind = MESSAGE_CHILD, .child = child});
}

void channel_send_joined(int channel)
{
	(void)transmit(channel, &(struct message){.kind = MESSAGE_JOINED});
}

void channel_send_hooks(int channel)
{
	(void)transmit(channel, &(struct message){.kind = MESSAGE_HOOKS});
}

void channel_send_holding(int channel)
{
	(void)transmit(channel, &(struct message){.kind = MESSAGE_HOLDING});
}

void channel_send_executing(int channel)
{
	(void)transmit(channel, &(struct message){.kind = MESSAGE_EXECUTING});
}

void channel_send_failure(int channel, const struct failure *failure)
{
	struct message message = {.kind = MESSAGE_FAILURE};
	message.failure = *failure;
	(void)transmit(channel, &message);
}

union control {
	struct cmsghdr header;
	char bytes[CMSG_SPACE(sizeof(int))];
};

int channel_pass(int channel, const void *bytes, size_t length, int fd)
{
	struct iovec data = {(void *)bytes, length};
	union control control = {0};
	struct msghdr envelope = {
		.msg_iov = &data, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof(control)};
	struct cmsghdr *c = CMSG_FIRSTHDR(&envelope);
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(c), &fd, sizeof(int));
	return sendmsg(channel, &envelope, MSG_NOSIGNAL) < 0 ? -1 : 0;
}

static int transmit_with(int channel, enum message_kind kind, int fd)
{
	struct message message = {.kind = kind};
	return channel_pass(channel, &message, sizeof(message), fd);
}

int channel_send_terminal(int channel, int master)
{
	return transmit_with(channel, MESSAGE_TERMINAL, master);
}

int channel_send_network(int channel, int namespace)
{
	return transmit_with(channel, MESSAGE_NETWORK, namespace);
}

int channel_send_layer(int channel, int mount)
{
	return transmit_with(channel, MESSAGE_LAYER, mount);
}

int channel_receive(int channel, struct message *message)
{
	struct iovec data = {message, sizeof(*message)};
	union control control = {0};
	struct msghdr envelope = {
		.msg_iov = &data, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof(control)};
	ssize_t n;
	/* A child that died with something unread resets the connection. That is said once, and before what it had sent
	 * itself: its last words come next, and then the end. */
	do
		n = recvmsg(channel, &envelope, MSG_CMSG_CLOEXEC);
	while (n < 0 && (errno == EINTR || errno == ECONNRESET));
	if (n == 0)
		return 0;
	if (n < 0)
		return -1;
	if ((size_t)n != sizeof(*message))
		return errno = EPROTO, -1;
	message->fd = -1;
	struct cmsghdr *c = CMSG_FIRSTHDR(&envelope);
	if (c && c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS)
		memcpy(&message->fd, CMSG_DATA(c), sizeof(int));
	return 1;
}

static int wait_for(int channel, enum message_kind kind)
{
	struct message message;
	return channel_receive(channel, &message) == 1 && message.kind == kind ? message.fd : -1;
}

int channel_wait_network(int channel)
{
	return wait_for(channel, MESSAGE_NETWORK);
}

int channel_wait_layer(int channel)
{
	return wait_for(channel, MESSAGE_LAYER);
}
