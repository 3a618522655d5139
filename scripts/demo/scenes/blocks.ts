import { electedSetOf } from "../../../src/consensus/electedSet.js";
import { unpackEpoch } from "../../../src/consensus/epoch.js";
import { MAX_RECENT_BLOCKS, type RecentBlock, recentBlocks } from "../../../src/consensus/recentBlocks.js";
import type { ValidatorSet } from "../../../src/consensus/validatorSet.js";
import type { ValidatorRegistry } from "../../../types/ethers-contracts/index.js";
import { percent } from "../report.js";
import type { Stage } from "../stage.js";

/** Who made the blocks so far, and who vouches for them. */
export async function playBlocks(stage: Stage): Promise<void> {
  const { provider, contracts } = stage.consortium;
  const { validatorRegistry: registry, blockCertifier: certifier } = contracts;
  const head = await provider.getBlockNumber();
  const { firstBlock } = unpackEpoch(await registry.epochOf(1));

  await stage.play("every block was made by the leader of its slot", "0 by others", async () => {
    const blocks = await blocksFrom(registry, firstBlock, head);
    if (blocks.length !== head - firstBlock + 1) return `a leader of ${blocks.length} blocks only`;
    const others = blocks.filter(({ miner, leader }) => miner !== leader);
    const leaders = new Set(blocks.map(({ leader }) => leader));
    return { got: `${others.length} by others`, reason: `${blocks.length} blocks, ${leaders.size} leaders` };
  });
  await stage.play("every block but the last is confirmed by more than two thirds", "0 unconfirmed", async () => {
    const audits = await certifier.queryFilter(certifier.filters.BlockConfirmed(), firstBlock, head);
    const sets = new Map<bigint, ValidatorSet>();
    for (const { args } of audits) {
      const known = sets.get(args.epoch);
      sets.set(args.epoch, known ?? (await electedSetOf(registry, Number(args.epoch))).set);
    }
    const least = Math.min(...audits.map(({ args }) => shareOf(sets.get(args.epoch), args.signers)));
    if (!(least > 2 / 3)) return `confirmed by ${percent(least)} only`;
    const last = Math.max(...audits.map(({ args }) => Number(args.height)));
    const reason = `${audits.length} certificates, each signed by ${percent(least)} of the power or more`;
    return { got: `${head - 1 - last} unconfirmed`, reason };
  });
}

/** All blocks from one to another, with their leaders. */
async function blocksFrom(registry: ValidatorRegistry, first: number, last: number): Promise<RecentBlock[]> {
  const blocks: RecentBlock[] = [];
  for (let head = last; head >= first; head -= MAX_RECENT_BLOCKS) {
    blocks.push(...(await recentBlocks(registry, head, Math.min(MAX_RECENT_BLOCKS, head - first + 1))));
  }
  return blocks;
}

/** The signers' part of the power. */
function shareOf(set: ValidatorSet | undefined, signers: bigint): number {
  if (set === undefined) return 0;
  const signed = set.seats.filter((_, seat) => (signers >> BigInt(seat)) % 2n === 1n);
  return Number(signed.reduce((sum, { power }) => sum + power, 0n)) / Number(set.total);
}
