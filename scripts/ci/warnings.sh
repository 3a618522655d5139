#!/usr/bin/env bash
# The compiler warns of nothing in contracts/ and test/, with the build profile $1. A cached build would say nothing: all is compiled anew.
set -euo pipefail
cd "$(dirname "$0")/../.."

said=$(npx hardhat --build-profile "$1" build --force "${@:2}" 2>&1 </dev/null) || { echo "$said" && exit 1; }
echo "$said"
if grep -q Warning <<<"$said"; then
  echo "The compiler warned (profile $1): mend what it names." >&2
  exit 1
fi
