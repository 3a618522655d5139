import type { Proposal, Signed, Vote } from "../../../src/consensus/statement.js";
import { isSignedByItsSigner } from "../../../src/consensus/vote.js";
import type { TypedDomain } from "../../../src/eip712.js";

/** Signatures of the last few heights of a network of 128. */
const REMEMBERED = 4_096;

/**
 * Checks who signed a statement, each statement once: votes come again and again while a height is undecided, and to check
 * one costs about as much as all else that is done with it.
 */
export class SignatureCheck {
  readonly #domain: TypedDomain;
  readonly #results = new Map<string, boolean>();

  constructor(domain: TypedDomain) {
    this.#domain = domain;
  }

  /** Whether its signer made this statement. */
  isGenuine(signed: Signed<Vote> | Signed<Proposal>): boolean {
    const key = JSON.stringify([signed.signature, signed.signer, signed.statement]);
    const known = this.#results.get(key);
    if (known !== undefined) return known;
    const result = isSignedByItsSigner(this.#domain, signed);
    this.#remember(key, result);
    return result;
  }

  /** Takes a statement for genuine that this process signed itself. */
  trust(signed: Signed<Vote> | Signed<Proposal>): void {
    this.#remember(JSON.stringify([signed.signature, signed.signer, signed.statement]), true);
  }

  #remember(key: string, result: boolean): void {
    const [oldest] = this.#results.keys();
    if (this.#results.size >= REMEMBERED && oldest !== undefined) this.#results.delete(oldest);
    this.#results.set(key, result);
  }
}
