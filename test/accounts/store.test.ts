import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect } from "chai";
import { HDNodeWallet, Wallet } from "ethers";
import {
  AccountConflict,
  type AccountStore,
  AccountUnknown,
  type AccountWallet,
  type CertifiedRole,
  certificateDomain,
  commitToIdentity,
  InvalidAddress,
  InvalidCertificate,
  InvalidIdentity,
  InvalidRole,
  InvalidStoreSecret,
  InvalidXpub,
  issueCertificate,
  openStore,
  PrivateKeyRefused,
  Role,
  type SignedCertificate,
  StoreDamaged,
  StoreLocked,
  StoreUnavailable,
  WALLET_BRANCH,
  walletAddressAt,
  xpubOf,
} from "../../src/accounts/index.js";

const PHRASE = "test test test test test test test test test test test junk";
const key = new Uint8Array(32).fill(7);
const xpub = xpubOf(PHRASE);
const otherXpub = xpubOf(HDNodeWallet.fromSeed(key));
const patient = { system: "http://hl7.org/fhir/sid/us-ssn", value: "999-49-2969" };
const otherPatient = { system: "http://hl7.org/fhir/sid/us-ssn", value: "999-12-3456" };
const doctor = { system: "http://hl7.org/fhir/sid/us-npi", value: "9999912345" };
const doctorWallet = new Wallet(`0x${"22".repeat(32)}`).address;
const registrar = new Wallet(`0x${"11".repeat(32)}`);
const domain = certificateDomain(31337, "0x5FbDB2315678afecb367f032d93F642f64180aa3");

function certify(wallet: AccountWallet, role: CertifiedRole, institution = 0): Promise<SignedCertificate> {
  const { address, identityCommitment } = wallet;
  const expires = new Date(Date.now() + 86_400_000);
  return issueCertificate(registrar, domain, { wallet: address, role, institution, identityCommitment, expires });
}

