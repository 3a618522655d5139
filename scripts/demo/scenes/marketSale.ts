import { parseEther } from "ethers";
import { Role } from "../../../src/accounts/index.js";
import { addRecords } from "../../../src/market/addRecords.js";
import { claimIncome } from "../../../src/market/income.js";
import { listDataset } from "../../../src/market/listing.js";
import { type PlacedOrder, placeOrder } from "../../../src/market/placeOrder.js";
import { equilibrium, WAD, withMaxPrice, withSupply } from "../../../src/market/pricing.js";
import { type MarketQuote, quoteFor, quoteWith } from "../../../src/market/quote.js";
import { confirmOrder } from "../../../src/market/release.js";
import { claimShares } from "../../../src/market/shares.js";
import { claimSharingRewards } from "../../../src/market/sharingRewards.js";
import { PurposeOfUse } from "../../../src/records/purposeOfUse.js";
import { othersThan } from "../consortium.js";
import { type Contents, contentsOf } from "../market/contents.js";
import { type Collected, collect, deliver } from "../market/delivering.js";
import { listing, marketConsentOf, purpose } from "../market/offering.js";
import type { RegisteredRecord } from "../registration.js";
import { coinsOf, type MarketReport } from "../report.js";
import type { Outcome, Stage } from "../stage.js";
import type { Trade } from "./market.js";

/** What came of the sale. */
export interface Sale {
  readonly report: Omit<MarketReport, "dataset" | "version" | "records" | "ledger">;
  /** The record whose patient changed their mind; it is still in the version that was sold. */
  readonly revoked: RegisteredRecord | undefined;
}

export const needsAnother = "needs another record";
const maxPrice = parseEther("3");
const suite = "X-Wing";

/** Who shares is rewarded, for what is the own. */
export async function playSharing(stage: Stage, { main, other }: Trade): Promise<void> {
  const { contracts } = stage.consortium;
  const { datasetRegistry, medicalCoin } = contracts;
  await stage.play("an institution lists somebody else's record", "RecordNotListable", async () => {
    const [stranger] = othersThan(main.hospital, stage.consortium);
    const [record] = main.records;
    if (!stranger || !record) return "no stranger";
    const registry = datasetRegistry.connect(stranger.signer);
    const { dataset } = await listDataset(registry, listing);
    const { scope, recipient } = marketConsentOf(record);
    const key = await contracts.consentRegistry.grantKeyOf(record.request.header.patient, scope, recipient);
    await addRecords(registry, dataset, [{ id: record.id, key }]);
    return "listed";
  });
  const shared = [main, ...(other ? [other] : [])].flatMap(({ records }) => records);
  await stage.play(
    "patients, doctors and institutions are rewarded for sharing",
    `${shared.length} records`,
    async () => {
      const supply = await medicalCoin.totalSupply();
      const ids = shared.map(({ id }) => id);
      const { claimed } = await claimSharingRewards(datasetRegistry, ids);
      const again = await claimSharingRewards(datasetRegistry, ids);
      const minted = (await medicalCoin.totalSupply()) - supply;
      if (again.claimed.length > 0) return "rewarded twice";
      return { got: `${claimed.length} records`, reason: `${coinsOf(minted)} out of the registry's emission` };
    },
  );
}

/** From a quote to the coin in everybody's wallet. */
export async function playSale(stage: Stage, { main, buyers }: Trade): Promise<Sale> {
  const { hospital, records } = main;
  const { researcher } = buyers;
  const market = stage.consortium.contracts.dataMarket.connect(researcher.signer);
  const wish = { dataset: main.dataset, dMin: 1, maxPrice };
  const quote = await quoteFor(market, wish, Role.Researcher);
  await stage.play("a researcher's quotes, with the published numbers and with own ones", "as the game says", () =>
    comparedWithGame(stage, quote),
  );
  const ordered = await placeOrder(market, quote, { purpose: PurposeOfUse[purpose] });
  await stage.play("an order with a permit, in one transaction", "in escrow", () => inEscrow(stage, ordered));

  const revoked = records.length > 1 ? whoRevokes(stage, records) : undefined;
  if (revoked) await stage.consent(revoked, "Revocation", marketConsentOf(revoked));
  await stage.options.beforeDelivery?.(records, stage.consortium);
  const { delivered } = await deliver(stage, hospital, ordered.order);
  const left = revoked ? `${records.length - 1} of ${ordered.amount} delivered` : needsAnother;
  await stage.play("a patient revokes before the export", left, async () => {
    if (!revoked) return { got: needsAnother, reason: `${delivered} delivered` };
    const back = ordered.price * BigInt(ordered.amount - delivered);
    return { got: `${delivered} of ${ordered.amount} delivered`, reason: `${coinsOf(back)} went back to the buyer` };
  });

  const collected = await collect(stage, researcher, { hospital, order: ordered.order, suite });
  const contents = await playContents(stage, collected);
  await stage.play("the researcher confirms, and everybody claims", "all of the price", () =>
    paidOut(stage, main, researcher, ordered, delivered),
  );
  return { report: reportOf(ordered, researcher.signer.address, collected, contents), revoked };
}

/** A record whose wallet other scenes were played with: two of a patient's wallets that do the same would show that they belong together. */
function whoRevokes(stage: Stage, records: readonly RegisteredRecord[]): RegisteredRecord | undefined {
  const played = stage.onePerPatient();
  return records.find((record) => played.includes(record)) ?? records[0];
}

