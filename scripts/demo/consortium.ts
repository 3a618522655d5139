import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { JsonRpcProvider, Signer } from "ethers";
import type { InProcessNetwork } from "../../chain/hardhat/index.js";
import type { ChainOptions } from "../../database/chainView.js";
import { type RunningDatabase, startDatabase } from "../../database/server.js";
import type { Healthchain } from "../../ignition/deploy.js";
import { type Identity, isSameIdentity, publishInstitution, Role } from "../../src/accounts/index.js";
import type { DirectoryEntry, EncounterDocument } from "../../src/records/index.js";
import { type Certified, DemoAccountCenter } from "./accountCenter.js";
import type { ChainClock } from "./clock.js";
import type { ConcurrentWallet } from "./concurrentWallet.js";
import { identityOf } from "./identity.js";
import type { Input } from "./input.js";
import { together } from "./together.js";

/** An institution of the demo: its wallet and, behind the service, a database file of its own. */
export interface Hospital extends Certified {
  readonly name: string;
  readonly identity: Identity;
}

/** The chain that a demo plays on. */
export interface Chain {
  readonly network: InProcessNetwork;
  readonly contracts: Healthchain;
  readonly provider: JsonRpcProvider;
  /** Administrator, registrar and operator of the network. */
  readonly registrar: Signer;
  /** The wallets of the institutions that validate: number 1 is at 0. */
  readonly validators: readonly ConcurrentWallet[];
  readonly clock: ChainClock;
  readonly chainId: bigint;
}

/** Everybody and everything that the demo plays with. */
export interface Consortium extends Chain {
  readonly center: DemoAccountCenter;
  /** The institutions that the input names; the first of them validate. */
  readonly hospitals: readonly Hospital[];
  /** An institution with a doctor and no records, where the input names no second one. */
  readonly visitor: Hospital | undefined;
  readonly doctors: number;
  readonly service: RunningDatabase;
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
 * @param say gets every line of progress
 */
export async function foundConsortium(
  input: Input,
  chain: Chain,
  folder: string,
  say: (line: string) => void,
): Promise<Consortium> {
  const { contracts, registrar, clock } = chain;
  const center = await DemoAccountCenter.open(contracts, registrar, join(folder, "account-center.sqlite"), () =>
    clock.now(),
  );
  let service: RunningDatabase | undefined;
  const close = async () => {
    await service?.close();
    center.close();
  };
  try {
    const members = await enrollMembers(input, chain, center, say);
    service = await startDatabases(members.hospitals, chain, center, folder);
    await publish(members.hospitals, chain, service.url);
    return { ...chain, ...members, center, service, close };
  } catch (error) {
    // A service that goes on listening would keep the process alive.
    await close();
    throw error;
  }
}

async function enrollMembers(
  input: Input,
  { validators }: Chain,
  center: DemoAccountCenter,
  say: (line: string) => void,
): Promise<Pick<Consortium, "hospitals" | "doctors" | "visitor">> {
  const documents = input.patients.flatMap((patient) => patient.documents.documents);
  const hospitals = await enrollHospitals(center, validators, documents);
  const doctors = await enrollDoctors(center, hospitals, documents);
  const visitor = hospitals.length < 2 ? await enrollVisitor(center) : undefined;
  say(`enrolled ${hospitals.length} institutions and ${doctors} doctors`);
  for (const identity of patientsOf(documents)) center.registerPatient(identity);
  const visits = documents.flatMap(({ patient }) => identityOf(patient.identifiers) ?? []);
  await center.certifyWallets(visits, (count) => say(`certified ${count} of ${visits.length} patients' wallets`));
  return { hospitals, doctors, visitor };
}

async function publish(hospitals: readonly Hospital[], { contracts }: Chain, url: string): Promise<void> {
  await together(hospitals, ({ signer, number }) => {
    const fhirUrl = `${url}/${number}/fhir`;
    return publishInstitution(contracts.accountCenter.connect(signer), { fhirUrl, encryptionKey: "0x" });
  });
}

/** The first ones are the institutions that validate, which have wallets already. */
function enrollHospitals(
  center: DemoAccountCenter,
  validators: readonly ConcurrentWallet[],
  documents: readonly EncounterDocument[],
): Promise<Hospital[]> {
  const identities = distinct(documents.map(({ serviceProvider }) => serviceProvider)).flatMap(
    ({ identifiers }) => identityOf(identifiers) ?? [],
  );
  const known = identities.map((identity, index) => ({ identity, wallet: validators[index] }));
  return together(known, async ({ identity, wallet }) => {
    const certified = await center.certify(identity, Role.Institution, wallet && { wallet });
    return { ...certified, identity, name: `Institution ${certified.number}` };
  });
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
  const doctors = new Map<string, { readonly identity: Identity; readonly place: number }>();
  for (const { practitioner, serviceProvider } of documents) {
    const place = placeOf(serviceProvider);
    const identity = identityOf(practitioner?.identifiers ?? []);
    if (practitioner && place && identity && !doctors.has(practitioner.id)) {
      doctors.set(practitioner.id, { identity, place });
    }
  }
  const staffed = new Set([...doctors.values()].map(({ place }) => place));
  const unstaffed = hospitals.filter(({ number }) => !staffed.has(number));
  const attending = unstaffed.map(({ number }) => ({
    identity: { system: "urn:healthchain:attending-physician", value: `institution ${number}` },
    place: number,
  }));
  const all = [...doctors.values(), ...attending];
  await together(all, ({ identity, place }) => center.certifyDoctor(identity, place));
  return all.length;
}

/** What a medical database has to know of the chain. */
export async function chainOptionsOf({ contracts, provider }: Chain): Promise<ChainOptions> {
  const addresses = {
    accountCenter: await contracts.accountCenter.getAddress(),
    recordRegistry: await contracts.recordRegistry.getAddress(),
    consentRegistry: await contracts.consentRegistry.getAddress(),
    dataMarket: await contracts.dataMarket.getAddress(),
  };
  return { provider, addresses };
}

async function startDatabases(
  hospitals: readonly Hospital[],
  chain: Chain,
  center: DemoAccountCenter,
  folder: string,
): Promise<RunningDatabase> {
  const institutions = hospitals.map(({ number, name, identity }) => ({
    number,
    name,
    organization: identity,
    file: join(folder, `institution-${number}.sqlite`),
    kek: randomBytes(32),
  }));
  return startDatabase({
    port: 0,
    institutions,
    chain: await chainOptionsOf(chain),
    walletDirectory: center,
    clock: () => chain.clock.now(),
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
