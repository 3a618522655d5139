#!/usr/bin/env bash
# The contracts' own TypeScript tests against production bytecode.
set -euo pipefail
cd "$(dirname "$0")/../.."

trap 'npx hardhat build --quiet </dev/null' EXIT
# This profile compiles every file apart, which takes minutes for the Solidity tests; the doubles that tests in TypeScript deploy are all
# that is needed here.
npx hardhat --build-profile production build --no-tests </dev/null
doubles=()
for double in test/doubles/*.sol; do
  if grep -rqF "\"$(basename "$double" .sol)\"" test --include='*.ts'; then doubles+=("$double"); fi
done
npx hardhat --build-profile production build --no-contracts "${doubles[@]}" </dev/null
mapfile -t tests < <(bash scripts/ci/contractTests.sh .test.ts)
npx hardhat --build-profile production test mocha --no-compile "${tests[@]}" </dev/null
