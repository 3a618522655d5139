import { randomInt } from "node:crypto";
import type { Signer } from "ethers";
import type { ConsentRegistry } from "../../types/ethers-contracts/index.js";
import { domainOf } from "../eip712.js";
import type { Mined } from "../transaction.js";
import { dayCeil } from "../utcDay.js";
import { submitConsent } from "./consent.js";
import { type Signed, type SignedConsent, signConsent } from "./consentSignatures.js";
import { allRecords, type Recipient, type Scope, ScopeKind } from "./grant.js";
import { type TermsRequest, termsOf } from "./terms.js";

/** What a patient with many wallets grants. Its times are rounded to whole UTC days, without exception. */
export interface FanOutRequest extends Omit<TermsRequest, "exact"> {
  readonly recipient: Recipient;
  /** All of each wallet's records by default; or one class. */
  readonly scope?: Scope;
  /** Until when the signatures may be submitted; rounded up. */
  readonly deadline: Date;
}

/** What became of one statement: its transaction, or why there is none. */
export type Relayed<Statement extends SignedConsent = SignedConsent> =
  | ({ readonly signed: Statement } & Mined)
  | { readonly signed: Statement; readonly error: unknown };

/** One record is one wallet's: there is nothing to fan out. */
export class NothingToFanOut extends Error {
  override readonly name = "NothingToFanOut";

  constructor() {
    super("One record belongs to one wallet: sign that grant alone, or give all records or a class of them.");
  }
}

/**
 * A patient's "everything to X", signed once by each of the patient's wallets. Nothing in the grants tells that they belong
 * together if they are submitted apart: see {@link shuffleAcross} and {@link relayConsents}.
 *
 * Reads each wallet's nonce, and so shows the node that they are asked for together: use a node that the patient trusts.
 *
 * @throws {NothingToFanOut}, {@link InvalidTerms}, {@link InvalidDate}.
 */
export async function fanOutGrant(
  registry: ConsentRegistry,
  wallets: readonly Signer[],
  { recipient, scope = allRecords(), deadline, ...request }: FanOutRequest,
): Promise<Signed<"Grant">[]> {
  if (scope.kind === ScopeKind.OneRecord) throw new NothingToFanOut();
  const terms = termsOf({ ...request, exact: false });
  const lastSecond = dayCeil(deadline);
  const domain = await domainOf(registry);
  return Promise.all(
    wallets.map(async (wallet) => {
      const nonce = await registry.consentNonce(await wallet.getAddress());
      return signConsent(wallet, domain, "Grant", { scope, recipient, terms, nonce, deadline: lastSecond });
    }),
  );
}

/**
 * The statements of several patients in one random order. Every order is equally likely, so that it says nothing about
 * which belong together; a rule such as "never two of one patient in a row" would say something.
 *
 * @param patients each patient's statements.
 * @param random a random whole number from 0, below its argument; the operating system's by default.
 */
export function shuffleAcross<Statement>(
  patients: readonly (readonly Statement[])[],
  random: (below: number) => number = (below) => randomInt(below),
): Statement[] {
  // Fisher and Yates's shuffle: each statement goes to a random place among those before it.
  const shuffled: Statement[] = [];
  for (const statement of patients.flat()) {
    const place = random(shuffled.length + 1);
    const moved = shuffled[place];
    if (moved !== undefined) shuffled.push(moved);
    shuffled[place] = statement;
  }
  return shuffled;
}

/**
 * Submits statements in their order, each in a transaction of its own, by anyone: the registry's runner pays the gas. One
 * that the registry refuses does not hold up the others.
 */
export async function relayConsents<Statement extends SignedConsent>(
  registry: ConsentRegistry,
  statements: readonly Statement[],
): Promise<Relayed<Statement>[]> {
  const results: Relayed<Statement>[] = [];
  for (const signed of statements) {
    try {
      results.push({ signed, ...(await submitConsent(registry, signed)) });
    } catch (error) {
      results.push({ signed, error });
    }
  }
  return results;
}
