import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import type { Provider } from "ethers";
import { type RunningDatabase, startDatabase } from "../../database/server.js";
import type { Healthchain } from "../../ignition/deploy.js";
import { type Identity, isSameIdentity, publishInstitution, Role } from "../../src/accounts/index.js";
import type { DirectoryEntry, EncounterDocument } from "../../src/records/index.js";
import { type Certified, DemoAccountCenter } from "./accountCenter.js";
import type { ChainClock } from "./clock.js";
import { identityOf } from "./identity.js";
import type { Input } from "./input.js";

/** An institution of the demo: its wallet and, behind the service, a database file of its own. */
export interface Hospital extends Certified {
  readonly name: string;
  readonly identity: Identity;
}

/** Everybody and everything that the demo plays with. */
export interface Consortium {
  readonly contracts: Healthchain;
  readonly provider: Provider;
  readonly registrar: HardhatEthersSigner;
  readonly center: DemoAccountCenter;
  /** The institutions that the input names. */
  readonly hospitals: readonly Hospital[];
  /** An institution with a doctor and no records, where the input names no second one. */
  readonly visitor: Hospital | undefined;
  readonly doctors: number;
  readonly service: RunningDatabase;
  readonly clock: ChainClock;
  readonly chainId: bigint;
  close(): Promise<void>;
}

/** Institutions other than `hospital`; there is at least one. */
export function othersThan(hospital: Hospital, { hospitals, visitor }: Consortium): Hospital[] {
  const others = hospitals.filter(({ number }) => number !== hospital.number);
  return visitor ? [...others, visitor] : others;
}

/**
 * Enrolls institutions, doctors and patients of the input, and starts one medical database for each institution.
 *
 * @param folder an empty folder for database files and the account center's store
 */
export async function foundConsortium(
  input: Input,
  contracts: Healthchain,
  registrar: HardhatEthersSigner,
  provider: Provider,
  clock: ChainClock,
  folder: string,
): Promise<Consortium> {
  const center = await DemoAccountCenter.open(contracts, registrar, join(folder, "account-center.sqlite"), () =>
    clock.now(),
  );
  const documents = input.patients.flatMap((patient) => patient.documents.documents);
  const hospitals = await enrollHospitals(center, documents);
  const doctors = await enrollDoctors(center, hospitals, documents);
  const visitor = hospitals.length < 2 ? await enrollVisitor(center) : undefined;
  for (const identity of patientsOf(documents)) center.registerPatient(identity);
  await clock.follow();

  const { chainId } = await provider.getNetwork();
  const service = await startDatabases(hospitals, contracts, provider, center, clock, folder);
  const close = async () => {
    await service.close();
    center.close();
  };
  try {
    for (const { signer, number } of hospitals) {
      const fhirUrl = `${service.url}/${number}/fhir`;
      await publishInstitution(contracts.accountCenter.connect(signer), { fhirUrl, encryptionKey: "0x" });
    }
  } catch (error) {
    // A service that goes on listening would keep the process alive.
    await close();
    throw error;
  }
  return { contracts, provider, registrar, center, hospitals, visitor, doctors, service, clock, chainId, close };
}

async function enrollHospitals(
  center: DemoAccountCenter,
  documents: readonly EncounterDocument[],
): Promise<Hospital[]> {
  const hospitals: Hospital[] = [];
  for (const provider of distinct(documents.map(({ serviceProvider }) => serviceProvider))) {
    const identity = identityOf(provider.identifiers);
    if (!identity) continue;
    const certified = await center.certify(identity, Role.Institution);
    hospitals.push({ ...certified, identity, name: `Institution ${certified.number}` });
  }
  return hospitals;
}

async function enrollVisitor(center: DemoAccountCenter): Promise<Hospital> {
  const identity = { system: "urn:healthchain:demo", value: "visiting institution" };
  const certified = await center.certify(identity, Role.Institution);
  await center.certifyDoctor({ ...identity, value: "visiting doctor" }, certified.number);
  return { ...certified, identity, name: "Visiting institution" };
}

/** Each practitioner works where the first encounter says; an institution that no bundle names a practitioner of gets one. */
async function enrollDoctors(
  center: DemoAccountCenter,
  hospitals: readonly Hospital[],
  documents: readonly EncounterDocument[],
): Promise<number> {
  const placeOf = (provider: DirectoryEntry | undefined) =>
    hospitals.find(({ identity }) => provider?.identifiers.some((one) => isSameIdentity(one, identity)))?.number;
  const doctors = new Set<string>();
  const staffed = new Set<number>();
  for (const { practitioner, serviceProvider } of documents) {
    const place = placeOf(serviceProvider);
    if (!practitioner || !place || doctors.has(practitioner.id)) continue;
    const identity = identityOf(practitioner.identifiers);
    if (!identity) continue;
    await center.certifyDoctor(identity, place);
    doctors.add(practitioner.id);
    staffed.add(place);
  }
  const unstaffed = hospitals.filter(({ number }) => !staffed.has(number));
  for (const { number } of unstaffed) {
    await center.certifyDoctor(
      { system: "urn:healthchain:attending-physician", value: `institution ${number}` },
      number,
    );
  }
  return doctors.size + unstaffed.length;
}

async function startDatabases(
  hospitals: readonly Hospital[],
  contracts: Healthchain,
  provider: Provider,
  center: DemoAccountCenter,
  clock: ChainClock,
  folder: string,
): Promise<RunningDatabase> {
  const institutions = hospitals.map(({ number, name, identity }) => ({
    number,
    name,
    organization: identity,
    file: join(folder, `institution-${number}.sqlite`),
    kek: randomBytes(32),
  }));
  const addresses = {
    accountCenter: await contracts.accountCenter.getAddress(),
    recordRegistry: await contracts.recordRegistry.getAddress(),
    consentRegistry: await contracts.consentRegistry.getAddress(),
  };
  return startDatabase({
    port: 0,
    institutions,
    chain: { provider, addresses },
    walletDirectory: center,
    clock: () => clock.now(),
    // Everybody in the demo comes from one address.
    requestsPerMinute: 1_000_000,
  });
}

function patientsOf(documents: readonly EncounterDocument[]): Identity[] {
  return distinct(documents.map(({ patient }) => patient)).flatMap(({ identifiers }) => identityOf(identifiers) ?? []);
}

function distinct(entries: readonly (DirectoryEntry | undefined)[]): DirectoryEntry[] {
  const byId = new Map(entries.flatMap((entry) => (entry ? [[entry.id, entry] as const] : [])));
  return [...byId.values()];
}
