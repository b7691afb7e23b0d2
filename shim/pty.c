#include "pty.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* The container's processes see a hang-up (SIGHUP, EIO). */
static void hang_up(struct terminal *t)
{
	close(t->master);
	close(t->peer);
	t->master = t->peer = -1;
	t->relays_input = false;
	buffer_clear(&t->in);
	buffer_clear(&t->out);
}

int terminal_attach(struct terminal *t, int master, bool relays_input)
{
	t->master = master;
	t->peer = ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (t->peer < 0)
		return -1;
	t->relays_input = relays_input;
	t->from_tty = isatty(0);
	t->last_byte = '\n';
	if (relays_input)
		tty_make_raw(&t->tty);
	return 0;
}

void terminal_resize(const struct terminal *t)
{
	struct winsize size;
	if (t->master >= 0 && tty_size(&size))
		(void)ioctl(t->master, TIOCSWINSZ, &size);
}

void terminal_poll(const struct terminal *t, struct pollfd polls[static TERMINAL_POLLS])
{
	short on_master = (short)((buffer_is_empty(&t->out) ? POLLIN : 0) | (buffer_is_empty(&t->in) ? 0 : POLLOUT));
	polls[0] = (struct pollfd){.fd = t->relays_input && buffer_is_empty(&t->in) ? 0 : -1, .events = POLLIN};
	polls[1] = (struct pollfd){.fd = on_master ? t->master : -1, .events = on_master};
	polls[2] = (struct pollfd){.fd = t->master >= 0 && !buffer_is_empty(&t->out) ? t->own : -1, .events = POLLOUT};
}

/*
 * A terminal that went away hangs the container's up. A file or pipe that ended is Ctrl-D to whoever reads lines: once
 * after a newline, twice in mid-line, where the first only hands over what is there (termios(3), VEOF).
 */
static void end_input(struct terminal *t)
{
	struct termios now;
	if (t->from_tty) {
		hang_up(t);
		return;
	}
	t->relays_input = false;
	if (tcgetattr(t->master, &now) < 0 || !(now.c_lflag & ICANON))
		return;
	t->in.start = t->in.end = 0;
	for (int times = t->last_byte == '\n' ? 1 : 2; times > 0; times--)
		t->in.bytes[t->in.end++] = (char)now.c_cc[VEOF];
}

static void take_input(struct terminal *t)
{
	if (buffer_fill(&t->in, 0) < 0)
		end_input(t);
	else if (!buffer_is_empty(&t->in))
		t->last_byte = t->in.bytes[t->in.end - 1];
}

static void take_output(struct terminal *t)
{
	if (buffer_fill(&t->out, t->master) < 0) {
		hang_up(t);
		return;
	}
	t->taken += t->out.end - t->out.start;
	if (t->tap && !buffer_is_empty(&t->out))
		t->tap(t->context, STREAM_OUT, t->out.bytes, t->out.end);
	if (t->own < 0)
		buffer_clear(&t->out);
}

void terminal_serve(struct terminal *t, const struct pollfd polls[static TERMINAL_POLLS])
{
	if (polls[0].revents && t->relays_input)
		take_input(t);
	if (polls[1].revents & POLLIN && buffer_is_empty(&t->out))
		take_output(t);
	if (polls[1].revents & POLLOUT && !buffer_is_empty(&t->in) && buffer_flush(&t->in, t->master) < 0)
		hang_up(t);
	if (polls[2].revents && !buffer_is_empty(&t->out) && buffer_flush(&t->out, t->own) < 0)
		hang_up(t);
}

void terminal_drain(struct terminal *t, wait_function *wait, void *context)
{
	for (bool more = true; t->master >= 0 && more;) {
		if (buffer_is_empty(&t->out)) {
			size_t before = t->taken;
			take_output(t);
			more = t->taken != before;
		} else if (!wait(context, t->own) || buffer_flush(&t->out, t->own) < 0) {
			more = false;
		}
	}
	if (t->master >= 0)
		hang_up(t);
}
