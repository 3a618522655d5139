#!/usr/bin/env bash
# Seven validators as processes, which are killed, stopped, and lie. Ends by itself, and leaves no folder and no process behind.
set -euo pipefail
cd "$(dirname "$0")/../.."

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
TMPDIR="$folder" timeout --kill-after 30 900 npx hardhat test mocha test/chaos/sevenValidators.chaos.ts
