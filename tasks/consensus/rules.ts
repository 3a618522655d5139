import type { Signer } from "ethers";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { type BlockRewards, blockRewardsOf, setBlockRewards } from "../../src/consensus/blockRewards.js";
import { setValidatorRules, type ValidatorRules, validatorRulesOf } from "../../src/consensus/validatorRules.js";
import type { BlockCertifier, ValidatorRegistry } from "../../types/ethers-contracts/index.js";
import { given, isNothing, type Readers, type Typed } from "../arguments/given.js";
import { coinArgument, wholeNumberArgument } from "../arguments/number.js";
import { type Change, sendChanges } from "../changes.js";
import { coins } from "../coin/amount.js";
import { openDeployment } from "../deployment.js";
import { signerOf } from "../signer.js";
import { percent, percentArgument } from "./percent.js";
import { secondsArgument } from "./seconds.js";

interface RulesArguments extends Typed<ValidatorRules>, Typed<BlockRewards> {
  readonly from: string;
}

const MONTH = 30 * 86_400;

const ruleReaders: Readers<ValidatorRules> = {
  seats: (text) => wholeNumberArgument(text, 4, 128),
  minValidators: (text) => wholeNumberArgument(text, 4, 128),
  epochLength: (text) => secondsArgument(text, 10, MONTH),
  unbondingEpochs: (text) => wholeNumberArgument(text, 2, 60),
  maxCommission: (text) => percentArgument(text, 0, 5_000),
  commissionNotice: (text) => wholeNumberArgument(text, 1, 60),
  jailTime: (text) => secondsArgument(text, 1, MONTH),
  slashFraction: (text) => percentArgument(text, 1),
  minSelfStake: coinArgument,
};

const rewardReaders: Readers<BlockRewards> = {
  blockReward: coinArgument,
  leaderShare: (text) => percentArgument(text),
  minParticipation: (text) => percentArgument(text, 0, 5_000),
  minBlocks: (text) => wholeNumberArgument(text, 1, 65_535),
};

export default async function rules(args: RulesArguments, hre: HardhatRuntimeEnvironment) {
  const asked = { rules: given(args, ruleReaders), rewards: given(args, rewardReaders) };
  const { connection, contracts } = await openDeployment(hre);
  const { validatorRegistry: registry, blockCertifier: certifier } = contracts;
  const signer = () => signerOf(connection, args.from);
  const [rulesTransaction, rewardsTransaction] = await sendChanges([
    isNothing(asked.rules) ? undefined : await rulesChange(registry, asked.rules, signer),
    isNothing(asked.rewards) ? undefined : await rewardsChange(certifier, asked.rewards, signer),
  ]);
  return {
    ...rulesText(await validatorRulesOf(registry)),
    ...rewardsText(await blockRewardsOf(certifier)),
    ...(rulesTransaction !== undefined && { rulesTransaction }),
    ...(rewardsTransaction !== undefined && { rewardsTransaction }),
  };
}

async function rulesChange(
  registry: ValidatorRegistry,
  asked: Partial<ValidatorRules>,
  signer: () => Promise<Signer>,
): Promise<Change> {
  const rules = { ...(await validatorRulesOf(registry)), ...asked };
  const operated = registry.connect(await signer());
  return {
    name: "the validators' rules",
    rehearse: () => operated.setRules.staticCall(rules),
    send: () => setValidatorRules(operated, rules),
  };
}

async function rewardsChange(
  certifier: BlockCertifier,
  asked: Partial<BlockRewards>,
  signer: () => Promise<Signer>,
): Promise<Change> {
  const rewards = { ...(await blockRewardsOf(certifier)), ...asked };
  const operated = certifier.connect(await signer());
  return {
    name: "the block rewards",
    rehearse: () => operated.setRewards.staticCall(rewards),
    send: () => setBlockRewards(operated, rewards),
  };
}

function rulesText(standing: ValidatorRules) {
  return {
    seats: standing.seats,
    minValidators: standing.minValidators,
    epochLengthSeconds: standing.epochLength,
    unbondingEpochs: standing.unbondingEpochs,
    maxCommissionPercent: percent(standing.maxCommission),
    commissionNoticeEpochs: standing.commissionNotice,
    jailTimeSeconds: standing.jailTime,
    slashPercent: percent(standing.slashFraction),
    minSelfStake: coins(standing.minSelfStake),
  };
}

function rewardsText(standing: BlockRewards) {
  return {
    blockReward: coins(standing.blockReward),
    leaderSharePercent: percent(standing.leaderShare),
    minParticipationPercent: percent(standing.minParticipation),
    minBlocks: standing.minBlocks,
  };
}
