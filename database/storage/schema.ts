import type { Generated, Kysely } from "kysely";

/**
 * The tables of one institution. No column holds a name, an identifier or a FHIR id in the clear: content is sealed, and what must be
 * found again is found by a keyed digest. Integers that may need 64 bits are text.
 */
export interface Tables {
  institution: InstitutionTable;
  records: RecordTable;
  data_keys: DataKeyTable;
  sections: SectionTable;
  leaves: LeafTable;
  directory: DirectoryTable;
  directory_identifiers: DirectoryIdentifierTable;
  signing_requests: SigningRequestTable;
  audit_events: AuditEventTable;
  nonces: NonceTable;
  sessions: SessionTable;
  deliveries: DeliveryTable;
  delivered_records: DeliveredRecordTable;
  exports: ExportTable;
}

/** One institution's tables, or a transaction on them. */
export type Storage = Kysely<Tables>;

/** One row: whose file this is, and its own keys, wrapped. */
export interface InstitutionTable {
  number: number;
  wrapped_keys: Uint8Array;
}

export interface RecordTable {
  sequence: Generated<number>;
  record_id: string;
  /** Digest of the encounter's id: the versions of one encounter share it. */
  encounter_index: Uint8Array;
  /** Digest of the whole content: the same content is stored once. Of a withdrawn record, of its id. */
  content_index: Uint8Array;
  chain_id: string;
  registry: string;
  patient: string;
  doctor: number;
  recorded_at: number;
  data_class: number;
  sections_root: string;
  sealed_salt: Uint8Array;
}

/** The key of one record, wrapped. Without this row, content and salts of the record are gone for good. */
export interface DataKeyTable {
  record_id: string;
  wrapped: Uint8Array;
}

export interface SectionTable {
  record_id: string;
  position: number;
  /** Record-local, `Type/sN`. */
  path: string;
  data_class: number;
  /** Digest of `Type/id`; of a copy, of record and `Type/id`, so that equal copies do not link a patient's records. */
  section_index: Uint8Array;
}

export interface LeafTable {
  record_id: string;
  position: number;
  kind: number;
  leaf: string;
  /** Salt and bytes. */
  sealed: Uint8Array;
}

export interface DirectoryTable {
  entry_index: Uint8Array;
  sealed: Uint8Array;
}

export interface DirectoryIdentifierTable {
  identifier_index: Uint8Array;
  entry_index: Uint8Array;
}

export interface SigningRequestTable {
  record_id: string;
  patient_wallet: string;
  doctor_wallet: string;
  /** Record id, or 32 zero bytes. */
  supersedes: string;
  /** Seconds since 1970. */
  deadline: number;
  patient_signature: string | null;
  doctor_signature: string | null;
  /** `registered` once the chain was seen to know the record, `withdrawn` when another version took its place before that. */
  closed: "registered" | "withdrawn" | null;
}

export interface AuditEventTable {
  /** From 1, without gaps. */
  sequence: number;
  event: string;
  previous: Uint8Array;
  hash: Uint8Array;
}

export interface NonceTable {
  nonce_hash: Uint8Array;
  /** Milliseconds since 1970. */
  expires_at: number;
}

export interface SessionTable {
  token_hash: Uint8Array;
  wallet: string;
  purpose: string;
  /** Milliseconds since 1970. */
  expires_at: number;
}

/** One preparation of a delivery. It counts once it has a root; of one that was broken off nothing is ever served. */
export interface DeliveryTable {
  /** 16 random bytes in hex: two that prepare the same order at once do not mix. */
  attempt: string;
  /** Chain, market and order, see `orderText`. */
  order_text: string;
  /** Seconds since 1970: time of the block at which the consents were checked. */
  exported_at: number;
  manifest_root: string | null;
  delivered: number;
}

/** One record of a delivery, in the order of the draw. */
export interface DeliveredRecordTable {
  attempt: string;
  /** From 0. */
  position: number;
  record_id: string;
  grant_key: string;
  ciphertext_hash: string;
  key_hash: string;
  /** JSON array of hashes; null until the delivery is complete. */
  proof: string | null;
  ciphertext: Uint8Array;
  /** Sealed with the record's own key, so that it is gone with the record when that is shredded. */
  sealed_key: Uint8Array;
}

/** A buyer's request for a delivery. */
export interface ExportTable {
  /** 16 random bytes in hex. */
  export_id: string;
  order_id: number;
  wallet: string;
  /** The key to wrap content keys to; both null when none was given. */
  suite: string | null;
  public_key: Uint8Array | null;
  /** As the buyer asked. */
  request_url: string;
  /** Milliseconds since 1970. */
  expires_at: number;
}
