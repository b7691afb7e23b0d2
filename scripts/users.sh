#!/bin/bash
# The two users that the tests run as, besides root; made once, and left there.
#   mctest        has ranges of subordinate ids, so newuidmap(1) can map more than one
#   mctest-plain  has none, so a container of its has a single id
set -euo pipefail

exists() {
	getent passwd "$1" >/dev/null
}

# The first id above every range in the file, so that nobody's containers share ids.
free_range() {
	awk -F: 'BEGIN {free = 100000} $2 + $3 > free {free = $2 + $3} END {printf "%d-%d", free, free + 65535}' "$1"
}

touch /etc/subuid /etc/subgid
# System accounts get no ranges of their own accord.
exists mctest || useradd --system --create-home --home-dir /home/mctest --user-group --shell /bin/bash mctest
exists mctest-plain || useradd --system --create-home --home-dir /home/mctest-plain --user-group --shell /bin/bash mctest-plain
grep -q '^mctest:' /etc/subuid || usermod --add-subuids "$(free_range /etc/subuid)" mctest
grep -q '^mctest:' /etc/subgid || usermod --add-subgids "$(free_range /etc/subgid)" mctest
for file in /etc/subuid /etc/subgid; do
	! grep -q '^mctest-plain:' $file || { echo "users: $file gives mctest-plain ids, which it must not have" >&2; exit 1; }
done

# Users' networks are made of it; udev opens it to all (50-udev-default.rules), but not every machine has udev.
[ -c /dev/net/tun ] || { mkdir -p /dev/net && mknod /dev/net/tun c 10 200; }
chmod 0666 /dev/net/tun
