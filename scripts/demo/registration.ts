import { sendBundle } from "../../database/client/ingest.js";
import { DatabaseSession } from "../../database/client/session.js";
import { fetchRequest, fetchSignedRequest, signWaiting, waitingRequests } from "../../database/client/signing.js";
import { isSameIdentity } from "../../src/accounts/index.js";
import { shuffleAcross } from "../../src/records/fanOut.js";
import { registerBatch, registerRecord } from "../../src/records/register.js";
import type { SigningRequest } from "../../src/records/signingRequest.js";
import { type SignedRequest, signBatch } from "../../src/records/signRecord.js";
import type { Certified } from "./accountCenter.js";
import type { Consortium, Hospital } from "./consortium.js";
import type { Input } from "./input.js";
import type { FileRemark } from "./report.js";
import { together } from "./together.js";

/** A record that stands on chain, with what the scenes need of it. */
export interface RegisteredRecord {
  readonly id: string;
  readonly hospital: Hospital;
  readonly doctor: Certified;
  readonly request: SigningRequest;
  /** Patient's and doctor's; none for a record of a batch. */
  readonly signatures?: { readonly patient: string; readonly doctor: string };
}

/** A request that waits at a hospital. */
interface Waiting {
  readonly hospital: Hospital;
  readonly request: SigningRequest;
}

type Say = (line: string) => void;

/** Sends every bundle to every institution that it names; each keeps its own encounters. In random order: a patient's visits stay apart. */
export async function ingestAll(consortium: Consortium, input: Input, say: Say): Promise<FileRemark[]> {
  const { hospitals } = consortium;
  const sessions = new Sessions(consortium);
  const deliveries = input.patients.map(({ file, bytes, documents }) => {
    const providers = documents.documents.flatMap(({ serviceProvider }) => serviceProvider?.identifiers ?? []);
    const named = hospitals.filter(({ identity }) => providers.some((one) => isSameIdentity(one, identity)));
    return named.map((hospital) => ({ file, bytes, hospital }));
  });
  const refused: FileRemark[] = [];
  const shuffled = shuffleAcross(deliveries);
  for (const [done, { file, bytes, hospital }] of shuffled.entries()) {
    try {
      await sendBundle(await sessions.of(hospital), bytes);
    } catch (error) {
      refused.push({ file, reason: `${hospital.name}: ${error instanceof Error ? error.message : error}` });
    }
    if ((done + 1) % 10 === 0 || done + 1 === shuffled.length)
      say(`ingested ${done + 1} of ${shuffled.length} deliveries`);
  }
  return refused;
}

/** Runs with each record that both have signed, before its institution registers it. */
export type BeforeRegistration = (signed: SignedRequest, hospital: Hospital) => Promise<void>;

/**
 * Has every waiting record checked and signed by its doctor and its patient, each with a session of their own, and registered by its
 * institution. One institution brings up to `backfill` of its records in as a batch that only the doctor signs.
 */
export async function registerAll(
  consortium: Consortium,
  backfill: number,
  before: BeforeRegistration,
  say: Say,
): Promise<RegisteredRecord[]> {
  let waiting = await waitingAtDoctors(consortium);
  const batch = batchOf(consortium, waiting, backfill);
  const records: RegisteredRecord[] = await registerAsBatch(consortium, batch);
  const sessions = new Sessions(consortium);
  const register = async ({ hospital, request }: Waiting): Promise<RegisteredRecord> => {
    await signAsBoth(consortium, hospital, request);
    const signed = await fetchSignedRequest(await sessions.of(hospital), request.id);
    await before(signed, hospital);
    await registerRecord(consortium.contracts.recordRegistry.connect(hospital.signer), signed);
    const doctor = consortium.center.doctorOf(request.header.doctor);
    return { id: request.id, hospital, doctor, request, signatures: signed.signatures };
  };
  // A database lists a hundred at once.
  for (; waiting.length > 0; waiting = await waitingAtDoctors(consortium)) {
    const others = waiting.filter((one) => !batch.includes(one));
    const known = records.length;
    const progress = (count: number) => say(`registered ${known + count} records`);
    records.push(...(await together(shuffleAcross([others]), register, progress)));
  }
  return records;
}

/** The institutions' own sessions at their databases, each opened when it is first needed. */
class Sessions {
  readonly #consortium: Consortium;
  readonly #open = new Map<number, Promise<DatabaseSession>>();

  constructor(consortium: Consortium) {
    this.#consortium = consortium;
  }

  of(hospital: Hospital): Promise<DatabaseSession> {
    const session = this.#open.get(hospital.number) ?? logIn(this.#consortium, hospital, hospital);
    this.#open.set(hospital.number, session);
    return session;
  }
}

/** Logs a wallet in at a hospital. */
export function logIn(
  { service, chainId, clock }: Consortium,
  hospital: Hospital,
  { signer }: Pick<Certified, "signer">,
  purpose: "TREAT" | "PATRQT" = "TREAT",
): Promise<DatabaseSession> {
  const { url } = service;
  return DatabaseSession.open({
    url,
    institution: hospital.number,
    signer,
    purpose,
    chainId,
    clock: () => clock.now(),
  });
}

async function waitingAtDoctors(consortium: Consortium): Promise<Waiting[]> {
  const waiting: Waiting[] = [];
  for (const hospital of consortium.hospitals) {
    for (const doctor of consortium.center.doctorsOf(hospital.number)) {
      const session = await logIn(consortium, hospital, doctor);
      for (const { id } of await waitingRequests(session)) {
        waiting.push({ hospital, request: await fetchRequest(session, id) });
      }
    }
  }
  return waiting;
}

/** Records that one doctor can sign together, of different patients: a batch shows that its records came together. */
function batchOf({ center }: Consortium, waiting: readonly Waiting[], size: number): Waiting[] {
  const owners = center.owners();
  let best: Waiting[] = [];
  for (const first of waiting) {
    const alike = waiting.filter(
      ({ hospital, request }) =>
        hospital === first.hospital &&
        request.header.doctor === first.request.header.doctor &&
        request.deadline === first.request.deadline,
    );
    const ofPatients = new Map(alike.map((one) => [owners.get(one.request.header.patient), one]));
    // Not all of a hospital's: the scenes need records of both kinds.
    const batch = alike.length > ofPatients.size || ofPatients.size > size ? [...ofPatients.values()] : [];
    if (Math.min(batch.length, size) > best.length) best = batch.slice(0, size);
  }
  // The scenes need two records that doctor and patient sign.
  return best.length === 0 && waiting.length > 2 ? waiting.slice(0, 1) : best;
}

async function registerAsBatch(consortium: Consortium, batch: readonly Waiting[]): Promise<RegisteredRecord[]> {
  const [first] = batch;
  if (first === undefined) return [];
  const doctor = consortium.center.doctorOf(first.request.header.doctor);
  const now = consortium.clock.now();
  const signed = await signBatch(
    batch.map(({ request }) => request),
    doctor.signer,
    { now },
  );
  await registerBatch(consortium.contracts.recordRegistry.connect(first.hospital.signer), signed);
  return batch.map(({ hospital, request }) => ({ id: request.id, hospital, doctor, request }));
}

async function signAsBoth(consortium: Consortium, hospital: Hospital, { id, header }: SigningRequest): Promise<void> {
  const { center, clock, provider } = consortium;
  const patient = center.patientSigner(header.patient, provider);
  for (const signer of [patient, center.doctorOf(header.doctor).signer]) {
    const session = await logIn(consortium, hospital, { signer }, signer === patient ? "PATRQT" : "TREAT");
    await signWaiting(session, id, signer, { now: clock.now() });
  }
}
