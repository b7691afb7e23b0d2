/*
 * The supervisor's control socket: a UNIX socket of whole messages (SOCK_SEQPACKET) named `control` in the container's
 * directory. Only the user who runs the container, and root, are listened to (SO_PEERCRED).
 *
 *   client → supervisor   ATTACH, INPUT bytes, END (of input), RESIZE, SIGNAL
 *   supervisor → client   ATTACHED (argument: is it a terminal?), OUTPUT bytes (argument: stream), EXITED (argument:
 * code)
 */
#ifndef CONTROL_H
#define CONTROL_H

#include "buffer.h"
#include "log.h"

#include <poll.h>
#include <stdint.h>
#include <sys/types.h>

enum { MOST_CLIENTS = 16, CONTROL_POLLS = MOST_CLIENTS + 2, PAYLOAD = 8192 };

enum control_kind {
	CONTROL_ATTACH = 1,
	CONTROL_INPUT,
	CONTROL_END,
	CONTROL_RESIZE, /* argument: rows << 16 | columns */
	CONTROL_SIGNAL,
	CONTROL_ATTACHED,
	CONTROL_OUTPUT,
	CONTROL_EXITED,
};

struct control_message {
	uint32_t kind, argument;
	char bytes[PAYLOAD];
};

enum { CONTROL_HEADER = sizeof(uint32_t) * 2 };

struct supervisor;

struct control {
	int listener; /* -1: there is none */
	int clients[MOST_CLIENTS];
	bool attached[MOST_CLIENTS];
	int input, feed; /* the command's stdin: its end, ours; -1: there is none */
	struct buffer pending;
};

/* In directory DIR; with a pipe for the command's stdin, if it is to have one. 0, or -1 with errno. */
int control_open(struct control *c, const char *dir, bool with_input);
void control_close_input(struct control *c);
void control_poll(const struct supervisor *s, struct pollfd polls[static CONTROL_POLLS]);
void control_serve(struct supervisor *s, const struct pollfd polls[static CONTROL_POLLS]);
/* To every attached client; who does not take it within seconds is let go, so that nobody can stop the container so. */
void control_tell(struct control *c, enum control_kind kind, uint32_t argument, const char *bytes, size_t length);
/* Removes the socket; who has come so far is there to be told of the end. */
void control_close(struct control *c, const char *dir);
/* The last thing: to every client, attached or not yet. */
void control_tell_end(struct control *c, int code);

/* The client's side, for `mc-init attach`. */
int control_connect(const char *dir);
int control_send(int socket, enum control_kind kind, uint32_t argument, const char *bytes, size_t length);
/* How many bytes came with it; -1 at the end or with errno. */
ssize_t control_receive(int socket, struct control_message *message);

#endif
