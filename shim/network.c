#include "network.h"

#include "channel.h"
#include "descriptors.h"
#include "programs.h"
#include "sys.h"
#include "text.h"

#include <errno.h>
#include <linux/nsfs.h>
#include <net/if.h>

#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

/* The one this process is in. What is no network namespace, whatever lies over /proc, is not taken for one. */
static int open_current(void)
{
	int fd = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	if (fd < 0 || ioctl(fd, NS_GET_NSTYPE) == CLONE_NEWNET)
		return fd;
	close(fd);
	return errno = EXDEV, -1;
}

/*
 * Root of a user namespace, who calls for a rootless engine, could leave the host's network and never come back. Asked
 * once, while this process is the host's: its child must come to the same answer.
 */
static bool may_return(void)
{
	static int known = -1;
	if (known >= 0)
		return known;
	int own = open_current(), owner = own < 0 ? -1 : ioctl(own, NS_GET_USERNS);
	known = owner >= 0;
	close_end(&own);
	close_end(&owner);
	return known;
}

bool network_is_beside(const struct spec *s)
{
	int flags = spec_clone_flags(s);
	bool alone = !(flags & CLONE_NEWUSER) && !spec_waits(s);
	return flags & CLONE_NEWNET && flags & CLONE_NEWPID && alone && may_return();
}

bool network_child_waits(const struct spec *s)
{
	return s->loopback || (network_is_beside(s) && s->network.attach.count);
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

/* A child that is gone has told in the channel why, or was killed: the supervisor will find that there. */
static int sent(int result, struct failure *failure)
{
	return result == 0 || errno == EPIPE || errno == ECONNRESET ? 0 : fail(failure, "channel");
}

/* The child gets it first and goes on; what is left to do in it is done meanwhile. */
static int pass_on(struct supervisor *s, int network)
{
	if (sent(channel_send_network(s->channel, network), &s->failure) < 0)
		return -1;
	at_step("parent", "loopback");
	return s->spec->loopback && network_raise_loopback() < 0 ? fail(&s->failure, "lo") : 0;
}

/* With the new namespace as the current one; OWN is where to return to. */
static int make(struct supervisor *s, int own, int *network)
{
	*network = open_current();
	int r = *network < 0 ? fail(&s->failure, "/proc/self/ns/net") : pass_on(s, *network);
	/* Whatever came of it: the supervisor, and the programs that it starts, belong to the host. */
	return sys_setns(own, CLONE_NEWNET) < 0 ? fail(&s->failure, "back to the caller's network namespace") : r;
}

int network_make(struct supervisor *s)
{
	int network = -1, own = open_current();
	at_step("parent", "network");
	if (own < 0)
		return fail(&s->failure, "/proc/self/ns/net");
	int r = sys_unshare(CLONE_NEWNET) < 0 ? fail(&s->failure, "a new network namespace") : make(s, own, &network);
	close(own);
	if (r == 0 && s->spec->network.attach.count)
		r = programs_attach(s, network);
	if (network >= 0)
		close(network);
	return r < 0 || !network_child_waits(s->spec) ? r : sent(channel_send_go(s->channel), &s->failure);
}

int network_attach(struct supervisor *s)
{
	char path[64];
	at_step("parent", "attach");
	text_format(path, sizeof(path), "/proc/%d/ns/net", (int)s->child);
	int network = open(path, O_RDONLY | O_CLOEXEC);
	if (network < 0)
		return fail(&s->failure, "%s", path);
	int r = programs_attach(s, network);
	close(network);
	return r;
}
