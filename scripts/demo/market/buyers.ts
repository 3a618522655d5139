import { parseEther } from "ethers";
import { Role } from "../../../src/accounts/index.js";
import { allotEmission } from "../../../src/coin/index.js";
import { setMarketRules } from "../../../src/market/marketRules.js";
import { publishNumbers } from "../../../src/market/numbers.js";
import { mined } from "../../../src/transaction.js";
import type { Certified } from "../accountCenter.js";
import type { Consortium } from "../consortium.js";
import { listing } from "./offering.js";

/** Who buys. */
export interface Buyers {
  readonly researcher: Certified;
  readonly company: Certified;
}

/** Coin that sharing may earn in all. */
const REWARD_QUOTA = parseEther("1000000");

const HOUR = 3_600;

/**
 * What the consortium does before anybody trades: it lets the registry emit the rewards for sharing, has deliveries come within an hour,
 * and publishes the numbers by which researchers buy.
 *
 * @param records that are to be sold; with these numbers a researcher wants all of them, at 2 coins each.
 */
export async function openMarket({ contracts }: Consortium, records: number): Promise<void> {
  const { dataMarket, datasetRegistry, medicalCoin } = contracts;
  const { quota } = await medicalCoin.emissionOf(datasetRegistry);
  if (quota === 0n) await allotEmission(medicalCoin, await datasetRegistry.getAddress(), REWARD_QUOTA);
  const { periodLength, turnover, reactivity } = await dataMarket.marketRules();
  await setMarketRules(dataMarket, {
    periodLength: Number(periodLength),
    deliveryTime: HOUR,
    disputeWindow: HOUR,
    arbitrationTime: HOUR,
    turnover: Number(turnover),
    reactivity: Number(reactivity),
  });
  const alpha = parseEther(String(4 * records));
  const c = parseEther(String(records + 1));
  const bounds = { alphaMin: alpha / 2n, alphaMax: alpha * 2n, cMin: c / 2n, cMax: c * 2n };
  const subject = { dataClass: listing.dataClass, role: Role.Researcher };
  await publishNumbers(dataMarket, subject, { alpha, c, ...bounds });
}

/** Certifies a researcher and a company, and gives them coin out of the operator's emission. */
export async function certifyBuyers({ center, contracts }: Consortium, records: number): Promise<Buyers> {
  const { medicalCoin } = contracts;
  const system = "urn:healthchain:demo";
  const researcher = await center.certify({ system, value: "researcher who buys" }, Role.Researcher);
  const company = await center.certify({ system, value: "company" }, Role.Company);
  const budget = parseEther(String(20 + 10 * records));
  for (const { signer } of [researcher, company]) await mined(medicalCoin, () => medicalCoin.mint(signer, budget));
  return { researcher, company };
}
