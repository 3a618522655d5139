import { expect } from "chai";
import { parseEther, type Signer } from "ethers";
import { Role } from "../../src/accounts/role.js";
import { ChainError } from "../../src/chainError.js";
import { allotEmission } from "../../src/coin/emission.js";
import { addRecords } from "../../src/market/addRecords.js";
import { deliverOrder } from "../../src/market/deliver.js";
import { type Listing, listDataset } from "../../src/market/listing.js";
import { withMarketGrants } from "../../src/market/marketGrant.js";
import { publishNumbers } from "../../src/market/numbers.js";
import { placeOrder } from "../../src/market/placeOrder.js";
import { quoteFor } from "../../src/market/quote.js";
import { confirmOrder } from "../../src/market/release.js";
import { openVersion } from "../../src/market/versions.js";
import { grantConsent } from "../../src/records/consent.js";
import { DataClass, dataClassBits } from "../../src/records/dataClass.js";
import { allRecords, institution, oneRecord, role } from "../../src/records/grant.js";
import { PurposeOfUse, purposeBits } from "../../src/records/purposeOfUse.js";
import { termsOf } from "../../src/records/terms.js";
import { type Enrolled, enrolled, ethers, fund, inDays, registeredFor, rejection, time } from "../enrolled.js";

/** In wei. */
export const coins = (amount: number): bigint => parseEther(String(amount));

export const HRESCH = PurposeOfUse.HRESCH;
export const RESEARCHERS = { dataClass: DataClass.AmbulatoryRecord, role: Role.Researcher };

/** A dataset of ambulatory records, for research. */
export const LISTING: Listing = {
  dataClass: DataClass.AmbulatoryRecord,
  weights: { [DataClass.AmbulatoryRecord]: 1 },
  sectionClasses: dataClassBits(DataClass.Conditions, DataClass.VitalSigns),
  purposes: purposeBits("HRESCH", "BIORCH"),
  gamma: coins(1),
  floor: coins(0.5),
  lambdaMin: coins(2),
  lambdaMax: coins(8),
  patientShare: 6_000,
  doctorShare: 1_000,
};

/** With these, who takes at least one record takes three for 4 coins each. */
export const NUMBERS = {
  alpha: coins(16),
  c: coins(2),
  alphaMin: coins(1),
  alphaMax: coins(100),
  cMin: coins(1),
  cMax: coins(10),
};

/** Four records with consents to the market, in no dataset yet; the researcher has 1,000 coins. */
export interface Market extends Enrolled {
  /** Three of the patient's wallet 0, one of the neighbour's. */
  readonly ids: readonly string[];
  readonly arbiter: Signer;
}

export async function market(): Promise<Market> {
  const world = await enrolled();
  const [arbiter] = await ethers.getSigners();
  if (arbiter === undefined) throw new Error("The network has too few accounts.");
  const [patient, neighbour] = [world.patient[0], world.neighbour[0]];
  const ids: string[] = [];
  for (const wallet of [patient, patient, patient, neighbour]) ids.push(await registeredFor(world, wallet));
  for (const wallet of [patient, neighbour]) await fund(wallet);
  const terms = await marketTerms();
  await grantConsent(world.consentRegistry.connect(patient), allRecords(), institution(1), terms);
  await grantConsent(world.consentRegistry.connect(neighbour), oneRecord(ids[3] ?? ""), role(Role.Institution), terms);
  await allotEmission(world.medicalCoin, await arbiter.getAddress(), coins(10_000));
  await allotEmission(world.medicalCoin, await world.datasetRegistry.getAddress(), coins(1_000));
  await world.medicalCoin.mint(world.researcher, coins(1_000));
  return { ...world, ids, arbiter };
}

/** The dataset 1, with the four records in version 1, and numbers for researchers. */
export async function onSale(): Promise<Market> {
  const world = await market();
  const registry = world.datasetRegistry.connect(world.hospital);
  await listDataset(registry, LISTING);
  await addRecords(registry, 1, await withMarketGrants(world, 1, world.ids));
  await openVersion(registry, 1);
  await publishNumbers(world.dataMarket, RESEARCHERS, NUMBERS);
  return world;
}

/** The researcher's order 1: three records for 12 coins. */
export async function ordered(): Promise<Market> {
  const world = await onSale();
  const buying = world.dataMarket.connect(world.researcher);
  await placeOrder(buying, await quoteFor(buying, { dataset: 1, dMin: 1 }, Role.Researcher), { purpose: HRESCH });
  return world;
}

/** Delivers three records of an order, and has the buyer confirm them. */
export async function sell(world: Market, orderId: number): Promise<void> {
  const manifestRoot = `0x${"11".repeat(32)}`;
  const exportedAt = await time.latest();
  const { dataMarket, hospital, researcher } = world;
  await deliverOrder(dataMarket.connect(hospital), { orderId, manifestRoot, delivered: 3, exportedAt });
  await confirmOrder(dataMarket.connect(researcher), orderId);
}

/** What the market needs of a patient, for a year. */
export async function marketTerms() {
  return termsOf({
    purposes: ["HMARKT", "HRESCH", "BIORCH"],
    dataClasses: "all",
    from: await inDays(0),
    until: await inDays(365),
  });
}

/** Expects that a contract refuses with this error. */
export async function expectRefusal(work: Promise<unknown>, errorName: string): Promise<void> {
  expect(await rejection(work))
    .to.be.instanceOf(ChainError)
    .with.property("errorName", errorName);
}
