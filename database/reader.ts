import { LeafKind, verifyServedSection } from "../src/records/index.js";
import type { RecordRegistry } from "../types/ethers-contracts/index.js";
import { DatabaseSession, type SessionOptions } from "./client/session.js";
import { decodeProofHeader, LEAF_NAMES, type LeafName, PROOF_HEADER } from "./proofExtensions.js";
import { fhirIdOf } from "./recordBundle.js";
import {
  claimedId,
  requireOnChain,
  type SectionCheck,
  type VerifiedRecord,
  type VerifiedSection,
  verifyRecordBundle,
  verifySection,
} from "./verifyBundle.js";

export type { SectionCheck, VerifiedRecord, VerifiedSection };

/** What is asked for beside the record or resource. */
export interface ReadOptions {
  /** By default what the purpose allows: de-identified for research and the market, else full. */
  readonly leaf?: LeafName;
}

/** Thrown when another resource or form was served than the one that was asked for. */
export class OtherResourceServed extends Error {
  override readonly name = "OtherResourceServed";

  constructor(asked: string) {
    super(`Do not use this answer: it is not ${asked}`);
  }
}

/**
 * Reads records and believes nothing: every section that is served has to be, byte for byte, the one that doctor and patient signed into
 * a record that the chain knows.
 */
export class DatabaseReader {
  readonly #session: DatabaseSession;
  readonly #registry: RecordRegistry;
  readonly #check: SectionCheck;

  private constructor(session: DatabaseSession, registry: RecordRegistry, check: SectionCheck) {
    this.#session = session;
    this.#registry = registry;
    this.#check = check;
  }

  /**
   * Logs a wallet in for one purpose.
   *
   * @param registry the registry that the reader trusts, connected to a node that the reader trusts
   * @param check the proof check; anything but the default is for showing what happens without it
   * @throws DatabaseRefused, NotAMedicalDatabase, AnswerStalled
   */
  static async open(
    options: SessionOptions,
    registry: RecordRegistry,
    check: SectionCheck = verifyServedSection,
  ): Promise<DatabaseReader> {
    return new DatabaseReader(await DatabaseSession.open(options), registry, check);
  }

  /**
   * Reads what the wallet may see of a record.
   *
   * @param recordId 32 bytes in hex
   * @throws DatabaseRefused, NotAMedicalDatabase, AnswerStalled, OtherResourceServed, and what `verifyRecordBundle` throws
   */
  async readRecord(recordId: string, { leaf }: ReadOptions = {}): Promise<VerifiedRecord> {
    const query = leaf === undefined ? "" : `?_leaf=${leaf}`;
    const { bytes } = await this.#session.get(`/Bundle/${fhirIdOf(recordId)}${query}`);
    const record = await verifyRecordBundle(bytes, this.#registry, { recordId, check: this.#check });
    for (const section of record.sections) requireLeaf(section, leaf);
    return record;
  }

  /**
   * Reads one resource.
   *
   * @param recordId the record that it stands in; needed where there are several, and for people, organizations and places
   * @throws DatabaseRefused, NotAMedicalDatabase, AnswerStalled, OtherResourceServed, ProofMalformed, RecordNotOnChain, RecordMismatch, SectionTampered
   */
  async readSection(
    resourceType: string,
    id: string,
    { leaf, recordId }: ReadOptions & { readonly recordId?: string } = {},
  ): Promise<VerifiedSection> {
    const query = new URLSearchParams();
    if (leaf !== undefined) query.set("_leaf", leaf);
    if (recordId !== undefined) query.set("_record", fhirIdOf(recordId));
    const { bytes, headers } = await this.#session.get(`/${resourceType}/${id}?${query}`);
    const proof = decodeProofHeader(headers.get(PROOF_HEADER));
    const record = recordId ?? claimedId(proof);
    await requireOnChain(this.#registry, record);
    const section = verifySection({ ...proof, recordId: record, bytes }, this.#check);
    requireLeaf(section, leaf);
    // A de-identified form has no id: that it is of a record on the chain, and of this type, is all that can be known.
    const { kind, resource } = section;
    const sameId = kind === LeafKind.Deidentified || resource.id === id;
    if (!sameId || resource.resourceType !== resourceType) throw new OtherResourceServed(`${resourceType}/${id}`);
    return section;
  }
}

function requireLeaf({ kind }: VerifiedSection, leaf: LeafName | undefined): void {
  if (leaf !== undefined && kind !== LEAF_NAMES[leaf]) throw new OtherResourceServed(`the ${leaf} form`);
}
