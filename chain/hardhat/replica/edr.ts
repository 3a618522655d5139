import { fileURLToPath } from "node:url";
import { createHardhatRuntimeEnvironment } from "hardhat/hre";
import type { EIP1193Provider } from "hardhat/types/providers";
import { BLOCK_GAS_LIMIT } from "../block.js";
import { DEVELOPMENT_ACCOUNTS, DEVELOPMENT_BALANCE, DEVELOPMENT_MNEMONIC } from "../developmentAccounts.js";

/** The chain id of the local network: Hardhat's. */
export const CHAIN_ID = 31_337;

/** A folder that is not there: with artifacts, the EVM would read them all, to explain reverts in the words of their source. */
const noArtifacts = "no-artifacts";

/** The project that an in-code configuration needs: the package that this file is in, and nothing of it is read. */
const projectRoot = fileURLToPath(new URL(".", import.meta.url));

/**
 * Opens one instance of Hardhat's EVM, in this process. Everything that goes into a block's hash is pinned, so that any two
 * instances which execute the same blocks arrive at the same hashes.
 *
 * @param initialDate timestamp of block 0, in seconds since 1970.
 */
export async function openEdr(initialDate: number): Promise<EIP1193Provider> {
  const hre = await createHardhatRuntimeEnvironment(
    { networks: { replica: networkConfig(initialDate) }, paths: { artifacts: noArtifacts } },
    {},
    projectRoot,
  );
  const { provider } = await hre.network.create("replica");
  return provider;
}

function networkConfig(initialDate: number) {
  return {
    type: "edr-simulated",
    chainType: "l1",
    chainId: CHAIN_ID,
    hardfork: "cancun",
    initialDate: new Date(initialDate * 1_000),
    initialBaseFeePerGas: 0n,
    blockGasLimit: BLOCK_GAS_LIMIT,
    accounts: {
      mnemonic: DEVELOPMENT_MNEMONIC,
      count: DEVELOPMENT_ACCOUNTS,
      accountsBalance: DEVELOPMENT_BALANCE,
    },
    allowBlocksWithSameTimestamp: false,
    throwOnTransactionFailures: false,
    mining: { auto: false, interval: 0, mempool: { order: "fifo" } },
  } as const;
}
