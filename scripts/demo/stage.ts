import { DatabaseRefused } from "../../database/client/session.js";
import { DatabaseReader, type SectionCheck, type VerifiedRecord } from "../../database/reader.js";
import { ChainError } from "../../src/chainError.js";
import { submitConsent } from "../../src/records/consent.js";
import {
  type ConsentKind,
  type ConsentMessages,
  consentDomain,
  type SignedConsent,
  signConsent,
} from "../../src/records/consentSignatures.js";
import type { PurposeOfUseCode } from "../../src/records/purposeOfUse.js";
import { DAY } from "../../src/utcDay.js";
import type { Certified } from "./accountCenter.js";
import { type Consortium, type Hospital, othersThan } from "./consortium.js";
import { identityOf, keyOf } from "./identity.js";
import type { Input } from "./input.js";
import type { RegisteredRecord } from "./registration.js";
import { type MarketReport, type Scene, sceneStory } from "./report.js";

/** What an act comes to: in a word, and in words. */
export type Outcome = string | { readonly got: string; readonly reason: string };

/** What of the scenes is not as usual. */
export interface StageOptions {
  /** The readers' and buyers' proof check; anything but the default is for showing what happens without it. */
  readonly check?: SectionCheck;
  /** Runs when records are ordered and before they are delivered; for showing what happens when a database is another. */
  readonly beforeDelivery?: (ordered: readonly RegisteredRecord[], consortium: Consortium) => Promise<void>;
}

/** How many patients the longest scene wants. */
const enoughPatients = 5;

/** Where the scenes are played: plays each, compares, and keeps the result. */
export class Stage {
  readonly consortium: Consortium;
  readonly input: Input;
  readonly records: readonly RegisteredRecord[];
  readonly options: StageOptions;
  readonly scenes: Scene[] = [];
  /** What was traded, once it was. */
  market: MarketReport | undefined;
  readonly #say: (line: string) => void;

  constructor(
    consortium: Consortium,
    input: Input,
    records: readonly RegisteredRecord[],
    say: (line: string) => void,
    options: StageOptions = {},
  ) {
    this.consortium = consortium;
    this.input = input;
    this.records = records;
    this.#say = say;
    this.options = options;
  }

  /** Plays one scene. An error is an outcome too: it goes by the decision or the name that it carries. */
  async play(name: string, expected: string, act: () => Promise<Outcome>): Promise<void> {
    const outcome = await act().catch(outcomeOf);
    const { got, reason } = typeof outcome === "string" ? { got: outcome, reason: "" } : outcome;
    const scene = { name, expected, got, reason };
    this.scenes.push(scene);
    this.#say(sceneStory(scene));
  }

  /** Logs somebody in at the hospital that keeps `record`, as a reader who checks everything. */
  reader(
    who: Pick<Certified, "signer">,
    { hospital }: RegisteredRecord,
    purpose: PurposeOfUseCode,
  ): Promise<DatabaseReader> {
    const { service, chainId, clock, contracts } = this.consortium;
    const { url } = service;
    const session = {
      url,
      institution: hospital.number,
      signer: who.signer,
      purpose,
      chainId,
      clock: () => clock.now(),
    };
    return DatabaseReader.open(session, contracts.recordRegistry, this.options.check);
  }

  /** The signer of the patient's wallet that a record belongs to. */
  patientOf({ request }: RegisteredRecord) {
    return this.consortium.center.patientSigner(request.header.patient, this.consortium.provider);
  }

  /** Has a record's patient sign a statement about one grant or the opt-out. It is not sent. */
  async sign<Kind extends Exclude<ConsentKind, "RevocationOfAll">>(
    record: RegisteredRecord,
    kind: Kind,
    message: Omit<ConsentMessages[Kind], "patient" | "nonce" | "deadline">,
  ) {
    const { contracts, chainId } = this.consortium;
    const signer = this.patientOf(record);
    const domain = consentDomain(chainId, await contracts.consentRegistry.getAddress());
    const nonce = await contracts.consentRegistry.consentNonce(signer.address);
    const deadline = this.today() + 120 * DAY;
    const statement = { ...message, nonce, deadline } as Omit<ConsentMessages[Kind], "patient">;
    return signConsent(signer, domain, kind, statement);
  }