/** The contracts' answers against the library's, which computes them anew. */
async function comparedWithGame(stage: Stage, quote: MarketQuote): Promise<Outcome> {
  const { dataMarket, datasetRegistry } = stage.consortium.contracts;
  const { dataset, dMin } = quote;
  const { records } = await datasetRegistry.stockOf(dataset);
  const published = await dataMarket.numbersOf(listing.dataClass, Role.Researcher);
  const own = { alpha: published.alpha / 2n, c: published.c };
  const other = await quoteWith(dataMarket, { dataset, dMin, maxPrice }, own);
  const isAsTheGameSays = [
    { numbers: published, quoted: quote },
    { numbers: own, quoted: other },
  ].every(({ numbers: { alpha, c }, quoted }) => {
    const { gamma, lambdaMin, lambdaMax } = listing;
    const terms = { alpha, c, dMin: BigInt(dMin) * WAD, gamma, lambdaMin, lambdaMax };
    const { lambda, d } = equilibrium(withSupply(withMaxPrice(terms, maxPrice), records * WAD));
    return quoted.price === lambda && BigInt(quoted.amount) === (d + WAD - 1n) / WAD;
  });
  const said = [quote, other].map(({ amount, price, regime }) => `${amount} at ${coinsOf(price)} (${regime})`);
  return { got: isAsTheGameSays ? "as the game says" : "otherwise", reason: said.join(", ") };
}

async function inEscrow(stage: Stage, { receipt, payment, price, amount }: PlacedOrder): Promise<Outcome> {
  const { dataMarket, medicalCoin } = stage.consortium.contracts;
  const at = { blockTag: receipt.blockNumber };
  const before = { blockTag: receipt.blockNumber - 1 };
  const held = (await medicalCoin.balanceOf(dataMarket, at)) - (await medicalCoin.balanceOf(dataMarket, before));
  const reason = `${amount} records at ${coinsOf(price)}, at most ${coinsOf(maxPrice)}: ${coinsOf(payment)}`;
  return { got: held === payment && price <= maxPrice ? "in escrow" : "another sum", reason };
}

async function playContents(stage: Stage, collected: Collected): Promise<Contents> {
  const { records, plaintexts, proofs } = collected;
  await stage.play("the researcher fetches, decrypts and proves all of it", "0 proofs fail", async () => {
    const bytes = plaintexts.reduce((sum, { length }) => sum + length, 0);
    const reason = `${proofs.verified} hold, of ${records.length} records of ${bytes} bytes, keys wrapped by ${suite}`;
    return { got: `${proofs.failed} proofs fail`, reason };
  });
  const contents = contentsOf(stage, collected);
  await stage.play("what was delivered tells nobody's name, number, place or day", "0 leaks", async () => {
    const [first] = contents.leaks;
    const example = first ? `; for example a ${first.kind} at ${first.path}` : "";
    return { got: `${contents.leaks.length} leaks`, reason: `${contents.searched} records searched${example}` };
  });
  await stage.play("and has the codes and quantities of the source", "all of them", async () => {
    const { codes, quantities, strange } = contents;
    const reason = `${codes} codes and ${quantities} quantities, each found in the patient's bundle`;
    if (codes === 0) return "nothing";
    return strange.length === 0 ? { got: "all of them", reason } : { got: "others too", reason: strange.join(", ") };
  });
  return contents;
}

/** What the creators and the institution get must be the price of what was delivered, to the wei but for the shares' rounding. */
async function paidOut(
  stage: Stage,
  { hospital, records }: Trade["main"],
  { signer }: Trade["buyers"]["researcher"],
  { order, price }: PlacedOrder,
  delivered: number,
): Promise<Outcome> {
  const { dataMarket } = stage.consortium.contracts;
  const released = await confirmOrder(dataMarket.connect(signer), order);
  const { claimed } = await claimShares(
    dataMarket,
    records.map(({ id }) => id),
  );
  const income = await claimIncome(dataMarket, hospital.number);
  const patients = claimed.reduce((sum, { patient }) => sum + patient, 0n);
  const doctors = claimed.reduce((sum, { doctor }) => sum + doctor, 0n);
  const rest = price * BigInt(delivered) - patients - doctors - income.amount;
  const reason =
    `patients ${coinsOf(patients)}, doctors ${coinsOf(doctors)} for ${claimed.length} records, ` +
    `${hospital.name} ${coinsOf(income.amount)}, ${rest} wei of rounding stay`;
  const isAll = released.institution === income.amount && rest >= 0n && rest <= BigInt(records.length);
  return { got: isAll ? "all of the price" : "another sum", reason };
}

function reportOf(
  { order, price, amount, payment }: PlacedOrder,
  buyer: string,
  { records, plaintexts, proofs }: Collected,
  { searched, leaks, codes, quantities }: Contents,
): Sale["report"] {
  return {
    order: { id: order, price: String(price), amount, payment: String(payment), purpose, buyer },
    delivered: {
      records: records.length,
      resources: records.reduce((sum, { sections }) => sum + sections.length, 0),
      bytes: plaintexts.reduce((sum, { length }) => sum + length, 0),
      suite,
    },
    proofs,
    leaks: { searched, found: leaks.length },
    kept: { codes, quantities },
  };
}
