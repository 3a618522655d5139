#!/usr/bin/env bash
# The local network as a developer has it: started in one terminal, asked in another, ended by Ctrl-C.
set -euo pipefail
cd "$(dirname "$0")/../.."

log=$(mktemp)
npx hardhat chain start --validators 4 >"$log" 2>&1 </dev/null &
network=$!
trap 'kill -INT "$network" 2>/dev/null || true; wait "$network" || true; rm -f "$log"' EXIT

if ! npx -c "node scripts/ci/localNetwork.ts"; then
  cat "$log"
  exit 1
fi
kill -INT "$network"
wait "$network"
trap 'rm -f "$log"' EXIT
