import { keccak256 } from "ethers";

/**
 * How the dataset registry marks the grant under which a record is listed: the lower half of the key's hash.
 *
 * @param key 32 bytes in hex.
 */
export function grantKeyTag(key: string): bigint {
  return BigInt.asUintN(128, BigInt(keccak256(key)));
}
