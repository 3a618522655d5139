/** Medical records: from a patient's FHIR R4 bundle to sealed records, their de-identified forms, and the checks of a reader. */
export {
  type BundleEntry,
  type BundleRefusal,
  BundleRefused,
  entryBytes,
  NotAPatientBundle,
  type PatientBundle,
  readBundle,
} from "./bundle.js";
export { DataClass, type DataClassCode, type DataClassName, dataClassBit, dataClassBits } from "./dataClass.js";
export { type DeidentificationContext, type Deidentified, deidentify } from "./deidentify.js";
export { Directory, type DirectoryEntry, type Identifier, identifiersOf, isDirectoryType } from "./directory.js";
export {
  type Accounting,
  type BundleDocuments,
  type DocumentSection,
  documentsOf,
  type EncounterDocument,
  type UnresolvedReference,
} from "./documents.js";
export {
  LeafInvalid,
  LeafKind,
  type LeafKindCode,
  leafHash,
  randomSalt,
  type SaltSource,
  sectionPath,
} from "./leaf.js";
export { findLeaks, type Leak, type LeakKind } from "./leaks.js";
export type { PlacedBy, Placement } from "./placement.js";
export { headerHash, type RecordHeader, RecordHeaderInvalid, recordedAtOf, recordId } from "./recordId.js";
export { type FoundReference, type RewrittenResource, referencesIn, rewriteResource } from "./references.js";
export {
  buildRecord,
  leavesOf,
  type RecordHeaderParts,
  type SealedForm,
  type SealedRecord,
  type SealedSection,
} from "./sealedRecord.js";
export { recordClassOf, sectionClassOf } from "./sectionClass.js";
export { buildSectionTree, type SectionTree, SectionTreeInvalid, verifySection } from "./sectionTree.js";
export { RecordMismatch, SectionTampered, type ServedSection, verifyServedSection } from "./servedSection.js";
export {
  DEFAULT_LIMITS,
  type JsonSource,
  readSource,
  type SourceLimits,
  type SourceRefusal,
  SourceRefused,
} from "./source.js";
export { checkResource, type Finding, type FindingRule, ResourceRefused, validateResource } from "./validate.js";
