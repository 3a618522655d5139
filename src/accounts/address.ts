import { getAddress, ZeroAddress } from "ethers";

/** The text is not an address that can hold an account. */
export class InvalidAddress extends Error {
  override readonly name = "InvalidAddress";

  constructor(field: string) {
    super(`The ${field} is not an address: give 0x and 40 hex digits, not all zero, with a correct checksum or none.`);
  }
}

/**
 * The checksummed form (EIP-55) of an address; names (ENS) are refused, a permissioned chain has none.
 *
 * @param text 0x and 40 hex digits: checksummed, or all in one case.
 * @param field what the address is, for the error's message.
 * @throws {InvalidAddress} if it is malformed, has a wrong checksum, or is the zero address.
 */
export function checksummed(text: string, field: string): string {
  if (!/^0x[0-9a-f]{40}$/i.test(text) || text === ZeroAddress) throw new InvalidAddress(field);
  try {
    return getAddress(text);
  } catch {
    throw new InvalidAddress(field);
  }
}
