#include "network.h"

#include "channel.h"
#include "sys.h"

#include <errno.h>
#include <linux/nsfs.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

bool network_is_beside(const struct spec *s)
{
	int flags = spec_clone_flags(s);
	return flags & CLONE_NEWNET && flags & CLONE_NEWPID && !(flags & CLONE_NEWUSER) && !spec_waits(s);
}

int network_raise_loopback(void)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ifreq lo = {.ifr_name = "lo"};
	if (fd < 0)
		return -1;
	int r = ioctl(fd, SIOCGIFFLAGS, &lo);
	lo.ifr_flags |= IFF_UP;
	if (r == 0)
		r = ioctl(fd, SIOCSIFFLAGS, &lo);
	int error = errno;
	close(fd);
	return errno = error, r;
}

/* The one this process is in. What is no network namespace, whatever lies over /proc, is not taken for one. */
static int open_current(void)
{
	int fd = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	if (fd < 0 || ioctl(fd, NS_GET_NSTYPE) == CLONE_NEWNET)
		return fd;
	close(fd);
	return errno = EXDEV, -1;
}

/* A child that is gone has told in the channel why, or was killed: the supervisor will find that there. */
static int sent(int result, struct failure *failure)
{
	return result == 0 || errno == EPIPE || errno == ECONNRESET ? 0 : fail(failure, "channel");
}

/* The child gets it first and goes on; what is left to do in it is done meanwhile. */
static int pass_on(const struct spec *spec, int channel, struct failure *failure)
{
	int made = open_current();
	if (made < 0)
		return fail(failure, "/proc/self/ns/net");
	int r = sent(channel_send_network(channel, made), failure);
	close(made);
	if (r < 0 || !spec->loopback)
		return r;
	at_step("parent", "loopback");
	if (network_raise_loopback() < 0)
		return fail(failure, "lo");
	return sent(channel_send_go(channel), failure);
}

int network_make(const struct spec *spec, int channel, struct failure *failure)
{
	at_step("parent", "network");
	int own = open_current();
	if (own < 0)
		return fail(failure, "/proc/self/ns/net");
	if (sys_unshare(CLONE_NEWNET) < 0)
		return close(own), fail(failure, "a new network namespace");
	int r = pass_on(spec, channel, failure);
	/* Whatever came of it: the supervisor, and the programs that it may yet start, belong to the host. */
	if (sys_setns(own, CLONE_NEWNET) < 0)
		r = fail(failure, "back to the caller's network namespace");
	close(own);
	return r;
}
