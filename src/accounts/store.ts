import type { DatabaseSync } from "node:sqlite";
import { isHexString } from "ethers";
import { checksummed } from "./address.js";
import type { Certificate, SignedCertificate } from "./certificate.js";
import { InvalidCertificate, wellFormed } from "./certificateRules.js";
import { checkIdentity, type Identity } from "./identity.js";
import { commitToIdentity, newCommitmentSalt } from "./identityCommitment.js";
import { refusePrivateKey } from "./privateKeyGuard.js";
import { InvalidRole, isProfessionalRole, type ProfessionalRole, Role } from "./role.js";
import type { Account, AccountWallet, PatientAccount, ProfessionalAccount } from "./store/account.js";
import { inTransaction, openDatabase } from "./store/database.js";
import { AccountConflict, AccountUnknown, StoreDamaged } from "./store/errors.js";
import { openKeys } from "./store/header.js";
import { checkSecret, type StoreSecret } from "./store/key.js";
import { type AccountRow, AccountRows, type WalletRow } from "./store/rows.js";
import { publicBranch, walletAddressAt } from "./wallets.js";

export type OpenStoreOptions = StoreSecret & {
  /** The file; made if it does not exist (its directory is not). SQLite keeps two more beside it, `-wal` and `-shm`. */
  path: string;
};

/**
 * Opens the account center's store, or makes a new one. Several processes may have it open at once.
 *
 * @throws {InvalidStoreSecret} if the passphrase is shorter than 12 characters or the key is not 32 bytes,
 * {@link StoreLocked} if it is not this store's, {@link StoreDamaged} or {@link StoreUnavailable}.
 */
export function openStore({ path, ...secret }: OpenStoreOptions): AccountStore {
  checkSecret(secret);
  const database = openDatabase(path);
  try {
    return new AccountStore(database, new AccountRows(database, openKeys(database, secret)));
  } catch (error) {
    database.close();
    throw error;
  }
}

/**
 * The paper's mapping list {ID, PK, SK, Cert, W}, which only the account center has: who is behind which wallet. It
 * never holds a private key; what looks like one is refused.
 *
 * Every row is sealed and found by a keyed digest. Whoever steals the file learns how many accounts there are, and how
 * many wallets and certificates each has, but neither whose nor which.
 *
 * Every operation is one transaction, and what it returned survives a crash. Each may throw {@link StoreDamaged}
 * or {@link StoreUnavailable}.
 */
export class AccountStore {
  readonly #database: DatabaseSync;
  readonly #rows: AccountRows;

  /** Use {@link openStore}. */
  constructor(database: DatabaseSync, rows: AccountRows) {
    this.#database = database;
    this.#rows = rows;
  }

