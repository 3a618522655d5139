#!/usr/bin/env bash
# The invariant tests at length: 136 runs of each, which makes more than 200,000 calls of the market and as many of the validators' registry.
set -euo pipefail
cd "$(dirname "$0")/../.."

INVARIANT_RUNS="${INVARIANT_RUNS:-136}" npx hardhat test solidity test/*/*.invariant.t.sol </dev/null
