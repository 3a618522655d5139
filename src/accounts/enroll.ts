import type { AccountCenter } from "../../types/ethers-contracts/index.js";
import { type Mined, mined } from "../transaction.js";
import type { SignedCertificate } from "./certificate.js";

/**
 * Sends a signed certificate to the account center: certifies its wallet, or renews the wallet's certificate. The account
 * center's runner may be anyone; it pays the gas.
 *
 * @throws {ChainError} if the account center refuses: spent or voided, expired, or not signed by a registrar of its own.
 */
export function enrollCertificate(
  accountCenter: AccountCenter,
  { certificate, registrar, signature }: SignedCertificate,
): Promise<Mined> {
  return mined(accountCenter, () => accountCenter.enroll(certificate, registrar, signature));
}