  /**
   * Registers a patient. Doing so again with the same xpub changes nothing and returns the account as it stands.
   *
   * @param xpub of the patient's branch, see `xpubOf`.
   * @throws {PrivateKeyRefused}, {@link InvalidIdentity} or {@link InvalidXpub}; {@link AccountConflict} if the identity is
   * registered otherwise, or the xpub is somebody else's.
   */
  registerPatient(identity: Identity, xpub: string): PatientAccount {
    const who = storableIdentity(identity);
    publicBranch(xpub);
    return this.#write(() => {
      const known = this.#find(who);
      if (known !== undefined) {
        if (known.role === Role.Patient && known.xpub === xpub) return known;
        throw new AccountConflict("The identity is registered with another role or xpub: use the account as it stands");
      }
      if (this.#rows.hasBranch(xpub)) {
        throw new AccountConflict("The xpub belongs to another account: every patient needs a mnemonic of their own");
      }
      this.#rows.putAccount({ identity: who, role: Role.Patient, xpub, nextIndex: 0 });
      return { identity: who, role: Role.Patient, xpub, wallets: [], certificates: [] };
    });
  }

  /**
   * Registers a professional or an institution. Doing so again with the same role and wallet changes nothing and returns
   * the account as it stands.
   *
   * @param role 2 (Doctor) to 8 (Bank).
   * @throws {PrivateKeyRefused}, {@link InvalidIdentity}, {@link InvalidRole} or {@link InvalidAddress};
   * {@link AccountConflict} if the identity is registered otherwise, or the wallet belongs to an account.
   */
  registerProfessional(identity: Identity, role: ProfessionalRole, wallet: string): ProfessionalAccount {
    const who = storableIdentity(identity);
    if (!isProfessionalRole(role)) throw new InvalidRole(role, "a role from 2 (Doctor) to 8 (Bank)");
    const address = storableAddress(wallet);
    return this.#write(() => {
      const known = this.#find(who);
      if (known !== undefined) {
        if (known.role === role && known.wallet === address) return known;
        throw new AccountConflict(
          "The identity is registered with another role or wallet: replaceWallet changes a wallet",
        );
      }
      const account: AccountRow = { identity: who, role, xpub: null, nextIndex: 0 };
      this.#rows.putAccount(account);
      const first = this.#addWallet(account, 0, address);
      return { identity: who, role, wallet: address, wallets: [first], certificates: [] };
    });
  }

  /**
   * Gives a professional or an institution another wallet, after the old one was lost. The account keeps the old one in its list.
   *
   * @throws {PrivateKeyRefused}, {@link InvalidIdentity} or {@link InvalidAddress}; {@link AccountUnknown};
   * {@link AccountConflict} for a patient, or if the wallet belongs to an account already.
   */
  replaceWallet(identity: Identity, wallet: string): AccountWallet {
    const who = checkIdentity(identity);
    const address = storableAddress(wallet);
    return this.#write(() => {
      const account = this.#registered(who);
      if (account.xpub !== null) throw new AccountConflict("A patient's wallets come from the xpub: use allotWallet");
      return this.#addWallet(account, account.nextIndex, address);
    });
  }

  /**
   * Allots the patient's next fresh wallet. No index is ever given twice, whatever crashes and however many processes allot.
   *
   * @throws {InvalidIdentity}, {@link AccountUnknown}, {@link AccountConflict} for an account that is not a patient's.
   */
  allotWallet(identity: Identity): AccountWallet {
    const who = checkIdentity(identity);
    return this.#write(() => {
      const account = this.#registered(who);
      const { xpub } = account;
      if (xpub === null)
        throw new AccountConflict("Only a patient's wallets are allotted: replaceWallet changes another's");
      let index = account.nextIndex;
      let address = walletAddressAt(xpub, index);
      // Someone may have registered a wallet of this branch as a professional's; it must not serve two roles.
      while (this.#isTaken(address)) address = walletAddressAt(xpub, ++index);
      return this.#addWallet(account, index, address);
    });
  }

  /**
   * Keeps a certificate with the account of its wallet. Saving it again changes nothing. Whether a registrar signed it is
   * for `verifyCertificate` to say.
   *
   * @throws {InvalidCertificate} and what else `wellFormed` throws, also if role or commitment are not those of the
   * account and the wallet; {@link AccountUnknown} if the wallet is nobody's; {@link AccountConflict} if another
   * certificate has the same serial.
   */
  saveCertificate(signed: SignedCertificate): void {
    const storable = storableCertificate(signed);
    const { certificate } = storable;
    this.#write(() => {
      const account = this.#findByWallet(certificate.wallet);
      if (account === undefined) throw new AccountUnknown("wallet");
      const wallet = account.wallets.find(({ address }) => address === certificate.wallet);
      if (certificate.role !== account.role) throw new InvalidCertificate("role", "the role of the wallet's account");
      if (certificate.identityCommitment !== wallet?.identityCommitment) {
        throw new InvalidCertificate("identityCommitment", "the one that the store returned with this wallet");
      }
      const known = this.#rows.certificateWithSerial(certificate.serial);
      if (known === undefined) this.#rows.addCertificate(storable);
      else if (!isSame(known.certificate, certificate)) {
        throw new AccountConflict("Another certificate has the same serial: issue this one anew");
      }
    });
  }

  /**
   * The account registered under an identity, if any.
   *
   * @throws {InvalidIdentity}
   */
  find(identity: Identity): Account | undefined {
    const who = checkIdentity(identity);
    return this.#read(() => this.#find(who));
  }

  /**
   * The account that a wallet belongs to or belonged to, if any.
   *
   * @throws {InvalidAddress}
   */
  findByWallet(wallet: string): Account | undefined {
    const address = checksummed(wallet, "wallet");
    return this.#read(() => this.#findByWallet(address));
  }

  /** All accounts, in an order that says nothing about them. */
  list(): Account[] {
    return this.#read(() => this.#rows.identityIndexes().flatMap((identityIndex) => this.#load(identityIndex) ?? []));
  }

  /** Closes the store; nothing can be asked of it afterwards. Closing it again does nothing. */
  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }

  #read<T>(work: () => T): T {
    return inTransaction(this.#database, "DEFERRED", work);
  }

  #write<T>(work: () => T): T {
    return inTransaction(this.#database, "IMMEDIATE", work);
  }

  #accountRow(identityIndex: Uint8Array): AccountRow | undefined {
    const account = this.#rows.account(identityIndex);
    // Seals alone would not show that rows were deleted, or put back as they once were.
    if (account && account.nextIndex !== this.#rows.nextWalletIndex(identityIndex)) {
      throw new StoreDamaged("an account and its wallets do not fit together");
    }
    return account;
  }

  #registered(identity: Identity): AccountRow {
    const account = this.#accountRow(this.#rows.identityIndex(identity));
    if (account === undefined) throw new AccountUnknown("identity");
    return account;
  }

  #addWallet(account: AccountRow, index: number, address: string): AccountWallet {
    if (this.#isTaken(address)) throw new AccountConflict("The wallet belongs to an account already: give a fresh one");
    const wallet: WalletRow = { index, address, commitmentSalt: newCommitmentSalt() };
    this.#rows.addWallet(this.#rows.identityIndex(account.identity), wallet);
    this.#rows.putAccount({ ...account, nextIndex: index + 1 });
    return withCommitment(wallet, account.identity);
  }

  #isTaken(address: string): boolean {
    return this.#rows.identityIndexOfWallet(this.#rows.walletIndex(address)) !== undefined;
  }

  #find(identity: Identity): Account | undefined {
    return this.#load(this.#rows.identityIndex(identity));
  }

  #findByWallet(address: string): Account | undefined {
    const identityIndex = this.#rows.identityIndexOfWallet(this.#rows.walletIndex(address));
    return identityIndex && this.#load(identityIndex);
  }

  #load(identityIndex: Uint8Array): Account | undefined {
    const account = this.#accountRow(identityIndex);
    if (account === undefined) return undefined;
    const { identity, role, xpub } = account;
    const wallets = this.#rows.wallets(identityIndex).map((wallet) => withCommitment(wallet, identity));
    const certificates = wallets.flatMap(({ address }) => this.#rows.certificates(this.#rows.walletIndex(address)));
    const wallet = wallets.at(-1)?.address;
    if (role === Role.Patient && xpub !== null) return { identity, role, xpub, wallets, certificates };
    if (role !== Role.Patient && wallet !== undefined) return { identity, role, wallet, wallets, certificates };
    throw new StoreDamaged("an account has no wallet");
  }
}

function withCommitment(wallet: WalletRow, identity: Identity): AccountWallet {
  return { ...wallet, identityCommitment: commitToIdentity({ identity, salt: wallet.commitmentSalt }) };
}

function storableIdentity(identity: Identity): Identity {
  refusePrivateKey(identity.system, "identity's system");
  refusePrivateKey(identity.value, "identity's value");
  return checkIdentity(identity);
}

function storableAddress(wallet: string): string {
  refusePrivateKey(wallet, "wallet");
  return checksummed(wallet, "wallet");
}

function storableCertificate({ certificate, registrar, signature }: SignedCertificate): SignedCertificate {
  refusePrivateKey(registrar, "certificate's registrar");
  refusePrivateKey(signature, "certificate's signature");
  if (!isHexString(signature) || signature === "0x") throw new InvalidCertificate("signature", "its bytes in hex");
  return {
    certificate: wellFormed(certificate),
    registrar: checksummed(registrar, "certificate's registrar"),
    signature,
  };
}

function isSame(one: Certificate, other: Certificate): boolean {
  const fields = Object.keys(one) as (keyof Certificate)[];
  return fields.every((field) => one[field] === other[field]);
}
