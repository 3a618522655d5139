import type { DatabaseSync } from "node:sqlite";
import type { Certificate, SignedCertificate } from "../certificate.js";
import type { Identity } from "../identity.js";
import type { CertifiedRole } from "../role.js";
import { publicBranch } from "../wallets.js";
import { blindIndex } from "./blindIndex.js";
import { StoreDamaged } from "./errors.js";
import type { StoreKeys } from "./key.js";
import { decodePayload, encodePayload } from "./payload.js";
import { contextOf, seal, unseal } from "./seal.js";

/** What the row of an account holds. */
export interface AccountRow {
  readonly identity: Identity;
  readonly role: CertifiedRole;
  /** Null for professionals. */
  readonly xpub: string | null;
  /** The index of the wallet that is allotted next. */
  readonly nextIndex: number;
}

/** What the row of a wallet holds. */
export interface WalletRow {
  readonly index: number;
  readonly address: string;
  readonly commitmentSalt: string;
}

/**
 * The tables, with everything sealed on the way in and opened on the way out. Payloads are not checked when they are
 * read: their seal proves that this class wrote them, and the tables are STRICT, so that a column has its type.
 */
export class AccountRows {
  readonly #database: DatabaseSync;
  readonly #keys: StoreKeys;

  constructor(database: DatabaseSync, keys: StoreKeys) {
    this.#database = database;
    this.#keys = keys;
  }

  identityIndex({ system, value }: Identity): Uint8Array {
    return blindIndex(this.#keys.index, "identity", system, value);
  }

  /** @param address checksummed. */
  walletIndex(address: string): Uint8Array {
    return blindIndex(this.#keys.index, "wallet", address);
  }

  identityIndexes(): Uint8Array[] {
    const rows = this.#database.prepare("SELECT identity_index FROM accounts ORDER BY identity_index").all();
    return (rows as { identity_index: Uint8Array }[]).map((row) => row.identity_index);
  }

  identityIndexOfWallet(walletIndex: Uint8Array): Uint8Array | undefined {
    const row = this.#database.prepare("SELECT identity_index FROM wallets WHERE wallet_index = ?").get(walletIndex);
    return (row as { identity_index: Uint8Array } | undefined)?.identity_index;
  }

  account(identityIndex: Uint8Array): AccountRow | undefined {
    const row = this.#database
      .prepare("SELECT branch_index, sealed FROM accounts WHERE identity_index = ?")
      .get(identityIndex) as { branch_index: Uint8Array | null; sealed: Uint8Array } | undefined;
    if (row === undefined) return undefined;
    return this.#open(row.sealed, contextOf("accounts", identityIndex, row.branch_index)) as AccountRow;
  }

  /** Whether some account already has the branch of this xpub. */
  hasBranch(xpub: string): boolean {
    const query = this.#database.prepare("SELECT 1 FROM accounts WHERE branch_index = ?");
    return query.get(this.#branchIndex(xpub)) !== undefined;
  }

  putAccount(account: AccountRow): void {
    const identityIndex = this.identityIndex(account.identity);
    const branchIndex = account.xpub === null ? null : this.#branchIndex(account.xpub);
    const sealed = this.#seal(account, contextOf("accounts", identityIndex, branchIndex));
    this.#database
      .prepare(
        `INSERT INTO accounts (identity_index, branch_index, sealed) VALUES (?, ?, ?)
         ON CONFLICT (identity_index) DO UPDATE SET sealed = excluded.sealed`,
      )
      .run(identityIndex, branchIndex, sealed);
  }

  /** The wallets of an account, in the order of their indexes. */
  wallets(identityIndex: Uint8Array): WalletRow[] {
    const rows = this.#database
      .prepare("SELECT position, wallet_index, sealed FROM wallets WHERE identity_index = ? ORDER BY position")
      .all(identityIndex) as unknown as { position: number; wallet_index: Uint8Array; sealed: Uint8Array }[];
    return rows.map(
      ({ position, wallet_index, sealed }) =>
        this.#open(sealed, contextOf("wallets", identityIndex, position, wallet_index)) as WalletRow,
    );
  }

  /** One above the highest index of the account's wallets; 0 if it has none. */
  nextWalletIndex(identityIndex: Uint8Array): number {
    const query = this.#database.prepare(
      "SELECT coalesce(max(position) + 1, 0) AS next FROM wallets WHERE identity_index = ?",
    );
    return (query.get(identityIndex) as { next: number }).next;
  }

  addWallet(identityIndex: Uint8Array, wallet: WalletRow): void {
    const walletIndex = this.walletIndex(wallet.address);
    const sealed = this.#seal(wallet, contextOf("wallets", identityIndex, wallet.index, walletIndex));
    this.#database
      .prepare("INSERT INTO wallets (identity_index, position, wallet_index, sealed) VALUES (?, ?, ?, ?)")
      .run(identityIndex, wallet.index, walletIndex, sealed);
  }

  /** The certificates of a wallet, in the order in which they were added. */
  certificates(walletIndex: Uint8Array): SignedCertificate[] {
    const rows = this.#database
      .prepare("SELECT serial_index, sealed FROM certificates WHERE wallet_index = ? ORDER BY number")
      .all(walletIndex) as unknown as { serial_index: Uint8Array; sealed: Uint8Array }[];
    return rows.map(({ serial_index, sealed }) => this.#openCertificate(sealed, serial_index, walletIndex));
  }

  certificateWithSerial(serial: bigint): SignedCertificate | undefined {
    const serialIndex = this.#serialIndex(serial);
    const row = this.#database
      .prepare("SELECT wallet_index, sealed FROM certificates WHERE serial_index = ?")
      .get(serialIndex) as { wallet_index: Uint8Array; sealed: Uint8Array } | undefined;
    return row && this.#openCertificate(row.sealed, serialIndex, row.wallet_index);
  }

  addCertificate(signed: SignedCertificate): void {
    const serialIndex = this.#serialIndex(signed.certificate.serial);
    const walletIndex = this.walletIndex(signed.certificate.wallet);
    const content = { ...signed, certificate: { ...signed.certificate, serial: signed.certificate.serial.toString() } };
    const sealed = this.#seal(content, contextOf("certificates", serialIndex, walletIndex));
    this.#database
      .prepare("INSERT INTO certificates (serial_index, wallet_index, sealed) VALUES (?, ?, ?)")
      .run(serialIndex, walletIndex, sealed);
  }

  #openCertificate(sealed: Uint8Array, serialIndex: Uint8Array, walletIndex: Uint8Array): SignedCertificate {
    type Content = Omit<SignedCertificate, "certificate"> & {
      certificate: Omit<Certificate, "serial"> & { serial: string };
    };
    const content = this.#open(sealed, contextOf("certificates", serialIndex, walletIndex)) as Content;
    return { ...content, certificate: { ...content.certificate, serial: BigInt(content.certificate.serial) } };
  }

  /** One for all the ways in which the same branch can be written as an xpub. */
  #branchIndex(xpub: string): Uint8Array {
    const { publicKey, chainCode } = publicBranch(xpub);
    return blindIndex(this.#keys.index, "branch", publicKey, chainCode);
  }

  #serialIndex(serial: bigint): Uint8Array {
    return blindIndex(this.#keys.index, "serial", serial.toString());
  }

  #seal(content: object, context: string): Uint8Array {
    return seal(this.#keys.sealing, encodePayload(content), context);
  }

  #open(sealed: Uint8Array, context: string): unknown {
    const payload = unseal(this.#keys.sealing, sealed, context);
    if (payload === undefined) throw new StoreDamaged("a row is not what was written");
    return decodePayload(payload);
  }
}
