#!/bin/bash
# Sets up the peers, builds, and measures: test/bench/bench.ts.
set -euo pipefail
cd "$(dirname "$0")/.."
bash scripts/setup.sh bench
# It slows every start of Node by some 47 ms.
unset NODE_EXTRA_CA_CERTS
# A race between runtimes, not between their networks: those have rows of their own.
export MINICONTAINER_NETWORK=none
npm run --silent build </dev/null
make -s -C fixtures/payload
exec node --import tsx test/bench/bench.ts "$@" </dev/null