describe("AccountStore", () => {
  let directory: string;
  let path: string;
  let store: AccountStore;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "accounts-"));
    path = join(directory, "accounts.db");
    store = openStore({ path, key });
  });

  afterEach(() => {
    store.close();
    rmSync(directory, { recursive: true });
  });

  /** Every byte on disk: the file, its log, and whatever else lies beside it. */
  function bytesOnDisk(): Buffer {
    return Buffer.concat(readdirSync(directory).map((name) => readFileSync(join(directory, name))));
  }

  function tamper(sql: string): void {
    const database = new DatabaseSync(path, { enableForeignKeyConstraints: false });
    database.exec(sql);
    database.close();
  }

  describe("registerPatient", () => {
    it("registers a patient, who is then found", () => {
      const account = store.registerPatient(patient, xpub);
      expect(account).to.deep.equal({ identity: patient, role: Role.Patient, xpub, wallets: [], certificates: [] });
      expect(store.find(patient)).to.deep.equal(account);
      expect(store.find(otherPatient)).to.equal(undefined);
    });

    it("changes nothing when done again", () => {
      store.registerPatient(patient, xpub);
      const wallet = store.allotWallet(patient);
      expect(store.registerPatient(patient, xpub).wallets).to.deep.equal([wallet]);
      expect(store.list()).to.have.lengthOf(1);
    });

    it("refuses another xpub for the same identity, and the same xpub for another", () => {
      store.registerPatient(patient, xpub);
      expect(() => store.registerPatient(patient, otherXpub)).to.throw(AccountConflict, "another role or xpub");
      expect(() => store.registerPatient(otherPatient, xpub)).to.throw(AccountConflict, "another account");
      expect(store.list()).to.have.lengthOf(1);
    });

    it("refuses malformed values and leaves nothing behind", () => {
      expect(() => store.registerPatient({ ...patient, value: " " }, xpub)).to.throw(InvalidIdentity);
      expect(() => store.registerPatient(patient, "xpub")).to.throw(InvalidXpub);
      expect(store.list()).to.deep.equal([]);
    });
  });

  describe("registerProfessional", () => {
    it("registers a professional with a wallet and its commitment", () => {
      const account = store.registerProfessional(doctor, Role.Doctor, doctorWallet.toLowerCase());
      expect(account).to.include({ role: Role.Doctor, wallet: doctorWallet });
      expect(account.wallets).to.have.lengthOf(1);
      expect(store.find(doctor)).to.deep.equal(account);
      expect(store.registerProfessional(doctor, Role.Doctor, doctorWallet)).to.deep.equal(account);
    });

    it("refuses another role or wallet for the same identity, and a wallet that is somebody's", () => {
      store.registerProfessional(doctor, Role.Doctor, doctorWallet);
      store.registerPatient(patient, xpub);
      const { address } = store.allotWallet(patient);
      const other = { ...doctor, value: "2" };
      expect(() => store.registerProfessional(doctor, Role.Auditor, doctorWallet)).to.throw(AccountConflict);
      expect(() => store.registerProfessional(doctor, Role.Doctor, registrar.address)).to.throw(AccountConflict);
      expect(() => store.registerProfessional(patient, Role.Doctor, registrar.address)).to.throw(AccountConflict);
      expect(() => store.registerPatient(doctor, otherXpub)).to.throw(AccountConflict);
      for (const taken of [doctorWallet, address]) {
        expect(() => store.registerProfessional(other, Role.Doctor, taken)).to.throw(AccountConflict, "belongs to");
      }
      expect(store.find(other)).to.equal(undefined);
    });

    it("refuses roles that are no professional's, and malformed wallets", () => {
      for (const role of [0, 1, 9]) {
        expect(() => store.registerProfessional(doctor, Number(role) as 2, doctorWallet)).to.throw(InvalidRole);
      }
      expect(() => store.registerProfessional(doctor, Role.Doctor, "0x12")).to.throw(InvalidAddress);
      expect(store.list()).to.deep.equal([]);
    });
  });

  describe("replaceWallet", () => {
    it("makes the new wallet the present one, and still finds the account by the old", () => {
      store.registerProfessional(doctor, Role.Doctor, doctorWallet);
      const replaced = store.replaceWallet(doctor, registrar.address);
      expect(store.findByWallet(doctorWallet)).to.include({ wallet: registrar.address });
      expect(store.find(doctor)?.wallets.map(({ address }) => address)).to.deep.equal([doctorWallet, replaced.address]);
    });

    it("refuses a wallet that is somebody's, a patient, and an unknown identity", () => {
      store.registerProfessional(doctor, Role.Doctor, doctorWallet);
      store.registerPatient(patient, xpub);
      expect(() => store.replaceWallet(doctor, doctorWallet)).to.throw(AccountConflict, "belongs to an account");
      expect(() => store.replaceWallet(patient, registrar.address)).to.throw(AccountConflict, "allotWallet");
      expect(() => store.replaceWallet(otherPatient, registrar.address)).to.throw(AccountUnknown);
    });
  });

  describe("allotWallet", () => {
    it("gives the addresses of the branch one after the other, each with its own commitment", () => {
      store.registerPatient(patient, xpub);
      const wallets = [0, 1, 2].map(() => store.allotWallet(patient));
      expect(wallets.map(({ index }) => index)).to.deep.equal([0, 1, 2]);
      for (const { index, address, commitmentSalt, identityCommitment } of wallets) {
        expect(address).to.equal(walletAddressAt(xpub, index));
        expect(identityCommitment).to.equal(commitToIdentity({ identity: patient, salt: commitmentSalt }));
      }
      expect(new Set(wallets.map(({ identityCommitment }) => identityCommitment)).size).to.equal(3);
      expect(store.find(patient)?.wallets).to.deep.equal(wallets);
    });

    it("passes over a wallet of the branch that is registered as a professional's", () => {
      store.registerPatient(patient, xpub);
      store.registerProfessional(doctor, Role.Doctor, walletAddressAt(xpub, 1));
      expect([0, 1].map(() => store.allotWallet(patient).index)).to.deep.equal([0, 2]);
      expect(store.find(patient)?.wallets.map(({ index }) => index)).to.deep.equal([0, 2]);
    });

    it("refuses an unknown identity and a professional", () => {
      store.registerProfessional(doctor, Role.Doctor, doctorWallet);
      expect(() => store.allotWallet(patient)).to.throw(AccountUnknown);
      expect(() => store.allotWallet(doctor)).to.throw(AccountConflict, "replaceWallet");
    });

    it("gives two handles on one file no index twice", () => {
      store.registerPatient(patient, xpub);
      const other = openStore({ path, key });
      const indexes = [store, other, other, store, other, store].map((handle) => handle.allotWallet(patient).index);
      expect(indexes).to.deep.equal([0, 1, 2, 3, 4, 5]);
      expect(other.list()).to.deep.equal(store.list());
      other.close();
    });
  });

  describe("saveCertificate", () => {
    it("keeps certificates with their account, once each", async () => {
      store.registerPatient(patient, xpub);
      const [first, second] = [store.allotWallet(patient), store.allotWallet(patient)];
      const saved = [
        await certify(first, Role.Patient),
        await certify(first, Role.Patient),
        await certify(second, Role.Patient),
      ];
      for (const signed of [...saved, ...saved]) store.saveCertificate(signed);
      expect(store.find(patient)?.certificates).to.deep.equal(saved);
    });

    it("keeps a professional's certificate", async () => {
      const { wallets } = store.registerProfessional(doctor, Role.Doctor, doctorWallet);
      const signed = await certify(wallets[0] as AccountWallet, Role.Doctor, 3);
      store.saveCertificate(signed);
      expect(store.findByWallet(doctorWallet)?.certificates).to.deep.equal([signed]);
    });

    it("refuses what does not fit the account", async () => {
      store.registerPatient(patient, xpub);
      const [wallet, other] = [store.allotWallet(patient), store.allotWallet(patient)];
      const signed = await certify(wallet, Role.Patient);
      const nobody = await certify({ ...wallet, address: registrar.address }, Role.Patient);
      const swapped = await certify({ ...wallet, identityCommitment: other.identityCommitment }, Role.Patient);
      expect(() => store.saveCertificate(nobody)).to.throw(AccountUnknown, "wallet belongs to no account");
      expect(() => store.saveCertificate(swapped)).to.throw(InvalidCertificate, "identityCommitment");
      const role = { ...signed, certificate: { ...signed.certificate, role: Role.Bank } };
      expect(() => store.saveCertificate(role)).to.throw(InvalidCertificate, "role");
      for (const signature of ["", "0x", "signed"]) {
        expect(() => store.saveCertificate({ ...signed, signature })).to.throw(InvalidCertificate, "signature");
      }
      expect(store.find(patient)?.certificates).to.deep.equal([]);
    });

    it("refuses another certificate with the same serial", async () => {
      store.registerPatient(patient, xpub);
      const signed = await certify(store.allotWallet(patient), Role.Patient);
      store.saveCertificate(signed);
      const later = { ...signed.certificate, expiresAt: signed.certificate.expiresAt + 1 };
      expect(() => store.saveCertificate({ ...signed, certificate: later })).to.throw(AccountConflict, "serial");
      expect(store.find(patient)?.certificates).to.deep.equal([signed]);
    });
  });

  describe("findByWallet", () => {
    it("finds the account behind each of its wallets, however written", () => {
      store.registerPatient(patient, xpub);
      for (const { address } of [store.allotWallet(patient), store.allotWallet(patient)]) {
        expect(store.findByWallet(address.toLowerCase())).to.deep.equal(store.find(patient));
      }
      expect(store.findByWallet(walletAddressAt(xpub, 2))).to.equal(undefined);
      expect(() => store.findByWallet("0x12")).to.throw(InvalidAddress);
    });
  });

  describe("private keys", () => {
    it("are refused wherever something is kept, and nothing is left behind", async () => {
      const { privateKey } = registrar;
      const { extendedKey } = HDNodeWallet.fromPhrase(PHRASE, "", WALLET_BRANCH);
      for (const secret of [privateKey, extendedKey, PHRASE]) {
        const attempts = [
          () => store.registerPatient({ ...patient, value: secret }, xpub),
          () => store.registerPatient({ ...patient, system: secret }, xpub),
          () => store.registerPatient(patient, secret),
          () => store.registerProfessional({ ...doctor, value: secret }, Role.Doctor, doctorWallet),
          () => store.registerProfessional(doctor, Role.Doctor, secret),
          () => store.replaceWallet(doctor, secret),
        ];
        for (const attempt of attempts) expect(attempt).to.throw(PrivateKeyRefused);
      }
      const { wallets } = store.registerProfessional(doctor, Role.Doctor, doctorWallet);
      const signed = await certify(wallets[0] as AccountWallet, Role.Doctor, 1);
      expect(() => store.saveCertificate({ ...signed, signature: privateKey })).to.throw(PrivateKeyRefused);
      expect(() => store.saveCertificate({ ...signed, registrar: privateKey })).to.throw(PrivateKeyRefused);
      expect(store.list()).to.have.lengthOf(1);
    });
  });

  describe("the file", () => {
    async function fill(): Promise<void> {
      store.registerPatient(patient, xpub);
      store.saveCertificate(await certify(store.allotWallet(patient), Role.Patient));
      store.registerPatient(otherPatient, otherXpub);
      store.allotWallet(otherPatient);
      store.registerProfessional(doctor, Role.Doctor, doctorWallet);
    }

    it("holds everything when it is opened again", async () => {
      await fill();
      const accounts = store.list();
      store.close();
      store = openStore({ path, key });
      expect(store.list()).to.deep.equal(accounts).and.have.lengthOf(3);
      expect(store.allotWallet(patient).index).to.equal(1);
    });

    it("shows no identity, xpub, address, commitment or signature, neither open nor closed", async () => {
      await fill();
      const account = store.find(patient);
      const [wallet, signed] = [account?.wallets[0], account?.certificates[0]];
      const values = [patient, otherPatient, doctor].flatMap(({ system, value }) => [system, value]);
      const hex = [
        wallet?.address,
        wallet?.commitmentSalt,
        wallet?.identityCommitment,
        signed?.signature,
        doctorWallet,
      ];
      const texts = [...values, xpub, otherXpub, ...hex.map((text) => text?.slice(2) ?? "missing")];
      const assertHidden = () => {
        const disk = bytesOnDisk();
        const lowerCase = disk.toString("latin1").toLowerCase();
        for (const text of texts) expect(lowerCase.includes(text.toLowerCase()), text).to.equal(false);
        for (const text of hex) expect(disk.includes(Buffer.from(text?.slice(2) ?? "", "hex")), text).to.equal(false);
      };
      assertHidden();
      store.close();
      assertHidden();
    });

    it("can be read by its owner only", () => {
      for (const name of readdirSync(directory)) expect(statSync(join(directory, name)).mode & 0o077).to.equal(0);
    });

    for (const table of ["accounts", "wallets", "certificates"]) {
      it(`is known to be damaged when a byte of ${table} is flipped`, async () => {
        await fill();
        store.close();
        const database = new DatabaseSync(path);
        const row = database.prepare(`SELECT sealed FROM ${table} LIMIT 1`).get() as { sealed: Uint8Array };
        database.close();
        const file = readFileSync(path);
        // A long payload continues on another page of the file, so only its start is sure to lie in one piece.
        const at = file.indexOf(row.sealed.subarray(0, 64)) + 40;
        file.writeUInt8(file.readUInt8(at) ^ 1, at);
        writeFileSync(path, file);
        store = openStore({ path, key });
        expect(() => store.list()).to.throw(StoreDamaged, "restore it from a backup");
      });
    }

    const manipulations = {
      "rows are swapped": `UPDATE wallets SET sealed = (SELECT sealed FROM wallets AS w WHERE w.wallet_index <> wallets.wallet_index LIMIT 1)`,
      "the last wallet is deleted": "DELETE FROM wallets",
      "a certificate is moved to another wallet": `UPDATE certificates SET wallet_index =
        (SELECT wallet_index FROM wallets WHERE wallet_index <> certificates.wallet_index LIMIT 1)`,
      "a wallet is moved to another account": `UPDATE wallets SET position = position + 7, identity_index =
        (SELECT identity_index FROM accounts WHERE identity_index <> wallets.identity_index LIMIT 1)
        WHERE wallet_index = (SELECT min(wallet_index) FROM wallets)`,
    };
    for (const [what, sql] of Object.entries(manipulations)) {
      it(`is known to be damaged when ${what}`, async () => {
        await fill();
        tamper(sql);
        expect(() => store.list()).to.throw(StoreDamaged);
      });
    }

    it("allots nothing twice when an account's row is put back as it once was", () => {
      store.registerPatient(patient, xpub);
      tamper("CREATE TABLE backup AS SELECT * FROM accounts");
      store.allotWallet(patient);
      tamper("UPDATE accounts SET sealed = (SELECT sealed FROM backup)");
      expect(() => store.find(patient)).to.throw(StoreDamaged);
      expect(() => store.allotWallet(patient)).to.throw(StoreDamaged);
    });
  });

  describe("openStore", () => {
    it("opens with the passphrase it was made with, and no other", function () {
      this.timeout(20_000);
      const secret = { path: join(directory, "passphrase.db"), passphrase: "correct horse battery" };
      const made = openStore(secret);
      made.registerPatient(patient, xpub);
      made.close();
      const opened = openStore(secret);
      expect(opened.find(patient)).to.include({ xpub });
      opened.close();
      expect(() => openStore({ ...secret, passphrase: "correct horse batterie" })).to.throw(StoreLocked);
      expect(() => openStore({ path: secret.path, key })).to.throw(StoreLocked);
    });

    it("stays locked to another key, and when its header was tampered with", () => {
      expect(() => openStore({ path, key: new Uint8Array(32) })).to.throw(StoreLocked);
      tamper("UPDATE header SET sealed_keys = zeroblob(92)");
      expect(() => openStore({ path, key })).to.throw(StoreLocked);
      tamper("DELETE FROM header");
      expect(() => openStore({ path, key })).to.throw(StoreDamaged, "header");
    });

    it("refuses a secret that is too short before it makes a file", () => {
      const absent = join(directory, "absent.db");
      expect(() => openStore({ path: absent, passphrase: "short" })).to.throw(InvalidStoreSecret);
      expect(() => openStore({ path: absent, key: key.subarray(1) })).to.throw(InvalidStoreSecret);
      expect(existsSync(absent)).to.equal(false);
    });

    it("refuses a file that is something else, and does not change it", () => {
      const text = join(directory, "letter.txt");
      writeFileSync(text, "Dear colleague, ".repeat(100));
      expect(() => openStore({ path: text, key })).to.throw(StoreDamaged);
      expect(readFileSync(text, "utf8")).to.equal("Dear colleague, ".repeat(100));

      const foreign = join(directory, "foreign.db");
      const database = new DatabaseSync(foreign);
      database.exec("CREATE TABLE letters (text TEXT)");
      database.close();
      const before = readFileSync(foreign);
      expect(() => openStore({ path: foreign, key })).to.throw(StoreDamaged, "not a store of accounts");
      expect(readFileSync(foreign)).to.deep.equal(before);
    });

    it("says so when the path cannot be opened, or the store is closed", () => {
      expect(() => openStore({ path: join(directory, "no", "accounts.db"), key })).to.throw(StoreUnavailable);
      expect(() => openStore({ path: directory, key })).to.throw(StoreUnavailable);
      store.close();
      store.close();
      expect(() => store.list()).to.throw(StoreUnavailable);
    });
  });
});
