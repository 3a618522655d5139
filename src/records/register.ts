import { getAddress, ZeroHash } from "ethers";
import type { RecordRegistry } from "../../types/ethers-contracts/index.js";
import { type Mined, mined } from "../transaction.js";
import { packSubject } from "./indexedRecord.js";
import type { SignedWord } from "./recordSignatures.js";
import type { SigningRequest } from "./signingRequest.js";
import type { SignedBatch, SignedRequest } from "./signRecord.js";

/** A record's new standing, with the transaction that gave it. */
export interface Indexed extends Mined {
  /** The record's id. */
  readonly id: string;
}

/** A batch of records that was registered. */
export interface IndexedBatch extends Mined {
  /** Their ids, in order. */
  readonly ids: readonly string[];
}

/** The record was signed for another registry than the one it is sent to. */
export class WrongRegistry extends Error {
  override readonly name = "WrongRegistry";

  constructor(signedFor: string, sentTo: string) {
    super(
      `The record was signed for the registry ${signedFor}, not ${sentTo}: send it there, or have it signed again.`,
    );
  }
}

/**
 * Registers a record that doctor and patient signed; one that supersedes another takes that one's place. The registry's
 * runner is the wallet of the institution that the record names.
 *
 * @throws {WrongRegistry}; {@link ChainError} if the registry refuses.
 */
export async function registerRecord(registry: RecordRegistry, signed: SignedRequest): Promise<Indexed> {
  const { request, signatures } = signed;
  await requireRegistry(registry, request);
  const { header, sectionsRoot, doctorWallet, supersedes, deadline } = request;
  const { patient, recordedAt, dataClass, salt } = header;
  const claim = { patient, recordedAt, dataClass, salt, sectionsRoot };
  const proof = { deadline, ...signatures };
  const send = () =>
    supersedes === ZeroHash
      ? registry.register(claim, doctorWallet, proof)
      : registry.amend(claim, doctorWallet, supersedes, proof);
  return { id: request.id, ...(await mined(registry, send)) };
}

/**
 * Registers earlier records, asserted until their patients speak: all of them or none. The registry's runner is the wallet
 * of the institution that they name.
 *
 * @throws {WrongRegistry}; {@link ChainError} if the registry refuses.
 */
export async function registerBatch(registry: RecordRegistry, batch: SignedBatch): Promise<IndexedBatch> {
  const { requests, signature } = batch;
  const [{ doctorWallet, deadline }] = requests;
  for (const request of requests) await requireRegistry(registry, request);
  const { receipt } = await mined(registry, () =>
    registry.registerBatch(doctorWallet, requests.map(itemOf), deadline, signature),
  );
  return { ids: requests.map(({ id }) => id), receipt };
}

/**
 * Accepts an asserted record. The registry's runner is the patient's wallet.
 *
 * @throws {ChainError} if the registry refuses.
 */
export async function acceptRecord(registry: RecordRegistry, id: string): Promise<Indexed> {
  return { id, ...(await mined(registry, () => registry.accept(id))) };
}

/**
 * Accepts an asserted record by the patient's signature, see `signWord`. The registry's runner may be anyone.
 *
 * @throws {ChainError} if the registry refuses.
 */
export async function acceptRecordBySig(registry: RecordRegistry, word: SignedWord): Promise<Indexed> {
  const { id, deadline, signature } = word;
  return { id, ...(await mined(registry, () => registry.acceptBySig(id, deadline, signature))) };
}

/**
 * Repudiates an asserted record, for good. The registry's runner is the patient's wallet.
 *
 * @throws {ChainError} if the registry refuses.
 */
export async function repudiateRecord(registry: RecordRegistry, id: string): Promise<Indexed> {
  return { id, ...(await mined(registry, () => registry.repudiate(id))) };
}

/**
 * Repudiates an asserted record by the patient's signature, see `signWord`. The registry's runner may be anyone.
 *
 * @throws {ChainError} if the registry refuses.
 */
export async function repudiateRecordBySig(registry: RecordRegistry, word: SignedWord): Promise<Indexed> {
  const { id, deadline, signature } = word;
  return { id, ...(await mined(registry, () => registry.repudiateBySig(id, deadline, signature))) };
}

function itemOf({ header, sectionsRoot }: SigningRequest) {
  return { subject: packSubject(header), salt: header.salt, sectionsRoot };
}

async function requireRegistry(registry: RecordRegistry, { header }: SigningRequest): Promise<void> {
  const address = getAddress(await registry.getAddress());
  if (getAddress(header.registry) !== address) throw new WrongRegistry(header.registry, address);
}
