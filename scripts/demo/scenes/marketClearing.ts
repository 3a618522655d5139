import { parseEther } from "ethers";
import { clearRound } from "../../../src/market/clearingClear.js";
import { offerRecords } from "../../../src/market/clearingOfferRecords.js";
import { openRound } from "../../../src/market/clearingOpen.js";
import { placeBid } from "../../../src/market/clearingPlaceBid.js";
import { claimRefund } from "../../../src/market/clearingRefund.js";
import { type SettledBid, settleRound } from "../../../src/market/clearingSettle.js";
import { claimIncome } from "../../../src/market/income.js";
import { confirmOrder } from "../../../src/market/release.js";
import { claimShares } from "../../../src/market/shares.js";
import { DataClass } from "../../../src/records/dataClass.js";
import type { Certified } from "../accountCenter.js";
import { collect, deliver } from "../market/delivering.js";
import { type Offering, purpose } from "../market/offering.js";
import { coinsOf } from "../report.js";
import type { Stage } from "../stage.js";
import type { Trade } from "./market.js";

const BIDDING = 600;
const SETTLING = 3_600;
const needsTwo = "needs records of two institutions";

/** The other way to a price: several institutions offer, several consumers bid, and one price clears the round. */
export async function playClearing(stage: Stage, { main, other, buyers }: Trade): Promise<void> {
  const { datasetRegistry, marketClearing } = stage.consortium.contracts;
  const { records: left } = await datasetRegistry.stockOf(main.dataset);
  if (!other || left === 0n) {
    return stage.play(
      "a company and a researcher bid for the records of two institutions",
      needsTwo,
      async () => needsTwo,
    );
  }
  const offers = [
    { ...main, cost: parseEther("1.25"), capacity: Number(left) },
    { ...other, cost: parseEther("1.5"), capacity: other.records.length },
  ];
  const supply = offers.reduce((sum, { capacity }) => sum + capacity, 0);
  const bidders = [buyers.researcher, buyers.company];
  const round = await bidAndOffer(stage, offers, bidders, supply);
  const { clearing } = await clearRound(marketClearing, round);
  const settled = await settleRound(marketClearing, round);
  const filled = settled.filter(({ outcome }) => outcome === "filled");
  const sold = settled.reduce((sum, { amount }) => sum + amount, 0);
  await stage.play("a company and a researcher bid for the records of two institutions", "2 bids filled", async () => {
    const reason = `one price of ${coinsOf(clearing.price)} for ${sold} of ${supply} records`;
    return { got: `${filled.length} bids filled`, reason };
  });
  await stage.play("what was cleared is delivered, proven and paid", `${sold} records`, async () => {
    const delivered = await deliverAll(stage, settled, offers, bidders);
    const paid = await payAll(stage, offers, settled);
    return { got: `${delivered} records`, reason: `${coinsOf(paid)} to patients, doctors and institutions` };
  });
}

/** @returns the round, whose bidding is over */
async function bidAndOffer(
  { consortium }: Stage,
  offers: readonly (Offering & { readonly cost: bigint; readonly capacity: number })[],
  [researcher, company]: readonly Certified[],
  supply: number,
): Promise<number> {
  const { clock, contracts } = consortium;
  const { marketClearing } = contracts;
  const biddingEnd = clock.seconds() + BIDDING;
  const { round } = await openRound(marketClearing, {
    dataClass: DataClass.AmbulatoryRecord,
    purpose,
    biddingEnd: new Date(biddingEnd * 1000),
    settleDeadline: new Date((biddingEnd + SETTLING) * 1000),
  });
  for (const { hospital, dataset, cost, capacity } of offers) {
    await offerRecords(marketClearing.connect(hospital.signer), round, { dataset, cost, capacity });
  }
  // At 2 coins a record the two want all that is offered.
  const terms = { c: parseEther("1"), dMin: 1, maxPrice: parseEther("5") };
  const share = (tenths: number) => parseEther(String((2 * supply * tenths) / 10));
  if (researcher) await placeBid(marketClearing, researcher.signer, round, { ...terms, alpha: share(6) });
  if (company) await placeBid(marketClearing, company.signer, round, { ...terms, alpha: share(4) });
  await clock.travelTo(biddingEnd + 1);
  return round;
}

/** @returns how many records the bidders got, each checked */
async function deliverAll(
  stage: Stage,
  settled: readonly SettledBid[],
  offers: readonly Offering[],
  bidders: readonly Certified[],
): Promise<number> {
  const { dataMarket } = stage.consortium.contracts;
  let delivered = 0;
  for (const { bidder, orders } of settled) {
    const buyer = bidders.find(({ number }) => number === bidder);
    for (const order of orders) {
      const { dataset } = await dataMarket.orderOf(order);
      const hospital = offers.find((offer) => BigInt(offer.dataset) === dataset)?.hospital;
      if (!buyer || !hospital) throw new Error(`Order ${order} is nobody's.`);
      await deliver(stage, hospital, order);
      const { records } = await collect(stage, buyer, { hospital, order, suite: "X25519" });
      await confirmOrder(dataMarket.connect(buyer.signer), order);
      delivered += records.length;
    }
  }
  return delivered;
}

/** @returns what creators and institutions were paid, in wei */
async function payAll(
  { consortium }: Stage,
  offers: readonly Offering[],
  settled: readonly SettledBid[],
): Promise<bigint> {
  const { dataMarket, marketClearing } = consortium.contracts;
  for (const { bidder } of settled) {
    if ((await marketClearing.refundOf(bidder)) > 0n) await claimRefund(marketClearing, bidder);
  }
  const ids = offers.flatMap(({ records }) => records.map(({ id }) => id));
  const { claimed } = await claimShares(dataMarket, ids);
  let paid = claimed.reduce((sum, { patient, doctor }) => sum + patient + doctor, 0n);
  for (const { hospital } of offers) paid += (await claimIncome(dataMarket, hospital.number)).amount;
  return paid;
}
