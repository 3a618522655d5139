import type { RunningNetwork } from "../../chain/hardhat/index.js";
import { printProgress } from "../result.js";

/**
 * Says on standard error what the network decides: a line for every so many blocks, with all their transactions.
 *
 * @param every 0 for no line at all.
 */
export function sayBlocks({ observer, validators }: RunningNetwork, every: number): void {
  const numbers = new Map(validators.map(({ address, number }) => [address, number]));
  let transactions = 0;
  observer.onBlock(({ block, certificate }) => {
    transactions += block.transactions.length;
    if (every === 0 || block.number % every !== 0) return;
    const { number, slot, miner } = block;
    const maker = numbers.has(miner) ? `validator ${numbers.get(miner)}` : miner;
    const signers = certificate.signatures.length;
    printProgress(
      `Block ${number}: epoch ${certificate.epoch}, slot ${slot}, made by ${maker}, signed by ${signers}, ` +
        `${transactions} transactions since the last line`,
    );
    transactions = 0;
  });
}
