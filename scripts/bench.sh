#!/bin/bash
# Sets up the peers, builds, and measures: test/bench/bench.ts.
set -euo pipefail
cd "$(dirname "$0")/.."
bash scripts/setup.sh bench
# It slows every start of Node by some 47 ms.
unset NODE_EXTRA_CA_CERTS
npm run --silent build </dev/null
make -s -C fixtures/payload
exec node --import tsx test/bench/bench.ts "$@" </dev/null
