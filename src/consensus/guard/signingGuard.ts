import type { Proposal, Signed, Vote } from "../statement.js";
import type { Value } from "../value.js";

/** The value on which a validator is locked: what it last compared to something else than nil, in its present height. */
export interface SigningLock {
  readonly height: number;
  readonly round: number;
  readonly value: Value;
}

/**
 * Signs a validator's statements, and never two that contradict each other, whatever happens to the process: what it
 * signed is where a restart finds it before the signature leaves.
 */
export interface SigningGuard {
  /** Checksummed address of the validator. */
  readonly signer: string;

  /**
   * Signs a proposal; the very same one again gives the same signature.
   *
   * @throws {AlreadySigned} if something else was signed for this step or a later one: nothing is signed then.
   */
  signProposal(proposal: Proposal): Promise<Signed<Proposal>>;

  /**
   * Signs a vote; the very same one again gives the same signature. A comparison with a value becomes the lock.
   *
   * @throws {AlreadySigned} if something else was signed for this step or a later one: nothing is signed then.
   */
  signVote(vote: Vote): Promise<Signed<Vote>>;

  /** The lock, which a restarted validator must give to its machine if it is of the machine's height. */
  lock(): SigningLock | undefined;
}
