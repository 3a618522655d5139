/** The medical database: an institution's FHIR service, and the client that checks what it serves. */
export { AuditChainBroken, type AuditHead, auditEvents, verifyAuditChain } from "./audit.js";
export type { AuditEvent } from "./auditEvent.js";
export { type ChainOptions, ChainUnavailable } from "./chainView.js";
export { type EncounterReport, type SentBundle, sendBundle } from "./client/ingest.js";
export { DatabaseRefused, DatabaseSession, NotAMedicalDatabase, type SessionOptions } from "./client/session.js";
export {
  fetchRequest,
  fetchSignedRequest,
  NotSignedYet,
  signWaiting,
  type WaitingRequest,
  waitingRequests,
} from "./client/signing.js";
export { RecordShredded, SealBroken } from "./envelope.js";
export { InstitutionMismatch } from "./institutionKeys.js";
export { InvalidKeyEncryptionKey, type Keyring, KeyUnwrapFailed, keyringOf } from "./keyring.js";
export {
  type InstitutionOptions,
  InvalidInstitution,
  type MedicalDatabase,
  openMedicalDatabase,
} from "./medicalDatabase.js";
export { type LeafName, ProofMalformed } from "./proofExtensions.js";
export { DatabaseReader, OtherResourceServed, type ReadOptions } from "./reader.js";
export { shredRecord } from "./recordStore.js";
export { type DatabaseOptions, type RunningDatabase, startDatabase } from "./server.js";
export { StorageUnusable } from "./storage/errors.js";
export {
  AnswerUnreadable,
  RecordNotOnChain,
  type SectionCheck,
  type VerificationOptions,
  type VerifiedRecord,
  type VerifiedSection,
  verifyRecordBundle,
} from "./verifyBundle.js";
export { type WalletDirectory, WalletDirectoryUnavailable, WalletUnknown } from "./walletDirectory.js";
