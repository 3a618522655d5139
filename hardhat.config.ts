import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import toolbox from "@nomicfoundation/hardhat-toolbox-mocha-ethers";
import { defineConfig } from "hardhat/config";
import { quietDependencies } from "./scripts/build/dependencyWarnings.js";
import healthchain from "./tasks/index.js";

// The compiler is the pinned npm package `solc`, so a build downloads nothing.
const solc = fileURLToPath(import.meta.resolve("solc/soljson.js"));
const compiler = (viaIR: boolean, runs: number) => ({
  version: "0.8.37",
  path: solc,
  settings: { optimizer: { enabled: true, runs }, viaIR, evmVersion: "cancun" },
});

// Profiles must not share their output: a build of one would take the other's for its own.
const isProduction = process.argv.join(" ").includes("--build-profile production");

// Runs of each invariant test that names no number of its own: few while working, more than 200,000 calls with `npm run test:invariants`.
const invariantRuns = Number(process.env.INVARIANT_RUNS ?? 24);

// Several files at a time, each in a process that knows none of these arguments, and only where nothing else is asked for.
const isWholeSuite = process.argv.slice(2).join(" ") === "test";

// One hardfork on every network and engine.
const embedded = { type: "edr-simulated", chainType: "l1", hardfork: "cancun" } as const;

export default defineConfig({
  plugins: [toolbox, quietDependencies, healthchain],
  solidity: {
    profiles: {
      default: compiler(false, 200),
      production: {
        // All together: compiled one by one, the contracts take twice as long.
        isolated: false,
        compilers: [compiler(true, 1_000_000)],
        // The largest have to fit the 24,576 bytes that a chain takes.
        overrides: {
          "contracts/consensus/ValidatorRegistry.sol": compiler(true, 50_000),
          "contracts/market/DataMarket.sol": compiler(true, 1_000),
        },
      },
    },
  },
  paths: isProduction ? { artifacts: "artifacts-production", cache: "cache-production" } : {},
  networks: {
    default: embedded,
    node: embedded,
    localhost: { type: "http", chainType: "l1", url: "http://127.0.0.1:8545" },
  },
  test: {
    mocha: { timeout: 60_000, parallel: isWholeSuite, jobs: Math.max(2, availableParallelism() - 1) },
    solidity: { fuzz: { runs: 256, seed: "0x1234" }, invariant: { runs: invariantRuns, depth: 64 } },
  },
});
