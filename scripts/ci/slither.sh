#!/usr/bin/env bash
# Slither over contracts/, from the last default build: every high or medium finding is fixed, or explained in .ci/slither-explained.json.
set -euo pipefail
cd "$(dirname "$0")/../.."

version=0.11.6
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

python3 -m venv "$work/venv"
if ! "$work/venv/bin/pip" install --quiet --disable-pip-version-check "slither-analyzer==$version"; then
  if python3 -m pip download --quiet --no-deps --dest "$work" pip >/dev/null 2>&1; then
    echo "slither-analyzer $version cannot be installed although the package index answers." >&2
    exit 1
  fi
  printf '\n!!! SKIPPED: slither did NOT run, because the package index cannot be reached.\n\n' >&2
  exit 0
fi

npx -c "node scripts/ci/slitherInput.ts artifacts '$work/artifacts'"
# Slither's exit code counts findings of every weight; what it says in its report decides.
"$work/venv/bin/slither" . --ignore-compile --hardhat-artifacts-directory "$work/artifacts" \
  --filter-paths 'node_modules/' --json "$work/report.json" >"$work/log" 2>&1 || true
if [ ! -s "$work/report.json" ]; then
  cat "$work/log" >&2
  exit 1
fi
npx -c "node scripts/ci/slitherFindings.ts '$work/report.json' .ci/slither-explained.json"
