/* Namespaces and what is set in them: session, keyring, credentials of a user namespace, loopback, names. */
#include "channel.h"
#include "event.h"
#include "network.h"
#include "step.h"
#include "sys.h"

#include <errno.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

/* If the supervisor dies, so does this process; set first, so that a death in between is seen as a closed channel. */
void wait_for_go(struct container *c)
{
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0)
		die("PR_SET_PDEATHSIG");
	if (!channel_wait_go(c->channel))
		refuse("the supervisor is gone");
}

void new_session(struct container *c)
{
	(void)c;
	if (setsid() < 0)
		die("setsid");
}

void new_keyring(struct container *c)
{
	(void)c;
	if (sys_keyctl_join_session() < 0)
		die("keyctl join_session_keyring");
}

static bool maps_zero(const struct id_mappings *map)
{
	for (size_t i = 0; i < map->count; i++)
		if (map->items[i].container == 0)
			return true;
	return false;
}

/* What a namespace that is entered maps is not known here; one without a root is left as it is. */
static void become_entered_root(void)
{
	const uint32_t none = 0;
	if ((sys_setgroups(0, &none) < 0 && errno != EPERM) || (sys_setgid(0) < 0 && errno != EINVAL) ||
	    (sys_setuid(0) < 0 && errno != EINVAL))
		die("root of the user namespace");
}

/* Files made from here on belong to the container's root, not to an id that the map lacks. */
void become_mapped_root(struct container *c)
{
	const struct spec *s = c->spec;
	if (!(spec_clone_flags(s) & CLONE_NEWUSER)) {
		become_entered_root();
		return;
	}
	if (s->setgroups == SETGROUPS_ALLOW && sys_setgroups(0, NULL) < 0)
		die("setgroups");
	if (maps_zero(&s->gid_mappings) && sys_setgid(0) < 0)
		die("setresgid 0");
	if (maps_zero(&s->uid_mappings) && sys_setuid(0) < 0)
		die("setresuid 0");
}

/*
 * From here on until execve no process of the container may look into this one or open its descriptors: that is how
 * CVE-2016-9962 reached the host. Not earlier: /proc/PID/uid_map must still belong to the caller when it is written.
 */
void hide_from_ptrace(struct container *c)
{
	(void)c;
	if (prctl(PR_SET_DUMPABLE, 0) < 0)
		die("prctl PR_SET_DUMPABLE");
}

/* What the clone would have made, had it made the network namespace too. */
void new_namespaces(struct container *c)
{
	int apart = CLONE_NEWPID | CLONE_NEWNET;
	if (sys_unshare(spec_birth_flags(c->spec) & ~apart) < 0)
		die("new namespaces");
}

/* Here, where it is first needed: sysfs shows the network devices of who mounts it. */
void join_network(struct container *c)
{
	if (!network_is_beside(c->spec) || c->in_network)
		return;
	int network = channel_wait_network(c->channel);
	if (network < 0)
		refuse("the supervisor is gone");
	if (sys_setns(network, CLONE_NEWNET) < 0)
		die("setns to the new network namespace");
	close(network);
	c->in_network = true;
	channel_send_joined(c->channel);
}

void loopback_up(struct container *c)
{
	if (network_is_beside(c->spec)) {
		if (!channel_wait_go(c->channel))
			refuse("the supervisor is gone");
	} else if (network_raise_loopback() < 0) {
		die("lo");
	}
}

void set_hostname(struct container *c)
{
	const struct spec *s = c->spec;
	if (s->hostname && sethostname(s->hostname, strlen(s->hostname)) < 0)
		die("sethostname %s", s->hostname);
	if (s->domainname && setdomainname(s->domainname, strlen(s->domainname)) < 0)
		die("setdomainname %s", s->domainname);
}
