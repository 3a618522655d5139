import { randomBytes } from "node:crypto";
import { AbiCoder, hexlify, isHexString, keccak256 } from "ethers";
import { checkIdentity, type Identity } from "./identity.js";

/** What opens a commitment. Whoever holds it can prove whose the wallet is, so it goes only to those who must know. */
export interface IdentityOpening {
  readonly identity: Identity;
  /** 32 random bytes in hex, used for one wallet only: a salt used twice would link the two wallets. */
  readonly salt: string;
}

/** The salt is not 32 bytes. */
export class InvalidSalt extends Error {
  override readonly name = "InvalidSalt";

  constructor() {
    super("The salt of an identity commitment is malformed: give 32 bytes in hex, as newCommitmentSalt makes them.");
  }
}

/** The opening does not belong to the commitment. */
export class CommitmentMismatch extends Error {
  override readonly name = "CommitmentMismatch";

  constructor() {
    super("This identity and salt do not open the commitment: take the salt that was made for this very wallet.");
  }
}

/** A fresh salt: 32 random bytes in hex. */
export function newCommitmentSalt(): string {
  return hexlify(randomBytes(32));
}

/**
 * The salted commitment to an identity that a certificate carries: `keccak256(abi.encode(salt, system, value))`.
 *
 * @param opening the identity, and a salt that no other wallet uses.
 * @returns 32 bytes in hex.
 * @throws {InvalidSalt} or {@link InvalidIdentity}.
 */
export function commitToIdentity({ identity, salt }: IdentityOpening): string {
  if (!isHexString(salt, 32)) throw new InvalidSalt();
  const { system, value } = checkIdentity(identity);
  return keccak256(AbiCoder.defaultAbiCoder().encode(["bytes32", "string", "string"], [salt, system, value]));
}

/**
 * Whether the opening belongs to the commitment.
 *
 * @throws {InvalidSalt} or {@link InvalidIdentity} if the opening is malformed.
 */
export function verifyIdentityCommitment(commitment: string, opening: IdentityOpening): boolean {
  return commitToIdentity(opening) === commitment.toLowerCase();
}

/**
 * The identity behind a commitment, once the opening is shown to belong to it.
 *
 * @throws {CommitmentMismatch} if it does not, {@link InvalidSalt} or {@link InvalidIdentity} if it is malformed.
 */
export function openIdentityCommitment(commitment: string, opening: IdentityOpening): Identity {
  if (!verifyIdentityCommitment(commitment, opening)) throw new CommitmentMismatch();
  return opening.identity;
}
