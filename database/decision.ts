import { type DecisionName, decide, decisionNames } from "../src/records/decision.js";
import type { ChainView, FinalBlock } from "./chainView.js";
import type { Session } from "./login.js";

/** Thrown when the chain does not permit an access. */
export class AccessRefused extends Error {
  override readonly name = "AccessRefused";
  readonly decision: DecisionName;

  constructor(decision: DecisionName) {
    super(`Access refused (${decision}): ${REMEDIES[decision] ?? "ask the patient for consent"}`);
    this.decision = decision;
  }
}

const REMEDIES: Partial<Record<DecisionName, string>> = {
  RecordUnknown: "no such record is registered",
  RequesterNotCertified: "have a registrar certify your wallet",
  RequesterSuspended: "ask the registrar to reinstate your certificate",
  RequesterRevoked: "ask the registrar to certify a new wallet",
  RequesterExpired: "have your certificate renewed",
  RecordNotAccepted: "the patient has to accept the record first",
  ConsentRevoked: "the patient revoked the consent; ask for a new one",
  ConsentEnded: "the consent has ended; ask the patient for a new one",
  ConsentNotStarted: "the consent has not begun yet",
  PurposeNotCovered: "the consent is for other purposes; log in for one of them or ask the patient",
  DataClassNotCovered: "the consent is for other classes of data; ask the patient",
};

const OF_STATUS = {
  None: "RequesterNotCertified",
  Suspended: "RequesterSuspended",
  Revoked: "RequesterRevoked",
  Active: "RequesterExpired",
} as const;

/**
 * Checks the requester's certificate. It comes before every question about a record: who is not certified learns nothing, not even
 * whether the record exists.
 *
 * @throws AccessRefused, ChainUnavailable
 */
export async function requireCertified(chain: ChainView, { wallet }: Session, block: FinalBlock): Promise<void> {
  const account = await chain.accountOf(wallet, block);
  if (!account.active) throw new AccessRefused(OF_STATUS[account.status]);
}

/**
 * Asks the consent registry which classes of a record's sections the session may use, all at one block.
 *
 * @param classes classes of the sections that are wanted, 0 to 31
 * @returns the permitted ones, at least one
 * @throws AccessRefused when none is, with the reason closest to a permit; ChainUnavailable
 */
export async function permittedClasses(
  chain: ChainView,
  recordId: string,
  { wallet, purpose }: Session,
  classes: Iterable<number>,
  block: FinalBlock,
): Promise<ReadonlySet<number>> {
  const decisions = await Promise.all(
    [...new Set(classes)].map(async (dataClass) => {
      const request = { recordId, requester: wallet, purpose, dataClass };
      return { dataClass, ...(await chain.ask(decide(chain.consentRegistry, request, block.number))) };
    }),
  );
  const permitted = decisions.filter((decision) => decision.permitted);
  if (permitted.length === 0) throw new AccessRefused(closestOf(decisions.map(({ reason }) => reason)));
  return new Set(permitted.map(({ dataClass }) => dataClass));
}

function closestOf(reasons: readonly DecisionName[]): DecisionName {
  const closest = Math.max(...reasons.map((reason) => decisionNames.indexOf(reason)));
  return decisionNames[closest] ?? "NoConsent";
}
