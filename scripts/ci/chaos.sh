#!/usr/bin/env bash
# Validators as processes: started, joined, and, seven of them, killed, stopped and lying; and the demo, also with faults. Ends by itself, and
# leaves no folder and no process behind.
set -euo pipefail
cd "$(dirname "$0")/../.."

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
TMPDIR="$folder" timeout --kill-after 30 1200 npx hardhat test mocha test/tasks/chain.chaos.ts \
  test/chain/integration.chaos.ts test/chain/hardhat/network/start.chaos.ts test/chaos/sevenValidators.chaos.ts test/scripts/demo/demo.chaos.ts
