#!/usr/bin/env bash
# The contracts' own tests run at least $1 percent of the lines of contracts/.
set -euo pipefail
cd "$(dirname "$0")/../.."

# Coverage leaves generated types of instrumented bytecode behind, which nothing else may meet.
trap 'npx hardhat build --quiet </dev/null' EXIT
rm -rf coverage
# Instrumented code takes more gas than any bound on it allows.
mapfile -t tests < <(bash scripts/ci/contractTests.sh .t.sol .test.ts | grep -v '\.gas\.test\.ts$')
npx hardhat --coverage test "${tests[@]}" </dev/null
npx -c "node scripts/ci/coverage.ts coverage/lcov.info $1"
