#!/usr/bin/env bash
# Names the tests of the contracts, whose files end in one of the given endings: what is in the folders of test/ that mirror
# those of contracts/, and at its root.
set -euo pipefail
cd "$(dirname "$0")/../.."

for ending in "$@"; do
  find test -maxdepth 1 -name "*$ending"
  for folder in contracts/*/; do
    domain=test/$(basename "$folder")
    if [ -d "$domain" ]; then find "$domain" -name "*$ending"; fi
  done
done
