/*
 * The socket between the supervisor and the process that becomes the container.
 *
 *   supervisor                          child
 *       |  clone3 ----------------------> |  waits
 *       |  id maps, pid file              |
 *       |  go --------------------------> |  sets itself up
 *       | <----- child (exec: from the go-between that entered the namespaces, see join.h)
 *       |  layer (with fd) … -----------> |  layers.h
 *       |  network (with fd) -----------> |  network.h
 *       | <---------------------- joined  |
 *       |  go, when loopback is up -----> |
 *       | <--------------------- trace …  |
 *       | <---------------------- hooks   |  hooks.h
 *       |  go, when they are done ------> |
 *       | <---------- terminal (with fd)  |
 *       | <--------------------- holding  |  where its caller is an engine, leave.h: the end
 *       | <------------------- executing  |
 *       | <--------------------- failure  |  and exits, or:
 *       | <------------------------- EOF  |  execve closed its end: started
 *
 * Each message is one SOCK_SEQPACKET datagram. The child is trusted until it executes the command, and by then its end
 * is closed.
 */
#ifndef CHANNEL_H
#define CHANNEL_H

#include "event.h"

enum message_kind {
	MESSAGE_GO = 1,
	MESSAGE_CHILD,
	MESSAGE_NETWORK,
	MESSAGE_LAYER,
	MESSAGE_JOINED,
	MESSAGE_HOOKS,
	MESSAGE_TRACE,
	MESSAGE_TERMINAL,
	MESSAGE_HOLDING,
	MESSAGE_EXECUTING,
	MESSAGE_FAILURE
};

struct message {
	enum message_kind kind;
	union {
		struct trace {
			const char *phase, *step;
			uint64_t microseconds;
		} trace;
		struct failure failure;
		pid_t child;
	};
	int fd; /* MESSAGE_TERMINAL: the pty's master; MESSAGE_NETWORK: the namespace; as it arrived here */
};

/* [0] is the supervisor's end, [1] the child's. */
int channel_new(int ends[2]);
int channel_send_go(int channel);
/* True once told to go; false when the supervisor is gone. */
bool channel_wait_go(int channel);
/* True while the supervisor lives. */
bool channel_is_open(int channel);
void channel_send_trace(int channel, const char *phase, const char *step, uint64_t microseconds);
void channel_send_child(int channel, pid_t child);
int channel_send_terminal(int channel, int master);
int channel_send_network(int channel, int namespace);
/* BYTES, and with them a descriptor, over any UNIX socket. */
int channel_pass(int channel, const void *bytes, size_t length, int fd);
/* -1 when the supervisor is gone. */
int channel_wait_network(int channel);
int channel_send_layer(int channel, int mount);
/* -1 when the supervisor is gone. */
int channel_wait_layer(int channel);
void channel_send_joined(int channel);
void channel_send_hooks(int channel);
void channel_send_holding(int channel);
void channel_send_executing(int channel);
void channel_send_failure(int channel, const struct failure *failure);
/* 1: a message; 0: the other end is closed; -1: errno. */
int channel_receive(int channel, struct message *message);

#endif
