import type { AccountCenter } from "../../types/ethers-contracts/index.js";
import { type Mined, mined } from "../transaction.js";

/** Where an institution is found, as its entry in the account center says it. */
export interface InstitutionEntry {
  /** Base address of its medical database, 1 to 256 bytes. */
  readonly fhirUrl: string;
  /** Its public key for encryption in hex, up to 2,048 bytes; `0x` for none. */
  readonly encryptionKey: string;
}

/**
 * Publishes where an institution is found, in place of what it published before. The account center's runner is the
 * institution's wallet.
 *
 * @throws {ChainError} if the account center refuses: not an active institution, or an entry out of bounds.
 */
export function publishInstitution(
  accountCenter: AccountCenter,
  { fhirUrl, encryptionKey }: InstitutionEntry,
): Promise<Mined> {
  return mined(accountCenter, () => accountCenter.publishInstitution(fhirUrl, encryptionKey));
}
