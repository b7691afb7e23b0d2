#!/bin/bash
# Runs the tests of test/vm/files on another kernel: Debian's, with pure cgroup v2, in a VM that qemu emulates in
# software, so that it needs neither KVM nor root. Without qemu or the kernel it is a visible skip, or, with
# MC_MUST_WORK=1, a failure.
#   vm.sh [--no-build] [FILE...]     builds, makes the VM's disk, boots, and passes on what the tests print; FILE: instead
#                                    of those in test/vm/files
# The VM's disk is made anew each time, from this machine's Node and busybox; only the kernel is kept, in .cache/vm.
set -euo pipefail
cd "$(dirname "$0")/.."
unset NODE_EXTRA_CA_CERTS

cache=.cache/vm
limit=1500 # seconds for the VM as a whole; a machine that is busy may take thrice the usual time

# What cannot be done: a line that test.sh counts.
skip() {
	if [ -n "${MC_MUST_WORK:-}" ]; then
		echo "  ✘ vm: $*"
		exit 1
	fi
	echo "  - [skip] vm: $*"
	exit 0
}

# The newest kernel that apt knows of: a package file whose name says the version. The name without a version depends
# on the one with it.
newest_kernel() {
	local package
	package=$(apt-cache depends linux-image-cloud-amd64 2>/dev/null | awk '$1 == "Depends:" {print $2; exit}')
	[ -n "$package" ] && apt-cache show --no-all-versions "$package" | awk '
		$1 == "Package:" {package = $2}
		$1 == "Version:" {version = $2}
		END {if (version) print package "=" version}'
}

# Prints the directory of the kernel, which is downloaded and unpacked where it is not there yet.
kernel() {
	local wanted dir work
	wanted=$(newest_kernel) || wanted=
	if [ -z "$wanted" ] && [ "$(id -u)" = 0 ]; then
		apt-get -qq update >&2 && wanted=$(newest_kernel) || wanted=
	fi
	dir=$cache/${wanted:-none}
	if [ -z "$wanted" ]; then
		# Without package lists the last one does.
		dir=$(ls -dt $cache/linux-image-*=* 2>/dev/null | head -1)
	elif [ ! -d "$dir" ]; then
		mkdir -p $cache
		work=$(mktemp -d "$cache/new.XXXXXX")
		(cd "$work" && apt-get -qq -o Acquire::Retries=3 -o APT::Sandbox::User=root download "$wanted" >&2 && dpkg-deb -x ./*.deb tree &&
			/bin/busybox depmod -b "$PWD/tree" "$(ls tree/lib/modules)") && mv -T "$work/tree" "$dir" || dir=
		rm -rf "$work"
	fi
	[ -n "$dir" ] && echo "$dir"
}

# A file system with what the VM needs. In a user namespace all that is ours is root's.
make_disk() {
	local kernel=$1 disk=$2 stage=$2.d as_root=()
	mkdir "$stage"
	node scripts/vm-stage.mjs "$stage" "${@:3}"
	cp -r "$kernel/lib/modules" "$stage/usr/lib/modules"
	rm -rf "$stage"/usr/lib/modules/*/kernel/{drivers/{gpu,infiniband,scsi,hv},sound}
	[ "$(id -u)" = 0 ] || as_root=(unshare --map-root-user)
	truncate -s 2G "$disk"
	"${as_root[@]}" /sbin/mke2fs -q -F -t ext4 -O ^has_journal -E root_owner=0:0 -d "$stage" "$disk"
	rm -rf "$stage"
}

# NVMe, ext4 and the serial ports are built into this kernel: it needs no initramfs.
boot() {
	local kernel=$1 disk=$2 console=$3
	# In the foreground: whoever stops this script stops the VM too.
	timeout --foreground --kill-after=5 $limit qemu-system-x86_64 -accel tcg,thread=multi -cpu max,la57=off -smp 2 -m 2048 \
		-display none -monitor none -no-reboot -nodefaults -nic none \
		-kernel "$(ls "$kernel"/boot/vmlinuz-*)" \
		-append 'root=/dev/nvme0n1 rootfstype=ext4 rw init=/init console=ttyS0 quiet panic=-1 mitigations=off' \
		-drive "file=$disk,format=raw,if=none,id=disk,cache=unsafe" -device nvme,drive=disk,serial=disk \
		-serial "file:$console" -serial stdio </dev/null
}

# Whatever stops it before its last word is a failure: a crash, a limit, a test run that fails in ways without a number.
verdict() {
	local log=$1 user
	for user in root mctest; do
		grep -qx "vm: $user: exit 0" "$log" || return 1
	done
	grep -q '^vm: over' "$log"
}

[ "$(uname -m)" = x86_64 ] || { MC_MUST_WORK='' skip 'for x86_64 only'; }
for tool in qemu-system-x86_64 apt-get dpkg-deb /sbin/mke2fs /bin/busybox; do
	command -v $tool >/dev/null || skip "$tool is not installed"
done
if [ "${1:-}" = --no-build ]; then
	shift
else
	npm run --silent build
	make -s -C shim asan
	make -s -C fixtures/payload
fi
kernel=$(kernel) || skip 'the kernel could not be downloaded'
work=$(mktemp -d "$cache/run.XXXXXX")
trap 'rm -rf "$work"' EXIT
make_disk "$kernel" "$work/disk" "$@"
echo "vm: ${kernel##*/}, disk made after $SECONDS s"
boot "$kernel" "$work/disk" "$work/console" | tee "$work/log" || true
if verdict "$work/log"; then
	echo "vm: all of it took $SECONDS s"
	exit
fi
echo 'vm: failed; the last lines of its console:' >&2
tail -40 "$work/console" >&2
exit 1
