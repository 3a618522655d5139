import type { BlockCertifier } from "../../types/ethers-contracts/index.js";
import { domainOf } from "../eip712.js";
import { type Mined, mined } from "../transaction.js";
import { type Evidence, requireSigned } from "./evidence.js";
import { receiptEvent } from "./receiptEvent.js";
import type { Proposal, Signed, Vote } from "./statement.js";

/** A validator that was slashed. */
export interface Slashed extends Mined {
  /** Checksummed address of the validator. */
  readonly validator: string;
  /** Its institution's number. */
  readonly candidate: number;
}

/** A contradiction between two validators that is on record. */
export interface Disputed extends Mined {
  /** Its number: 32 bytes in hex. */
  readonly dispute: string;
}

/**
 * Gives evidence to the certifier, once its signatures are checked. Anyone may.
 *
 * @throws {InvalidEvidence} if a signature is not its signer's; {@link DomainRefused}; {@link ChainError} as below.
 */
export async function reportEvidence(certifier: BlockCertifier, evidence: Evidence): Promise<Slashed | Disputed> {
  requireSigned(await domainOf(certifier), evidence);
  switch (evidence.kind) {
    case "doubleVote":
      return reportEquivocation(certifier, evidence.first, evidence.second);
    case "doubleProposal":
      return reportDoubleProposal(certifier, evidence.first, evidence.second);
    case "dispute":
      return recordDispute(certifier, evidence.first, evidence.second);
  }
}

/**
 * Proves that a validator signed two different votes of one round and phase; it is slashed, once.
 *
 * @throws {ChainError} if the certifier refuses: no evidence, no validator of that epoch, too long ago, slashed already.
 */
export async function reportEquivocation(
  certifier: BlockCertifier,
  first: Signed<Vote>,
  second: Signed<Vote>,
): Promise<Slashed> {
  return slashed(certifier, await mined(certifier, () => certifier.reportEquivocation(voteOf(first), voteOf(second))));
}

/**
 * Proves that a leader signed two different proposals of one round; it is slashed, once.
 *
 * @throws {ChainError} if the certifier refuses: no evidence, no validator of that epoch, too long ago, slashed already.
 */
export async function reportDoubleProposal(
  certifier: BlockCertifier,
  first: Signed<Proposal>,
  second: Signed<Proposal>,
): Promise<Slashed> {
  const report = () => certifier.reportDoubleProposal(proposalOf(first), proposalOf(second));
  return slashed(certifier, await mined(certifier, report));
}

/**
 * Puts two validators' different verdicts of one round on record, for the auditors.
 *
 * @throws {ChainError} if the certifier refuses: no such verdicts, no validators of that epoch, on record already.
 */
export async function recordDispute(
  certifier: BlockCertifier,
  first: Signed<Vote>,
  second: Signed<Vote>,
): Promise<Disputed> {
  const { receipt } = await mined(certifier, () => certifier.recordDispute(voteOf(first), voteOf(second)));
  const { args } = await receiptEvent(certifier, receipt, "DisputeRecorded");
  return { dispute: String(args.dispute), receipt };
}

async function slashed(certifier: BlockCertifier, { receipt }: Mined): Promise<Slashed> {
  const { args } = await receiptEvent(certifier, receipt, "EquivocationProven");
  return { validator: String(args.validator), candidate: Number(args.candidate), receipt };
}

function voteOf({ statement, signature }: Signed<Vote>) {
  return { vote: { ...statement }, signature };
}

function proposalOf({ statement, signature }: Signed<Proposal>) {
  return { proposal: { ...statement }, signature };
}
