#include "tty.h"

#include "text.h"

#include <fcntl.h>
#include <unistd.h>

void tty_make_raw(struct tty *t)
{
	struct termios raw;
	if (tcgetattr(0, &t->saved) < 0)
		return;
	raw = t->saved;
	cfmakeraw(&raw);
	t->raw = tcsetattr(0, TCSANOW, &raw) == 0;
}

void tty_restore(struct tty *t)
{
	if (t->raw)
		(void)tcsetattr(0, TCSANOW, &t->saved);
	t->raw = false;
}

int tty_reopen(int fd)
{
	char path[32];
	text_format(path, sizeof(path), "/proc/self/fd/%d", fd);
	int own = isatty(fd) ? open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC) : -1;
	return own < 0 ? fd : own;
}

bool tty_size(struct winsize *size)
{
	for (int fd = 0; fd < 3; fd++)
		if (ioctl(fd, TIOCGWINSZ, size) == 0)
			return true;
	return false;
}
