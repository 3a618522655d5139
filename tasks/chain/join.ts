import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join as pathOf } from "node:path";
import { joinNetwork } from "../../chain/hardhat/index.js";
import { amountArgument } from "../coin/amount.js";
import { printProgress, printResult } from "../result.js";
import { interruption } from "./interruption.js";

interface JoinArguments {
  readonly rpc: string;
  readonly data: string | undefined;
  readonly amount: string;
  readonly json: boolean;
}

/** Ends with exit code 0 after Ctrl-C, and with 1 if the validator ended by itself. */
export default async function join({ rpc, data, amount, json }: JoinArguments) {
  const stake = amountArgument(amount);
  const signal = interruption();
  // It stays when the validator stops: without its key, the stake would be out of reach.
  const folder = data ?? (await mkdtemp(pathOf(tmpdir(), "healthchain-validator-")));
  try {
    const { address, candidate, keyFile, ended } = await joinNetwork({
      rpc,
      folder,
      stake,
      say: printProgress,
      signal,
    });
    printResult({ address, candidate, data: folder, keyFile }, json);
    printProgress("It votes from the next epoch on, if it is elected. Press Ctrl-C to stop.");
    await ended;
    process.exitCode = signal.aborted ? 0 : 1;
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  printProgress(`Stopped; \`npx hardhat chain join --data ${folder}\` goes on with this validator.`);
  return undefined;
}
