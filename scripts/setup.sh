#!/bin/bash
# Installs what building and testing MiniContainer needs and this machine lacks. Node and apt (Debian 12) are all it asks for.
#   setup.sh [build | test | bench]     each takes in the ones before it; default: test
# Without root it installs nothing but the npm packages: it says what is missing, and fails only where nothing could be
# built without it. Tests whose tools are missing are skipped, and say so.
set -euo pipefail
cd "$(dirname "$0")/.."

level=${1:-test}
case $level in build | test | bench) ;; *) echo "usage: setup.sh [build | test | bench]" >&2; exit 2 ;; esac

# When needed, how to tell that it is there (a command or a file), Debian's package.
needs() {
	cat <<-'END'
		build  gcc                                     gcc
		build  /usr/include/stdio.h                    libc6-dev
		build  make                                    make
		build  musl-gcc                                musl-tools
		build  /usr/share/doc/busybox-static           busybox-static
		build  /usr/include/seccomp.h                  libseccomp-dev
		build  ip                                      iproute2
		build  /usr/sbin/nft                           nftables
		test   newuidmap                               uidmap
		test   clang-14                                clang-14
		test   /usr/lib/llvm-14/lib/clang/14.0.6/lib   libclang-rt-14-dev
		test   clang-format-14                         clang-format-14
		test   cppcheck                                cppcheck
		test   debootstrap                             debootstrap
		test   strace                                  strace
		test   runc                                    runc
		test   crun                                    crun
		test   qemu-system-x86_64                      qemu-system-x86
		test   /sbin/mke2fs                            e2fsprogs
		test   pasta                                   passt
		test   slirp4netns                             slirp4netns
		test   curl                                    curl
		test   ping                                    iputils-ping
		test   podman                                  podman
		test   conmon                                  conmon
		test   /usr/lib/podman/netavark                netavark
		test   dockerd                                 docker.io
		test   containerd                              containerd
		bench  bwrap                                   bubblewrap
	END
}

# Is LEVEL part of what was asked for?
wanted() {
	case $level in build) [ "$1" = build ] ;; test) [ "$1" != bench ] ;; bench) true ;; esac
}

there() {
	case $1 in /*) [ -e "$1" ] ;; *) command -v "$1" >/dev/null ;; esac
}

missing_packages() {
	needs | while read -r when what package; do
		wanted "$when" && ! there "$what" && echo "$package"
	done || true
}

install_packages() {
	echo "setup: installing $*"
	local apt=(apt-get -o DPkg::Lock::Timeout=600 -o Acquire::Retries=3 -qq)
	export DEBIAN_FRONTEND=noninteractive
	# A bare machine has no package lists, and old lists name packages that are gone: so always anew.
	"${apt[@]}" update </dev/null
	"${apt[@]}" install -y --no-install-recommends "$@" </dev/null >/dev/null
}

tell_packages() {
	echo "setup: missing: $* (as root: apt-get install $*)" >&2
	there gcc && there make && there /usr/include/stdio.h
}

# Does node_modules hold just what the lockfile asks for (but for packages of other platforms)?
npm_is_current() {
	node -e '
		const read = file => JSON.parse(require("fs").readFileSync(file)).packages;
		const have = read("node_modules/.package-lock.json");
		const stale = Object.entries(read("package-lock.json")).some(([path, {version, optional, link}]) =>
			path && !link && (have[path] ? have[path].version !== version : !optional));
		process.exit(stale ? 1 : 0)' 2>/dev/null
}

# shellcheck disable=SC2046 # package names have no spaces
set -- $(missing_packages)
if [ $# -gt 0 ]; then
	if [ "$(id -u)" = 0 ] && there apt-get; then install_packages "$@"; else tell_packages "$@"; fi
fi
if ! npm_is_current; then
	echo 'setup: npm ci'
	npm ci --no-audit --no-fund --loglevel=error </dev/null
fi
