import { randomBytes } from "node:crypto";
import { AbiCoder, hexlify, isHexString, keccak256 } from "ethers";

/** The two forms of a section, each with a leaf of its own. */
export const LeafKind = { Full: 0, Deidentified: 1 } as const;

export type LeafKindCode = (typeof LeafKind)[keyof typeof LeafKind];

/** Where salts come from: 32 fresh random bytes at every call. Only tests give anything but {@link randomSalt}. */
export type SaltSource = () => Uint8Array;

/** 32 bytes from the operating system. */
export const randomSalt: SaltSource = () => randomBytes(32);

/** Thrown when the parts of a leaf are not what a leaf is made of. */
export class LeafInvalid extends Error {
  override readonly name = "LeafInvalid";
}

/** A salt as 32 bytes in hex. @throws LeafInvalid when the source does not give 32 bytes */
export function drawSalt(source: SaltSource): string {
  const salt = hexlify(source());
  if (!isHexString(salt, 32)) throw new LeafInvalid("Give salts of 32 bytes");
  return salt;
}

/** The record-local path of the section at `position` (from 0): `Observation/s3`. It is the same for both forms and identifies nobody. */
export function sectionPath(resourceType: string, position: number): string {
  return `${resourceType}/s${position}`;
}

const PATH = /^[A-Z][A-Za-z]{0,63}\/s(0|[1-9]\d{0,5})$/;

/**
 * The Merkle leaf of one form of a section:
 * `keccak256(keccak256(abi.encode(uint8 kind, string path, bytes32 salt, bytes32 keccak256(bytes))))`.
 *
 * @param kind 0 full, 1 de-identified
 * @param path record-local path, see {@link sectionPath}
 * @param salt 32 bytes in hex, of this leaf only
 * @param bytes the stored bytes
 * @returns 32 bytes in hex
 * @throws LeafInvalid for another kind, path or salt
 */
export function leafHash(kind: LeafKindCode, path: string, salt: string, bytes: Uint8Array): string {
  if (kind !== LeafKind.Full && kind !== LeafKind.Deidentified) throw new LeafInvalid("Give the kind 0 or 1");
  if (!PATH.test(path)) throw new LeafInvalid("Give a record-local path such as Observation/s3");
  if (!isHexString(salt, 32)) throw new LeafInvalid("Give a salt of 32 bytes in hex");
  const types = ["uint8", "string", "bytes32", "bytes32"];
  const encoded = AbiCoder.defaultAbiCoder().encode(types, [kind, path, salt, keccak256(bytes)]);
  // Hashed twice, so that no inner node of a tree can be shown as a leaf.
  return keccak256(keccak256(encoded));
}
