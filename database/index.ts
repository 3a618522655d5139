/** The medical database: an institution's FHIR service, and the client that checks what it serves. */
export {
  AccountCenterDirectory,
  type AccountCenterDirectoryOptions,
  EnrolmentIncomplete,
} from "./accountCenterDirectory.js";
export { AuditChainBroken, type AuditHead, auditEvents, verifyAuditChain } from "./audit.js";
export type { AuditEvent } from "./auditEvent.js";
export { type ChainOptions, ChainUnavailable, ChainView, InvalidChainOptions } from "./chainView.js";
export { AnswerStalled } from "./client/chunks.js";
export {
  type DeliveredLeaf,
  type DeliveryEvidence,
  type DeliveryFault,
  DeliveryFaulty,
  DeliveryLate,
  reasonHashOf,
} from "./client/deliveryFault.js";
export { type CollectedDelivery, type CollectOptions, collectDelivery } from "./client/export.js";
export type { ExportLogin } from "./client/exportDownload.js";
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
export { type DoubleSharing, findDoubleSharing } from "./market/doubleSharing.js";
export { drawnRecords, PlacementUnknown, type SkippedRecord, skippedRecords } from "./market/drawnRecords.js";
export { MarketNotConfigured } from "./market/orderOnChain.js";
export {
  type DeliveryContext,
  NothingToDeliver,
  OrderUndeliverable,
  type PreparedDelivery,
  prepareDelivery,
} from "./market/prepareDelivery.js";
export { drawOrder, selectionSeed } from "./market/selection.js";
export {
  type InstitutionOptions,
  InstitutionOptionsInvalid,
  type MedicalDatabase,
  openMedicalDatabase,
} from "./medicalDatabase.js";
export { isLeafName, LEAF_NAMES, type LeafName, leafName, ProofMalformed } from "./proofExtensions.js";
export { DatabaseReader, OtherResourceServed, type ReadOptions } from "./reader.js";
export { fhirIdOf } from "./recordBundle.js";
export { type Rounds, startRounds } from "./rounds.js";
export { type DatabaseOptions, type RunningDatabase, startDatabase } from "./server.js";
export { RecordNotStored, ShreddingIncomplete, shredRecord } from "./shred.js";
export { StorageUnusable } from "./storage/errors.js";
export { InvalidTrustProxy } from "./trustedProxies.js";
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
