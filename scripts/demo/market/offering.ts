import { parseEther } from "ethers";
import { addRecords } from "../../../src/market/addRecords.js";
import { type Listing, listDataset } from "../../../src/market/listing.js";
import { withMarketGrants } from "../../../src/market/marketGrant.js";
import { type OpenedVersion, openVersion } from "../../../src/market/versions.js";
import type { Signed } from "../../../src/records/consentSignatures.js";
import { DataClass, dataClassBits } from "../../../src/records/dataClass.js";
import { fanOutGrant, relayConsents, shuffleAcross } from "../../../src/records/fanOut.js";
import { institution, recordsOfClass } from "../../../src/records/grant.js";
import { unpackRecord } from "../../../src/records/indexedRecord.js";
import { purposeBits } from "../../../src/records/purposeOfUse.js";
import { DAY } from "../../../src/utcDay.js";
import type { Hospital } from "../consortium.js";
import type { RegisteredRecord } from "../registration.js";
import type { Stage } from "../stage.js";
import { together } from "../together.js";

/** An institution with records that may be sold once their patients consent. */
export interface Seller {
  readonly hospital: Hospital;
  /** Accepted ones of its own, each with something to deliver. */
  readonly records: readonly RegisteredRecord[];
}

/** A seller's dataset on sale. */
export interface Offering extends Seller, Pick<OpenedVersion, "version"> {
  readonly dataset: number;
}

/** For what the demo sells records. */
export const purpose = "HRESCH";

/** What is delivered: everything clinical that has a de-identified form. */
const sectionClasses = [
  DataClass.Encounter,
  DataClass.Conditions,
  DataClass.Allergies,
  DataClass.Medications,
  DataClass.Immunizations,
  DataClass.Procedures,
  DataClass.VitalSigns,
  DataClass.Laboratory,
  DataClass.Surveys,
  DataClass.Reports,
  DataClass.Imaging,
  DataClass.CarePlans,
  DataClass.Devices,
  DataClass.Demographics,
  DataClass.OtherClinical,
] as const;

/** Records of every class, priced as those of most visits. */
export const listing: Listing = {
  dataClass: DataClass.AmbulatoryRecord,
  weights: Object.fromEntries([24, 25, 26, 27, 28, 29].map((dataClass) => [dataClass, 1])),
  sectionClasses: dataClassBits(...sectionClasses),
  purposes: purposeBits(purpose),
  gamma: parseEther("1"),
  floor: parseEther("0.25"),
  lambdaMin: parseEther("1.25"),
  lambdaMax: parseEther("2.5"),
  patientShare: 6_000,
  doctorShare: 1_000,
};

/** The institutions with something to sell, those with most of it first. */
export async function sellersOf({ consortium, records }: Stage): Promise<Seller[]> {
  const { recordRegistry } = consortium.contracts;
  const words = await together(records, ({ id }) => recordRegistry.records(id));
  const saleable = records.filter((record, index) => {
    const { state } = unpackRecord(BigInt(words[index] ?? 0n));
    return state === "Accepted" && hasDeliverable(record);
  });
  const sellers = consortium.hospitals.map((hospital) => ({
    hospital,
    records: saleable.filter((record) => record.hospital === hospital),
  }));
  return sellers
    .filter((seller) => seller.records.length > 0)
    .sort((one, other) => other.records.length - one.records.length);
}

/** The key under which a record's patient lets its institution sell it. */
export function marketConsentOf({ hospital, request }: RegisteredRecord) {
  return { scope: recordsOfClass(request.header.dataClass), recipient: institution(hospital.number) };
}

/**
 * Lets the patients of all sellers' records consent: each signs for the wallet of each record, those of all are mixed and relayed.
 *
 * @returns how many grants stand
 */
export async function consentToMarket({ consortium }: Stage, sellers: readonly Seller[]): Promise<number> {
  const { center, clock, contracts, provider } = consortium;
  const owners = center.owners();
  const until = new Date(clock.now().getTime() + 60 * DAY * 1000);
  const terms = { purposes: [purpose, "HMARKT"], dataClasses: sectionClasses, from: clock.now(), until } as const;
  const records = sellers.flatMap((seller) => seller.records);
  const byPatient = Map.groupBy(records, ({ request }) => owners.get(request.header.patient));
  const sign = async (record: RegisteredRecord) => {
    const signer = center.patientSigner(record.request.header.patient, provider);
    const request = { ...terms, ...marketConsentOf(record), deadline: until };
    return fanOutGrant(contracts.consentRegistry, [signer], request);
  };
  const statements = await Promise.all(
    [...byPatient.values()].map(async (own) => (await Promise.all(own.map(sign))).flat()),
  );
  const relay = (statement: Signed<"Grant">) => relayConsents(contracts.consentRegistry, [statement]);
  const relayed = await together(shuffleAcross(statements), relay);
  return relayed.flat().filter((one) => "receipt" in one).length;
}

/** Puts a seller's records on sale. */
export async function putOnSale({ consortium }: Stage, { hospital, records }: Seller): Promise<Offering> {
  const { contracts } = consortium;
  const registry = contracts.datasetRegistry.connect(hospital.signer);
  const { dataset } = await listDataset(registry, listing);
  // In an order that says nothing about who belongs together.
  const ids = shuffleAcross([records.map(({ id }) => id)]);
  await addRecords(registry, dataset, await withMarketGrants(contracts, dataset, ids));
  const { version } = await openVersion(registry, dataset);
  return { hospital, records, dataset, version };
}

function hasDeliverable({ request }: RegisteredRecord): boolean {
  const classes: readonly number[] = sectionClasses;
  return request.sections.some(({ dataClass, deidentified }) => deidentified && classes.includes(dataClass));
}
