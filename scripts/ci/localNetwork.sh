#!/usr/bin/env bash
# The local network as a developer has it: started in one terminal, asked in another, ended by Ctrl-C.
set -euo pipefail
cd "$(dirname "$0")/../.."

npx -c "node scripts/ci/localNetwork.ts" </dev/null
