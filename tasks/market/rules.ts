import type { Signer } from "ethers";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import {
  type MarketRules,
  marketRulesOf,
  type SharingReward,
  setMarketRules,
  setSharingReward,
  sharingRewardOf,
} from "../../src/market/marketRules.js";
import type { DataMarket, DatasetRegistry } from "../../types/ethers-contracts/index.js";
import { given, isNothing, type Readers, type Typed } from "../arguments/given.js";
import { coinArgument } from "../arguments/number.js";
import { type Change, sendChanges } from "../changes.js";
import { coins } from "../coin/amount.js";
import { percent, percentArgument } from "../consensus/percent.js";
import { secondsArgument } from "../consensus/seconds.js";
import { openDeployment } from "../deployment.js";
import { signerOf } from "../signer.js";

type ChangeableRules = Omit<MarketRules, "periodLength">;

interface RulesArguments extends Typed<ChangeableRules> {
  readonly reward: string | undefined;
  readonly patientPart: string | undefined;
  readonly doctorPart: string | undefined;
  readonly leastFloor: string | undefined;
  readonly from: string;
}

const HOUR = 3_600;
const DAY = 86_400;

const ruleReaders: Readers<ChangeableRules> = {
  deliveryTime: (text) => secondsArgument(text, HOUR, 90 * DAY),
  disputeWindow: (text) => secondsArgument(text, HOUR, 90 * DAY),
  arbitrationTime: (text) => secondsArgument(text, HOUR, 366 * DAY),
  turnover: (text) => percentArgument(text, 1, 65_535),
  reactivity: (text) => percentArgument(text),
};

const rewardReaders: Readers<SharingReward> = {
  amount: coinArgument,
  patientPart: (text) => percentArgument(text),
  doctorPart: (text) => percentArgument(text),
  leastFloor: coinArgument,
};

export default async function rules(args: RulesArguments, hre: HardhatRuntimeEnvironment) {
  const rulesAsked = given(args, ruleReaders);
  const { reward, patientPart, doctorPart, leastFloor } = args;
  const rewardAsked = given({ amount: reward, patientPart, doctorPart, leastFloor }, rewardReaders);
  const { connection, contracts } = await openDeployment(hre);
  const { dataMarket, datasetRegistry } = contracts;
  const signer = () => signerOf(connection, args.from);
  const [rulesTransaction, rewardTransaction] = await sendChanges([
    isNothing(rulesAsked) ? undefined : await rulesChange(dataMarket, rulesAsked, signer),
    isNothing(rewardAsked) ? undefined : await rewardChange(datasetRegistry, rewardAsked, signer),
  ]);
  return {
    ...(await rulesText(dataMarket)),
    ...(await rewardText(datasetRegistry)),
    ...(rulesTransaction !== undefined && { rulesTransaction }),
    ...(rewardTransaction !== undefined && { rewardTransaction }),
  };
}

async function rulesChange(
  market: DataMarket,
  asked: Partial<ChangeableRules>,
  signer: () => Promise<Signer>,
): Promise<Change> {
  const rules = { ...(await marketRulesOf(market)), ...asked };
  const operated = market.connect(await signer());
  return {
    name: "the market's rules",
    rehearse: () => operated.setRules.staticCall(rules),
    send: () => setMarketRules(operated, rules),
  };
}

async function rewardChange(
  registry: DatasetRegistry,
  asked: Partial<SharingReward>,
  signer: () => Promise<Signer>,
): Promise<Change> {
  const reward = { ...(await sharingRewardOf(registry)), ...asked };
  const operated = registry.connect(await signer());
  return {
    name: "the sharing reward",
    rehearse: () => operated.setSharingReward.staticCall(reward),
    send: () => setSharingReward(operated, reward),
  };
}

async function rulesText(market: DataMarket) {
  const [standing, period] = await Promise.all([marketRulesOf(market), market.currentPeriod()]);
  return {
    period: Number(period),
    periodLengthSeconds: standing.periodLength,
    deliveryTimeSeconds: standing.deliveryTime,
    disputeWindowSeconds: standing.disputeWindow,
    arbitrationTimeSeconds: standing.arbitrationTime,
    turnoverPercent: percent(standing.turnover),
    reactivityPercent: percent(standing.reactivity),
    paused: await market.paused(),
  };
}

async function rewardText(registry: DatasetRegistry) {
  const { amount, patientPart, doctorPart, leastFloor } = await sharingRewardOf(registry);
  return {
    sharingReward: coins(amount),
    patientPartPercent: percent(patientPart),
    doctorPartPercent: percent(doctorPart),
    leastFloor: coins(leastFloor),
  };
}
