import { formatEther } from "ethers";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { type ConsensusStatus, consensusStatus } from "../../src/consensus/consensusStatus.js";
import { MAX_RECENT_BLOCKS } from "../../src/consensus/recentBlocks.js";
import { isoTime } from "../clock.js";
import { openDeployment } from "../deployment.js";
import { countArgument } from "./count.js";

interface StatusArguments {
  readonly recent: number;
  readonly upcoming: number;
}

const MAX_UPCOMING_SLOTS = 1_000;

export default async function status(args: StatusArguments, hre: HardhatRuntimeEnvironment) {
  const recent = countArgument(args.recent, 0, MAX_RECENT_BLOCKS);
  const upcoming = countArgument(args.upcoming, 0, MAX_UPCOMING_SLOTS);
  const { contracts } = await openDeployment(hre);
  return shown(await consensusStatus(contracts, { recent, upcoming }));
}

function shown({ validators, candidates, nextLeaders, recent, nextElection, ...chain }: ConsensusStatus) {
  return {
    ...chain,
    nextElection: nextElection === undefined ? undefined : isoTime(nextElection),
    candidates: candidates.standing,
    validators: validators.map(({ address, stake, share, participation, candidate, signed, led, status }) => ({
      address,
      stake: Number(formatEther(stake)),
      share,
      participation,
      signed,
      led,
      candidate,
      status,
    })),
    nextLeaders,
    jailed: candidates.jailed.map(({ candidate, until }) => ({ candidate, until: isoTime(until) })),
    tombstoned: candidates.tombstoned,
    recent,
  };
}
