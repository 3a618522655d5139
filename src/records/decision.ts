import type { BlockTag } from "ethers";
import type { ConsentRegistry } from "../../types/ethers-contracts/index.js";
import { blockAt, providerOf } from "../provider.js";
import { PurposeOfUse, type PurposeOfUseCode } from "./purposeOfUse.js";

/** The decisions about an access by number, as `IConsentRegistry.Decision` has them: permits first. */
export const decisionNames = [
  "PermittedByGrant",
  "PermittedToPatient",
  "PermittedToTreatingDoctor",
  "PermittedByBreakGlass",
  "RecordUnknown",
  "RequesterNotCertified",
  "RequesterSuspended",
  "RequesterRevoked",
  "RequesterExpired",
  "RecordNotAccepted",
  "NoConsent",
  "ConsentRevoked",
  "ConsentEnded",
  "ConsentNotStarted",
  "PurposeNotCovered",
  "DataClassNotCovered",
] as const;

export type DecisionName = (typeof decisionNames)[number];

/** Who wants to do what with which section. */
export interface AccessRequest {
  /** 32 bytes in hex. */
  readonly recordId: string;
  /** The requester's wallet. */
  readonly requester: string;
  readonly purpose: PurposeOfUseCode;
  /** Class of the section, 0 to 31. */
  readonly dataClass: number;
}

/** The contract's answer. */
export interface AccessDecision {
  readonly permitted: boolean;
  /** Why, or why not. */
  readonly reason: DecisionName;
  /** The block at which it holds. */
  readonly block: number;
}

/** The contract gave a decision that this library does not know. */
export class DecisionUnknown extends Error {
  override readonly name = "DecisionUnknown";

  constructor(code: bigint) {
    super(`The consent registry answered with decision ${code}, unknown here: update the library to fit the contract.`);
  }
}

/**
 * The name of a decision.
 *
 * @param code 0 to 15.
 * @throws {DecisionUnknown}
 */
export function decisionName(code: bigint): DecisionName {
  const name = decisionNames[Number(code)];
  if (name === undefined) throw new DecisionUnknown(code);
  return name;
}

/**
 * Asks the consent registry whether an access is permitted, and why. Both answers are of the same block, so that a
 * revocation cannot come between them.
 *
 * @param blockTag the newest block by default; a chain without instant finality gives `"finalized"`.
 * @throws {ProviderMissing}, {@link BlockUnknown}, {@link DecisionUnknown}, and what the node throws.
 */
export async function decide(
  registry: ConsentRegistry,
  { recordId, requester, purpose, dataClass }: AccessRequest,
  blockTag: BlockTag = "latest",
): Promise<AccessDecision> {
  const { number: block } = await blockAt(providerOf(registry), blockTag);
  const question = [recordId, requester, PurposeOfUse[purpose], dataClass, { blockTag: block }] as const;
  const [permitted, decision] = await Promise.all([
    registry["isPermitted(bytes32,address,uint8,uint8)"](...question),
    registry.decisionOf(...question),
  ]);
  return { permitted, reason: decisionName(decision), block };
}
