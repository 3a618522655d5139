#!/usr/bin/env bash
# The contracts' own TypeScript tests against production bytecode.
set -euo pipefail
cd "$(dirname "$0")/../.."

trap 'npx hardhat build --quiet </dev/null' EXIT
# This profile compiles every file apart, which takes minutes for the Solidity tests; of those, the mocks are all that is needed here.
npx hardhat --build-profile production build --no-tests </dev/null
mapfile -t mocks < <(find test/doubles -name '*__MockFor*.sol')
if [ "${#mocks[@]}" -gt 0 ]; then npx hardhat --build-profile production build --no-contracts "${mocks[@]}" </dev/null; fi
mapfile -t tests < <(bash scripts/ci/contractTests.sh .test.ts)
npx hardhat --build-profile production test mocha --no-compile "${tests[@]}" </dev/null