  /** Has a record's patient sign a statement, and a relayer send it. */
  async consent<Kind extends Exclude<ConsentKind, "RevocationOfAll">>(
    record: RegisteredRecord,
    kind: Kind,
    message: Omit<ConsentMessages[Kind], "patient" | "nonce" | "deadline">,
  ) {
    return submitConsent(
      this.consortium.contracts.consentRegistry,
      (await this.sign(record, kind, message)) as SignedConsent,
    );
  }

  /** Start of the chain's day, in seconds. */
  today(): number {
    const now = this.consortium.clock.seconds();
    return now - (now % DAY);
  }

  /** The patient's file that a record came from. */
  fileOf({ request }: RegisteredRecord) {
    const owner = this.consortium.center.owners().get(request.header.patient);
    return this.input.patients.find(({ documents }) =>
      documents.documents.some(({ patient }) => {
        const identity = identityOf(patient.identifiers);
        return identity !== undefined && keyOf(identity) === owner;
      }),
    );
  }

  /**
   * One signed record of each patient, the one of most classes: scenes played with two of a patient's wallets would show that they belong
   * together. Patients whose record came in a batch are left out while enough others remain.
   */
  onePerPatient(): RegisteredRecord[] {
    const ownerOf = ({ request }: RegisteredRecord) => this.consortium.center.owners().get(request.header.patient);
    const chosen = new Map<string | undefined, RegisteredRecord>();
    for (const record of this.records.filter(({ signatures }) => signatures !== undefined)) {
      const best = chosen.get(ownerOf(record));
      if (!best || classesOf(record).size > classesOf(best).size) chosen.set(ownerOf(record), record);
    }
    const inBatch = new Set(this.records.filter(({ signatures }) => signatures === undefined).map(ownerOf));
    const others = [...chosen].filter(([owner]) => !inBatch.has(owner)).map(([, record]) => record);
    return others.length >= enoughPatients ? others : [...chosen.values()];
  }

  /** The record of most classes: the one on which a choice of classes shows best. */
  exemplary(): RegisteredRecord {
    const [first, ...others] = this.onePerPatient();
    if (!first) throw new Error("The scenes need a record that doctor and patient signed.");
    return others.reduce((best, one) => (classesOf(one).size > classesOf(best).size ? one : best), first);
  }

  /** Doctors who work elsewhere than where `record` is kept; there is at least one. */
  foreignDoctors(record: RegisteredRecord): { doctor: Certified; hospital: Hospital }[] {
    const { center } = this.consortium;
    return othersThan(record.hospital, this.consortium).flatMap((hospital) =>
      center.doctorsOf(hospital.number).map((doctor) => ({ doctor, hospital })),
    );
  }
}

/** The classes of a record's sections. */
function classesOf({ request }: RegisteredRecord): Set<number> {
  return new Set(request.sections.map(({ dataClass }) => dataClass));
}

/** What was served, in a word: everything of the record or a part. */
export function servedOf({ request }: RegisteredRecord, { sections }: VerifiedRecord): Outcome {
  const reason = `${sections.length} of ${request.sections.length} sections, each proved`;
  return { got: "served", reason };
}

/** An error by the decision on chain, the contract's error, or its own name. */
export function outcomeOf(error: unknown): Outcome {
  const reason = error instanceof Error ? error.message : String(error);
  if (error instanceof ChainError) return { got: error.errorName, reason };
  if (error instanceof DatabaseRefused) {
    return { got: error.decision ?? error.code, reason };
  }
  return { got: error instanceof Error ? error.name : "error", reason };
}
