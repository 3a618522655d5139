import { ZeroHash } from "ethers";
import type { TypedDomain } from "../eip712.js";
import { readSignedProposal, readSignedVote } from "./readStatement.js";
import { Phase, type Proposal, type Signed, type Statement, type Vote } from "./statement.js";
import { sameValue } from "./value.js";
import { isSignedByItsSigner } from "./vote.js";

/** Two statements that should not both exist. */
export type Evidence =
  /** One validator voted for two things in one round and phase: it is slashed. */
  | { readonly kind: "doubleVote"; readonly first: Signed<Vote>; readonly second: Signed<Vote> }
  /** One leader proposed two things in one round: it is slashed. */
  | { readonly kind: "doubleProposal"; readonly first: Signed<Proposal>; readonly second: Signed<Proposal> }
  /** Two validators found different results for one round: the auditors have to see why. */
  | { readonly kind: "dispute"; readonly first: Signed<Vote>; readonly second: Signed<Vote> };

/** The two statements prove nothing. */
export class InvalidEvidence extends Error {
  override readonly name = "InvalidEvidence";

  constructor(reason: string) {
    super(
      `This is no evidence: ${reason}. Give two signed statements about one height and round that contradict each other.`,
    );
  }
}

/**
 * Evidence from JSON that nobody has checked, `{ first, second }` of signed votes or signed proposals: well-formed, and
 * contradictory by its content. Whether its signers made it, {@link requireSigned} says.
 *
 * @param json what `JSON.parse` gave.
 * @throws {InvalidEvidence} or {@link StatementInvalid}.
 */
export function readEvidence(json: unknown): Evidence {
  const { first, second } = pairIn(json);
  const [isVote, isOtherVote] = [first, second].map((signed) => "phase" in statementIn(signed));
  if (isVote !== isOtherVote) throw new InvalidEvidence("a vote and a proposal do not contradict each other");
  return isVote
    ? votes(readSignedVote(first), readSignedVote(second))
    : proposals(readSignedProposal(first), readSignedProposal(second));
}

/**
 * Checks that both statements were signed in this domain by whom they name.
 *
 * @param domain that of the `BlockCertifier`, as `domainOf` reads it.
 * @throws {InvalidEvidence}
 */
export function requireSigned(domain: TypedDomain, { first, second }: Evidence): void {
  for (const signed of [first, second]) {
    if (isSignedByItsSigner(domain, signed)) continue;
    throw new InvalidEvidence(`a signature is not ${signed.signer}'s for this chain and this BlockCertifier`);
  }
}

function votes(first: Signed<Vote>, second: Signed<Vote>): Evidence {
  const { statement: one } = first;
  const { statement: other } = second;
  if (!isSameRound(one, other) || one.phase !== other.phase) {
    throw new InvalidEvidence("the votes are not of one epoch, height, round and phase");
  }
  if (sameValue(one, other)) throw new InvalidEvidence("both votes say the same");
  if (first.signer === second.signer) return { kind: "doubleVote", first, second };
  const areVerdicts = one.phase === Phase.Verdict && one.blockHash !== ZeroHash && other.blockHash !== ZeroHash;
  if (!areVerdicts) throw new InvalidEvidence("of two validators, only verdicts for two blocks contradict each other");
  return { kind: "dispute", first, second };
}

function proposals(first: Signed<Proposal>, second: Signed<Proposal>): Evidence {
  const { statement: one } = first;
  const { statement: other } = second;
  if (!isSameRound(one, other)) throw new InvalidEvidence("the proposals are not of one epoch, height and round");
  if (first.signer !== second.signer) throw new InvalidEvidence("the proposals are of two leaders");
  if (sameValue(one, other) && one.validRound === other.validRound) {
    throw new InvalidEvidence("both proposals say the same");
  }
  return { kind: "doubleProposal", first, second };
}

function isSameRound(one: Statement, other: Statement): boolean {
  return one.epoch === other.epoch && one.height === other.height && one.round === other.round;
}

function pairIn(json: unknown): { readonly first: unknown; readonly second: unknown } {
  if (typeof json === "object" && json !== null && "first" in json && "second" in json) return json;
  throw new InvalidEvidence("it has not the members first and second");
}

function statementIn(signed: unknown): object {
  const hasStatement = typeof signed === "object" && signed !== null && "statement" in signed;
  const statement = hasStatement ? signed.statement : undefined;
  if (typeof statement !== "object" || statement === null) throw new InvalidEvidence("a statement is missing");
  return statement;
}
