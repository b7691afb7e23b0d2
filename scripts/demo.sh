#!/bin/bash
# Sets up, builds, makes a root file system, runs containers in it and shows what they see. Leaves nothing behind.
set -euo pipefail
cd "$(dirname "$0")/.."

bash scripts/setup.sh build
unset NODE_EXTRA_CA_CERTS
export MINICONTAINER_NETWORK=none
echo '── npm run build'
npm run --silent build </dev/null

work=$(mktemp -d "${TMPDIR:-/tmp}/mc-demo.XXXXXX")
trap 'rm -rf --one-file-system "$work"' EXIT
# Users that are mapped into a container look up its root file system by themselves.
chmod 0755 "$work"
rootfs=$work/rootfs
echo "── fixtures/rootfs.sh busybox $rootfs"
fixtures/rootfs.sh busybox "$rootfs"

# show WHAT ARGUMENT...: the command line as one would type it, then what it does
show() {
	echo
	echo "── $1"
	shift
	local word line='$ minicontainer'
	for word; do
		[[ $word =~ ^[A-Za-z0-9_./:=^,-]+$ ]] || word=${word@Q}
		line+=" $word"
	done
	echo "$line"
	node dist/minicontainer.cjs "$@" </dev/null || echo "(exit code $?)"
}

show 'a command in a container' run --rm --rootfs "$rootfs" /bin/echo 'Hello from container!'
show 'a host name, a variable, and who it is' run --rm --rootfs "$rootfs" --hostname mycontainer -e FOO=bar /bin/sh -c \
	'hostname; echo "FOO=$FOO"; id; pwd; env'
show 'its processes: the command is PID 1, and alone' run --rm --rootfs "$rootfs" /bin/ps
show 'its devices' run --rm --rootfs "$rootfs" /bin/ls -l /dev
show 'its mounts' run --rm --rootfs "$rootfs" /bin/mount
show 'its privileges: eleven capabilities at most, and no way to get more' run --rm --rootfs "$rootfs" \
	/bin/grep -E '^(Cap|NoNewPrivs)' /proc/self/status
show 'its network: loopback only' run --rm --rootfs "$rootfs" /bin/ip address
show 'what it changes is gone when it ends' run --rm --rootfs "$rootfs" /bin/sh -c 'rm -rf /home /var; ls -a /'
show 'so the next one finds everything in place' run --rm --rootfs "$rootfs" /bin/ls -a /
show 'a volume, read-only' run --rm --rootfs "$rootfs" -v "$PWD:/src:ro" /bin/sh -c 'head -1 /src/README.md; touch /src/x'
show 'a copy-on-write view of this very machine' run --rm --rootfs / --hostname twin /bin/sh -c \
	'. /etc/os-release; echo "$(hostname): $PRETTY_NAME, $(ls /usr/bin | wc -l) commands in /usr/bin"'

echo
echo '── the steps that make a container out of a plan (minicontainer plan … > spec.json; mc-init explain spec.json)'
node dist/minicontainer.cjs plan --rootfs "$rootfs" /bin/true >"$work/spec.json"
shim/mc-init explain "$work/spec.json"

echo
[ "$(find "$rootfs" -newer "$rootfs/etc/issue" | wc -l)" = 0 ] && echo '── and the root file system is as it was.'
