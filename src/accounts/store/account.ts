import type { SignedCertificate } from "../certificate.js";
import type { Identity } from "../identity.js";
import type { ProfessionalRole, Role } from "../role.js";

/** A wallet of an account, with what opens the identity commitment of its certificates. */
export interface AccountWallet {
  /** The index in the patient's branch; for a professional, the how-manieth of its wallets it is, from 0. */
  readonly index: number;
  /** Checksummed. */
  readonly address: string;
  /** 32 bytes in hex, of this wallet only. */
  readonly commitmentSalt: string;
  /** What `commitToIdentity` makes of the account's identity and the salt: the certificate carries it. */
  readonly identityCommitment: string;
}

interface AccountBase {
  readonly identity: Identity;
  /** In the order of their indexes. */
  readonly wallets: readonly AccountWallet[];
  /** Of all its wallets, in the order in which they were saved. */
  readonly certificates: readonly SignedCertificate[];
}

/** A patient: wallets rotate, all of them from the branch of one xpub. */
export interface PatientAccount extends AccountBase {
  readonly role: typeof Role.Patient;
  readonly xpub: string;
}

/** A professional or an institution: one stable wallet, which can be replaced. */
export interface ProfessionalAccount extends AccountBase {
  readonly role: ProfessionalRole;
  /** The present wallet: the last of `wallets`. */
  readonly wallet: string;
}

export type Account = PatientAccount | ProfessionalAccount;
