import type { AccountCenter } from "../../types/ethers-contracts/index.js";
import { type Mined, mined } from "../transaction.js";
import { CertificateReason, type CertificateReasonName } from "./certificateReason.js";

/**
 * Suspends a wallet's active certificate until it is reinstated. The account center's runner is a registrar.
 *
 * @param wallet the address whose certificate it is.
 * @throws {ChainError} if the account center refuses: not a registrar, or the certificate is not active.
 */
export function suspendCertificate(
  accountCenter: AccountCenter,
  wallet: string,
  reason: CertificateReasonName,
): Promise<Mined> {
  return mined(accountCenter, () => accountCenter.suspend(wallet, CertificateReason[reason]));
}

/**
 * Makes a wallet's suspended certificate good again. The account center's runner is a registrar.
 *
 * @param wallet the address whose certificate it is.
 * @throws {ChainError} if the account center refuses: not a registrar, or the certificate is not suspended.
 */
export function reinstateCertificate(accountCenter: AccountCenter, wallet: string): Promise<Mined> {
  return mined(accountCenter, () => accountCenter.reinstate(wallet));
}

/**
 * Revokes a wallet's certificate for good. The account center's runner is a registrar.
 *
 * @param wallet the address whose certificate it is.
 * @throws {ChainError} if the account center refuses: not a registrar, no certificate, or one that is revoked already.
 */
export function revokeCertificate(
  accountCenter: AccountCenter,
  wallet: string,
  reason: CertificateReasonName,
): Promise<Mined> {
  return mined(accountCenter, () => accountCenter.revoke(wallet, CertificateReason[reason]));
}

/**
 * Makes a certificate unusable that was signed but not enrolled. The account center's runner is a registrar.
 *
 * @param serial the certificate's number, 1 to 2^256 - 1.
 * @throws {ChainError} if the account center refuses: not a registrar, or the certificate enrolled or was voided before.
 */
export function voidCertificate(accountCenter: AccountCenter, serial: bigint): Promise<Mined> {
  return mined(accountCenter, () => accountCenter.voidCertificate(serial));
}
