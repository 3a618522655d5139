import { hexlify, randomBytes } from "ethers";
import { Role } from "../../../src/accounts/index.js";
import { deliverOrder } from "../../../src/market/deliver.js";
import { proveFraud } from "../../../src/market/dispute.js";
import { buildManifest } from "../../../src/market/manifest.js";
import { type PlacedOrder, placeOrder } from "../../../src/market/placeOrder.js";
import { prunableRecords, pruneRecords } from "../../../src/market/prune.js";
import { type MarketQuote, quoteFor } from "../../../src/market/quote.js";
import { refundOrder } from "../../../src/market/release.js";
import { grantKeyOf } from "../../../src/records/grant.js";
import { PurposeOfUse } from "../../../src/records/purposeOfUse.js";
import { marketConsentOf, purpose } from "../market/offering.js";
import type { RegisteredRecord } from "../registration.js";
import { coinsOf } from "../report.js";
import type { Stage } from "../stage.js";
import type { Trade } from "./market.js";
import { needsAnother, type Sale } from "./marketSale.js";

/** What goes wrong on a market, and costs the buyer nothing: fraud, delay, and a dataset that changes under a quote. */
export async function playMarketFaults(stage: Stage, { main, buyers }: Trade, sale: Sale): Promise<void> {
  const { contracts, clock } = stage.consortium;
  const { dataMarket, datasetRegistry } = contracts;
  const market = dataMarket.connect(buyers.researcher.signer);
  const order = (quote: MarketQuote) => placeOrder(market, quote, { purpose: PurposeOfUse[purpose] });
  const quote = () => quoteFor(market, { dataset: main.dataset, dMin: 1 }, Role.Researcher);

  const revoked = sale.revoked ?? (await revokeFirst(stage, main.records));
  const bad = await order(await quote());
  await stage.play("a delivery with a record whose consent was over, proven by a stranger", "refunded", async () => {
    const { leaf, proof, refunded } = await deliverUnconsented(stage, main, bad, revoked);
    const { amount } = await proveFraud(dataMarket, bad.order, leaf, proof);
    return {
      got: amount + refunded === bad.payment ? "refunded" : "less",
      reason: `${coinsOf(bad.payment)} came back`,
    };
  });
  const late = await order(await quote());
  await stage.play("an order that is not delivered in time, taken back by anybody", "refunded", async () => {
    const { deadline } = await dataMarket.orderOf(late.order);
    await clock.travelTo(Number(deadline) + 1);
    const { amount, buyer } = await refundOrder(dataMarket, late.order);
    const isBack = amount === late.payment && buyer === buyers.researcher.signer.address;
    return { got: isBack ? "refunded" : "less", reason: `${coinsOf(amount)} came back` };
  });

  const quoted = await quote();
  const ended = await prunableRecords(contracts, main.dataset);
  const [version] = await pruneRecords(datasetRegistry, main.dataset, ended);
  const refused = version?.records === 0 ? needsAnother : "VersionChanged";
  await stage.play("a quote under which the dataset changed", refused, async () => {
    if (version?.records === 0) return { got: needsAnother, reason: "the only record has left" };
    const { order: bought } = await order(quoted);
    return { got: "ordered", reason: `order ${bought}` };
  });
}

/** Has the first record's patient revoke. */
async function revokeFirst(stage: Stage, [record]: readonly RegisteredRecord[]): Promise<RegisteredRecord> {
  if (!record) throw new Error("A dataset on sale has a record.");
  await stage.consent(record, "Revocation", marketConsentOf(record));
  return record;
}

/** What no honest database makes: a manifest with a record whose consent is over. */
async function deliverUnconsented(
  { consortium }: Stage,
  { hospital }: Trade["main"],
  { order, price, amount }: PlacedOrder,
  record: RegisteredRecord,
) {
  const { scope, recipient } = marketConsentOf(record);
  const leaf = {
    recordId: record.id,
    key: grantKeyOf(record.request.header.patient, scope, recipient),
    ciphertextHash: hexlify(randomBytes(32)),
    keyHash: hexlify(randomBytes(32)),
  };
  const { root, proof } = buildManifest([leaf]);
  const market = consortium.contracts.dataMarket.connect(hospital.signer);
  const delivery = { orderId: order, manifestRoot: root, delivered: 1, exportedAt: consortium.clock.seconds() };
  await deliverOrder(market, delivery);
  return { leaf, proof: proof(leaf), refunded: price * BigInt(amount - 1) };
}
