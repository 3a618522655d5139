import { Signature, type Signer } from "ethers";
import type { MedicalCoin } from "../../types/ethers-contracts/index.js";
import { requireSignedBy, signTyped, type TypedDomain, type TypedStatement, typedDomain } from "../eip712.js";
import { type Mined, mined } from "../transaction.js";

/** An owner lets a spender take coin (ERC-2612). */
export interface PermitMessage {
  readonly owner: string;
  readonly spender: string;
  /** In wei of the coin (18 decimals). */
  readonly value: bigint;
  /** `MedicalCoin.nonces(owner)`. */
  readonly nonce: bigint;
  /** Last second, since 1970, at which the signature counts; a whole day (`dayCeil`) where a patient's wallet signs. */
  readonly deadline: number;
}

/** A permit as {@link submitPermit} takes it. */
export interface SignedPermit {
  readonly permit: PermitMessage;
  readonly signature: string;
}

/** What an owner signs. */
export const permitStatement: TypedStatement<PermitMessage> = {
  primaryType: "Permit",
  types: {
    Permit: [
      { name: "owner", type: "address" },
      { name: "spender", type: "address" },
      { name: "value", type: "uint256" },
      { name: "nonce", type: "uint256" },
      { name: "deadline", type: "uint256" },
    ],
  },
};

/**
 * The domain in which permits of one coin are signed; what `domainOf(medicalCoin)` reads from the chain.
 *
 * @throws {InvalidChainId} or {@link InvalidAddress}.
 */
export function coinDomain(chainId: bigint, medicalCoin: string): TypedDomain {
  return typedDomain("Healthchain Medical Coin", chainId, medicalCoin);
}

/** Signs a permit; `owner` is the signer. Anyone may then {@link submitPermit} it. */
export async function signPermit(
  owner: Signer,
  domain: TypedDomain,
  terms: Omit<PermitMessage, "owner">,
): Promise<SignedPermit> {
  const permit = { ...terms, owner: await owner.getAddress() };
  return { permit, signature: await signTyped(owner, domain, permitStatement, permit) };
}

/**
 * Checks off chain that the owner signed the permit.
 *
 * @throws {NotSignedBy}
 */
export function verifyPermit(domain: TypedDomain, { permit, signature }: SignedPermit): void {
  requireSignedBy(permit.owner, domain, permitStatement, permit, signature);
}

/**
 * Sends a permit to the coin, whose runner pays the gas.
 *
 * @throws {ChainError} if the coin refuses it: late, used, or not the owner's.
 */
export async function submitPermit(coin: MedicalCoin, { permit, signature }: SignedPermit): Promise<Mined> {
  const { owner, spender, value, deadline } = permit;
  const { v, r, s } = Signature.from(signature);
  return mined(coin, () => coin.permit(owner, spender, value, deadline, v, r, s));
}
