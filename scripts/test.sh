#!/bin/bash
# Sets up, builds, checks and tests everything, and ends with one line that sums it all up.
#   test.sh                 all of it; as root, the suite runs three times: as root, as mctest and as mctest-plain; and a
#                           part of it runs in a VM, on another kernel
#   test.sh --fast [ava's arguments]     no set-up and no checks: build, then the suite once, as the caller
set -uo pipefail
cd "$(dirname "$0")/.."

work=$(mktemp -d "${TMPDIR:-/tmp}/mc-test.XXXXXX")
trap 'rm -rf --one-file-system "$work"' EXIT
chmod 0755 "$work"
passed=0 failed=0 skipped=0

# The last words, whatever happened before.
finish() {
	echo
	echo "$passed passed, $failed failed, $skipped skipped"
	[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
	exit
}

must() {
	echo "── $*"
	"$@" </dev/null || { echo "test: failed: $*" >&2; failed=$((failed + 1)); finish; }
}

# A formatter or linter counts as one test.
check() {
	echo "── check: $1"
	if "${@:2}" </dev/null >"$work/check" 2>&1; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		cat "$work/check"
		echo "test: failed: $1"
	fi
}

# `passed failed skipped` of a run. ava sums up what passed only when nothing failed, so its marks are counted. What went
# wrong outside of a test counts as a failure as well.
counts() {
	awk '
		/^  ✔ / {passed++}
		/^  - \[(skip|todo)\] / {skipped++}
		/^  ✘ / {failed++}
		/^  [0-9]+ (unhandled rejection|uncaught exception)s?$/ || /^  [0-9]+ tests? remained pending/ {failed += $1}
		END {print passed + 0, failed + 0, skipped + 0}' "$1"
}

# suite NAME COMMAND...: one run of the suite
suite() {
	local begin=$SECONDS rc p f s
	echo "── tests as $1"
	"${@:2}" </dev/null 2>&1 | tee "$work/log"
	rc=${PIPESTATUS[0]}
	read -r p f s < <(counts "$work/log")
	# It may also fail in ways that have no number: a test file that ends early, no tests at all.
	[ "$rc" = 0 ] || [ "$f" -gt 0 ] || f=1
	echo "── as $1: $p passed, $f failed, $s skipped in $((SECONDS - begin)) s"
	passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
}

# What only root can do is no test of a user's: files named *.root.test.ts are left out, not skipped.
theirs=('test/**/*.test.ts' '!test/**/*.root.test.ts' '!test/vm/**')

# The checkout may lie where other users cannot go, and ava writes into its tree: so they get a copy of their own.
suite_as() {
	local user=$1 tree=$work/$1
	install -d -m 0755 -o "$user" -g "$user" "$tree"
	install -d -m 1777 "$work/tmp"
	tar --exclude=./.git --exclude=./.cache -cf - . | tar -xf - -C "$tree" --no-same-owner
	chown -R "$user:$user" "$tree"
	(cd "$tree" && suite_env=("${@:2}") && exec runuser -u "$user" -- env -i PATH="$PATH" HOME="/home/$user" LANG=C.UTF-8 \
		${CI:+CI="$CI"} MC_MUST_WORK=1 MC_ALL_USERS=1 "${suite_env[@]}" node_modules/.bin/ava "${theirs[@]}")
}

checks() {
	# Named one by one: .cache/ holds whole root file systems.
	check 'biome' node_modules/.bin/biome check --error-on-warnings src test scripts ./*.json
	check 'tsc' node_modules/.bin/tsc --noEmit
	if command -v clang-format-14 >/dev/null; then
		check 'clang-format: shim' make -s -C shim format-check
		check 'clang-format: payload' make -s -C fixtures/payload format-check
	else
		echo 'test: skipped: clang-format-14 is not installed'; skipped=$((skipped + 1))
	fi
	if command -v cppcheck >/dev/null; then
		check 'cppcheck' cppcheck --quiet --std=c11 --error-exitcode=1 --inline-suppr \
			--enable=warning,performance,portability --suppress=missingIncludeSystem -D_GNU_SOURCE shim fixtures/payload
	else
		echo 'test: skipped: cppcheck is not installed'; skipped=$((skipped + 1))
	fi
}

everyone() {
	if [ "$(id -u)" != 0 ]; then
		suite "$(id -un)" node_modules/.bin/ava
		return
	fi
	must bash scripts/users.sh
	export MC_MUST_WORK=1 MC_ALL_USERS=1
	suite root node_modules/.bin/ava
	suite 'root, with the sanitized helper' env MC_INIT="$PWD/shim/mc-init-asan" node_modules/.bin/ava 'test/{e2e,security}/*.test.ts'
	# One with a runtime directory as a login gives it, one without.
	install -d -m 0700 -o mctest -g mctest "$work/runtime"
	suite mctest suite_as mctest XDG_RUNTIME_DIR="$work/runtime"
	suite mctest-plain suite_as mctest-plain
}

if [ "${1:-}" = --fast ]; then
	shift
	unset NODE_EXTRA_CA_CERTS
	must npm run --silent build
	suite "$(id -un)" node_modules/.bin/ava "$@"
	finish
fi
must bash scripts/setup.sh test
# It slows every start of Node; only the package registry, behind us now, may need it.
unset NODE_EXTRA_CA_CERTS
must npm run --silent build
must make -s -C shim asan
must make -s -C fixtures/payload
checks
everyone
suite 'root and a user of the VM' bash scripts/vm.sh --no-build
finish
