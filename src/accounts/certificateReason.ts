/** Why a certificate is suspended or revoked: the reasons of RFC 5280, section 5.3.1, as `IAccountCenter.Reason` numbers them. */
export const CertificateReason = {
  Unspecified: 0,
  KeyCompromise: 1,
  CACompromise: 2,
  AffiliationChanged: 3,
  Superseded: 4,
  CessationOfOperation: 5,
  CertificateHold: 6,
  PrivilegeWithdrawn: 7,
} as const;

export type CertificateReasonName = keyof typeof CertificateReason;
