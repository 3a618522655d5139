/** Records and consents on the chain: what is signed, sent, decided, and read back. */

export { checkSigningRequest, SigningRequestInvalid } from "./checkSigningRequest.js";
export {
  grantConsent,
  narrowConsent,
  revokeAllConsents,
  revokeConsent,
  setBreakGlassOptOut,
  submitConsent,
} from "./consent.js";
export {
  type ConsentKind,
  type ConsentMessages,
  consentDomain,
  consentStatements,
  type Signed,
  type SignedConsent,
  signConsent,
  verifyConsent,
} from "./consentSignatures.js";
export {
  type AccessDecision,
  type AccessRequest,
  type DecisionName,
  DecisionUnknown,
  decide,
  decisionName,
  decisionNames,
} from "./decision.js";
export {
  type BreakGlassRule,
  type BrokenGlass,
  breakGlass,
  EmergencyReason,
  type EmergencyReasonName,
  setBreakGlassRule,
} from "./emergency.js";
export {
  type FanOutRequest,
  fanOutGrant,
  NothingToFanOut,
  type Relayed,
  relayConsents,
  shuffleAcross,
} from "./fanOut.js";
export {
  allRecords,
  grantKeyOf,
  InvalidRecipient,
  InvalidScope,
  institution,
  kindsOf,
  oneRecord,
  type Recipient,
  RecipientKind,
  type RecipientKindCode,
  recordsOfClass,
  role,
  type Scope,
  ScopeKind,
  type ScopeKindCode,
  wallet,
} from "./grant.js";
export { grantsOfWallet, type WalletGrant } from "./grantsOfWallet.js";
export { type HistorySources, historyOf } from "./history.js";
export {
  type IndexedRecord,
  InvalidRecordState,
  packSubject,
  RecordState,
  type RecordStateName,
  recordStateName,
  unpackRecord,
} from "./indexedRecord.js";
export {
  isPurposeOfUse,
  PurposeOfUse,
  type PurposeOfUseCode,
  purposeBits,
  purposeOfUseSystem,
} from "./purposeOfUse.js";
export { readSignedConsent } from "./readSignedConsent.js";
export { readSignedBatch, readSignedRequest } from "./readSignedRequest.js";
export { readSigningRequest } from "./readSigningRequest.js";
export {
  acceptanceStatement,
  type PatientsWord,
  type RecordBatchMessage,
  type RecordMessage,
  recordBatchStatement,
  recordDomain,
  recordStatement,
  repudiationStatement,
  type SignedWord,
  signWord,
  verifyWord,
} from "./recordSignatures.js";
export {
  acceptRecord,
  acceptRecordBySig,
  type Indexed,
  type IndexedBatch,
  registerBatch,
  registerRecord,
  repudiateRecord,
  repudiateRecordBySig,
  WrongRegistry,
} from "./register.js";
export {
  domainOfRequest,
  NotAParty,
  type Party,
  partyOf,
  type SectionForm,
  type SectionToSign,
  type SigningRequest,
  type SigningRequestOptions,
  signingRequestOf,
} from "./signingRequest.js";
export {
  BatchInvalid,
  type PartySignature,
  type SignedBatch,
  type SignedRequest,
  type SigningOptions,
  SigningRequestExpired,
  signBatch,
  signRecord,
  verifyBatchSignature,
  verifyRecordSignature,
} from "./signRecord.js";
export {
  ALL_SECTION_CLASSES,
  InvalidTerms,
  type StandingGrant,
  type Terms,
  type TermsRequest,
  termsOf,
  unpackGrant,
} from "./terms.js";
