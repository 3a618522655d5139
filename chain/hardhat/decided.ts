import { isHexString } from "ethers";
import { checksummed } from "../../src/accounts/index.js";
import { Phase, type Signed, type Vote } from "../../src/consensus/statement.js";
import type { Value } from "../../src/consensus/value.js";
import { type Block, BlockMalformed, readBlock } from "./block.js";

/** The comparisons that decided a block, without what they have in common with it. */
export interface Certificate {
  /** Number of the epoch whose validators decided. */
  readonly epoch: number;
  /** Round of the comparisons. */
  readonly round: number;
  readonly signatures: readonly CertificateSignature[];
}

export interface CertificateSignature {
  /** Checksummed address of the validator. */
  readonly signer: string;
  /** 65 bytes in hex. */
  readonly signature: string;
}

/** A block that is final, and the proof. */
export interface DecidedBlock {
  readonly block: Block;
  readonly certificate: Certificate;
}

/** A validator's set has no more seats. */
const MAX_SIGNATURES = 128;
const UINT32 = 2 ** 32 - 1;

/** The certificate that comparisons of one round for one value make. */
export function certificateOf(comparisons: readonly Signed<Vote>[]): Certificate {
  const { epoch, round } = comparisons[0]?.statement ?? { epoch: 0, round: 0 };
  return { epoch, round, signatures: comparisons.map(({ signer, signature }) => ({ signer, signature })) };
}

/** The comparisons that a certificate is made of. */
export function comparisonsIn({ epoch, round, signatures }: Certificate, height: number, value: Value): Signed<Vote>[] {
  const statement: Vote = { epoch, height, round, phase: Phase.Comparison, ...value };
  return signatures.map(({ signer, signature }) => ({ statement, signer, signature }));
}

/**
 * A decided block from JSON that nobody has checked. Whether it is decided, its signatures say.
 *
 * @throws {BlockMalformed} naming the field at fault.
 */
export function readDecidedBlock(json: unknown): DecidedBlock {
  const { block, certificate } = fieldsOf(json);
  return { block: readBlock(block), certificate: readCertificate(certificate) };
}

function readCertificate(json: unknown): Certificate {
  const { epoch, round, signatures } = fieldsOf(json);
  if (!Array.isArray(signatures) || signatures.length > MAX_SIGNATURES) {
    throw new BlockMalformed("certificate", `a list of at most ${MAX_SIGNATURES} signatures`);
  }
  return { epoch: readUint32(epoch), round: readUint32(round), signatures: signatures.map(readSignature) };
}

function readUint32(value: unknown): number {
  const isNumber = typeof value === "number" && Number.isSafeInteger(value) && value >= 0 && value <= UINT32;
  if (!isNumber) throw new BlockMalformed("certificate", "of an epoch and a round");
  return value;
}

function readSignature(json: unknown): CertificateSignature {
  const { signer, signature } = fieldsOf(json);
  if (!isHexString(signature, 65)) throw new BlockMalformed("certificate", "of signatures of 65 bytes");
  try {
    return { signer: checksummed(String(signer), "signer"), signature: signature.toLowerCase() };
  } catch {
    throw new BlockMalformed("certificate", "of signers with addresses");
  }
}

function fieldsOf(json: unknown): Readonly<Record<string, unknown>> {
  return typeof json === "object" && json !== null ? (json as Record<string, unknown>) : {};
}
