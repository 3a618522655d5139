export * from "./address.js";
export * from "./certificate.js";
export * from "./certificateExpiry.js";
export * from "./certificateReason.js";
export { InvalidCertificate, InvalidInstitution } from "./certificateRules.js";
export * from "./certificateStatus.js";
export * from "./certifiedAccount.js";
export * from "./enroll.js";
export { type Identity, InvalidIdentity, isSameIdentity } from "./identity.js";
export * from "./identityCommitment.js";
export { PrivateKeyRefused } from "./privateKeyGuard.js";
export * from "./publish.js";
export * from "./readSignedCertificate.js";
export * from "./role.js";
export type { Account, AccountWallet, PatientAccount, ProfessionalAccount } from "./store/account.js";
export {
  AccountConflict,
  AccountUnknown,
  InvalidStoreSecret,
  StoreDamaged,
  StoreLocked,
  StoreUnavailable,
} from "./store/errors.js";
export type { StoreSecret } from "./store/key.js";
export * from "./store.js";
export {
  InvalidWalletIndex,
  InvalidWalletSource,
  InvalidXpub,
  MAX_WALLET_INDEX,
  WALLET_BRANCH,
  type WalletSource,
  walletAddressAt,
  walletSignerAt,
  xpubOf,
} from "./wallets.js";
