/* The caller's own terminal: its size, and raw mode for as long as a container's terminal is shown on it. */
#ifndef TTY_H
#define TTY_H

#include <stdbool.h>
#include <sys/ioctl.h>
#include <termios.h>

struct tty {
	bool raw; /* it was made raw, and SAVED is how it was */
	struct termios saved;
};

/* Of stdin, if it is a terminal. */
void tty_make_raw(struct tty *t);
/* As it was. Safe to call at any time. */
void tty_restore(struct tty *t);
/* FD, or where it is a terminal a descriptor of it that never blocks: one whose other side nobody reads has room for a
 * byte and then lets wait who writes two. FD itself is shared with programs that may not expect that. */
int tty_reopen(int fd);
/* The size of the first of stdin, stdout and stderr that is a terminal. False where none is. */
bool tty_size(struct winsize *size);

#endif
