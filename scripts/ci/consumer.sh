#!/usr/bin/env bash
# Packs the project, installs it in a project of somebody else's, and uses it there.
set -euo pipefail
cd "$(dirname "$0")/../.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
step() { printf -- '--- consumer: %s\n' "$*"; }
within() { timeout --kill-after=10 "$1" "${@:2}" </dev/null; }

step "pack"
within 600 npm pack --silent --pack-destination "$work" >"$work/packed"
tarball=$(echo "$work"/healthchain-*.tgz)
tar -tzf "$tarball" >"$work/listed"
if grep -E '\.t\.sol$|__Harness|__MockFor|/test/|\.env|\.map$' "$work/listed"; then
  echo "The package holds what is not for its users." >&2
  exit 1
fi

mkdir "$work/project"
bash scripts/ci/consumerProject.sh "$tarball" "$work/project"
cd "$work/project"

step "install"
# The second run is by the Node that the first one brought, and adds what npm leaves out under an older one.
within 300 npm install --silent --ignore-scripts
within 300 npx -c 'npm install --silent --ignore-scripts'

step "hardhat --help lists the tasks"
within 60 npx hardhat --help >"$work/help"
for task in deploy accounts records consent coin consensus chain database market simulate demo bench; do
  grep -qE "^ +$task( |$)" "$work/help" || { cat "$work/help" && echo "The task $task is missing." >&2 && exit 1; }
done

step "hardhat build compiles a contract over ours"
within 120 npx hardhat build
test -f artifacts/contracts/Study.sol/Study.json

step "hardhat deploy"
within 120 npx hardhat deploy --json >"$work/deployed"
grep -q '"consentRegistry": "0x' "$work/deployed" || { cat "$work/deployed" && exit 1; }

step "hardhat market quote-batch"
cat >cases.json <<'JSON'
{ "cases": [{ "inputs": { "alpha": "10500000000000000000000", "c": "300000000000000000000", "dMin": "200000000000000000000",
  "gamma": "10000000000000000000", "lambdaMin": "10000000000000000000", "lambdaMax": "35000000000000000000" } }] }
JSON
within 120 npx hardhat market quote-batch --input cases.json --output quotes.json >"$work/quoted"
grep -q '"regime": *"INT"' quotes.json || { cat "$work/quoted" quotes.json && exit 1; }

step "hardhat demo"
within 300 npx hardhat demo --json "$work/demo.json" >"$work/demo" || { cat "$work/demo" && exit 1; }

step "hardhat consensus simulate, in worker threads"
within 120 npx hardhat consensus simulate --runs 20 >"$work/simulated" || { cat "$work/simulated" && exit 1; }

step "plain node"
within 60 npx -c 'node use.ts'

step "tsc"
within 60 npx -c 'tsc --noEmit'

step "works"
