import type { Provider, Signer } from "ethers";
import { HDNodeWallet, Mnemonic, randomBytes, Wallet } from "ethers";
import { type WalletDirectory, WalletUnknown } from "../../database/walletDirectory.js";
import type { Healthchain } from "../../ignition/deploy.js";
import { unpackAccount } from "../../src/accounts/certifiedAccount.js";
import {
  type AccountStore,
  type CertificateDomain,
  certificateDomain,
  enrollCertificate,
  type Identity,
  issueCertificate,
  openStore,
  type ProfessionalRole,
  Role,
  type RoleCode,
  walletSignerAt,
  xpubOf,
} from "../../src/accounts/index.js";
import { shuffleAcross } from "../../src/records/fanOut.js";
import type { Identifier } from "../../src/records/index.js";
import { DAY } from "../../src/utcDay.js";
import { ConcurrentWallet } from "./concurrentWallet.js";
import { identityOf, keyOf } from "./identity.js";
import { together } from "./together.js";

/** A certified professional or institution. */
export interface Certified {
  readonly signer: Wallet;
  readonly number: number;
  /** Where it works; an institution's own number. */
  readonly institution: number;
}

/** How somebody is certified where it is not as usual. */
export interface CertifyOptions {
  /** Where a professional works. */
  readonly institution?: number;
  /** The very second at which the certificate ends; by default about a year from now, with a month. */
  readonly expires?: Date;
  /** The wallet, certified already or not; by default a new one. */
  readonly wallet?: ConcurrentWallet;
}

const year = 365 * DAY;

/**
 * The consortium's account center as the demo plays it: registers identities in the encrypted store, certifies wallets, and tells the
 * databases whose wallet signs. Patients keep their phrases; the center holds extended public keys only.
 */
export class DemoAccountCenter implements WalletDirectory {
  readonly #contracts: Healthchain;
  readonly #registrar: Signer;
  readonly #domain: CertificateDomain;
  readonly #store: AccountStore;
  readonly #now: () => Date;
  readonly #phrases = new Map<string, string>();
  readonly #doctors = new Map<string, Certified>();
  readonly #attending = new Map<number, Certified>();
  readonly #ofEncounter = new Map<string, string>();
  readonly #owners = new Map<string, { identity: Identity; index: number }>();
  readonly #roles = new Map<string, RoleCode>();
  /** Certified wallets of each patient that no encounter has yet. */
  readonly #ready = new Map<string, string[]>();

  private constructor(
    contracts: Healthchain,
    registrar: Signer,
    domain: CertificateDomain,
    store: AccountStore,
    now: () => Date,
  ) {
    this.#contracts = contracts;
    this.#registrar = registrar;
    this.#domain = domain;
    this.#store = store;
    this.#now = now;
  }

  /** @param file path of the encrypted store */
  static async open(contracts: Healthchain, registrar: Signer, file: string, now: () => Date) {
    const network = await registrar.provider?.getNetwork();
    const domain = certificateDomain(network?.chainId ?? 0n, await contracts.accountCenter.getAddress());
    return new DemoAccountCenter(contracts, registrar, domain, openStore({ path: file, key: randomBytes(32) }), now);
  }

  close(): void {
    this.#store.close();
  }

  /** Certifies an institution or a professional; a wallet that is certified already gets another certificate. */
  async certify(
    identity: Identity,
    role: ProfessionalRole,
    { institution = 0, expires, wallet }: CertifyOptions = {},
  ): Promise<Certified> {
    const signer = wallet ?? new ConcurrentWallet(Wallet.createRandom().privateKey, this.#registrar.provider);
    const { wallets } = this.#store.registerProfessional(identity, role, signer.address);
    const commitment = wallets.at(-1)?.identityCommitment ?? "";
    await this.#enroll(signer.address, role, institution, commitment, expires);
    const account = unpackAccount(await this.#contracts.accountCenter.accounts(signer.address));
    return { signer, number: account.number, institution: account.institution };
  }

  /** Certifies the doctor of an institution whom bundles name by `identity`; the first one is its attending physician. */
  async certifyDoctor(identity: Identity, institution: number): Promise<Certified> {
    const doctor = await this.certify(identity, Role.Doctor, { institution });
    this.#doctors.set(keyOf(identity), doctor);
    if (!this.#attending.has(institution)) this.#attending.set(institution, doctor);
    return doctor;
  }

  /** A patient's first visit: the phrase is made on the patient's device, the center gets the extended public key. */
  registerPatient(identity: Identity): void {
    const phrase = Mnemonic.fromEntropy(randomBytes(16)).phrase;
    this.#phrases.set(keyOf(identity), phrase);
    this.#store.registerPatient(identity, xpubOf(HDNodeWallet.fromPhrase(phrase, "", "m")));
  }

  /**
   * Certifies fresh wallets for the visits to come, those of all patients mixed.
   *
   * @param visits one patient for each visit.
   * @param done hears how many are certified.
   */
  async certifyWallets(visits: readonly Identity[], done: (count: number) => void): Promise<void> {
    const certify = async (identity: Identity) => {
      const wallet = await this.#freshWallet(identity);
      this.#ready.set(keyOf(identity), [...(this.#ready.get(keyOf(identity)) ?? []), wallet]);
    };
    await together(shuffleAcross([visits]), certify, done);
  }

  async patientWallet(identifiers: readonly Identifier[], encounterKey: string): Promise<string> {
    const known = this.#ofEncounter.get(encounterKey);
    if (known !== undefined) return known;
    const identity = identityOf(identifiers);
    if (!identity || !this.#phrases.has(keyOf(identity))) throw new WalletUnknown("patient");
    const wallet = this.#ready.get(keyOf(identity))?.pop() ?? (await this.#freshWallet(identity));
    this.#ofEncounter.set(encounterKey, wallet);
    return wallet;
  }

  async doctorWallet(identifiers: readonly Identifier[] | undefined, institution: number) {
    const identity = identifiers && identityOf(identifiers);
    const doctor = identity ? this.#doctors.get(keyOf(identity)) : this.#attending.get(institution);
    if (!doctor) throw new WalletUnknown("doctor");
    return { wallet: doctor.signer.address, number: doctor.number };
  }

  /** The doctors of an institution. */
  doctorsOf(institution: number): Certified[] {
    return [...this.#doctors.values()].filter((doctor) => doctor.institution === institution);
  }

  /** The doctor who has this number. */
  doctorOf(number: number): Certified {
    for (const doctor of this.#doctors.values()) if (doctor.number === number) return doctor;
    throw new WalletUnknown("doctor");
  }

  /** The signer of a patient's wallet: what the patient's device does, not the center. */
  patientSigner(wallet: string, provider: Provider): Wallet {
    const owner = this.#owners.get(wallet);
    const phrase = owner && this.#phrases.get(keyOf(owner.identity));
    if (!owner || !phrase) throw new WalletUnknown("patient");
    return walletSignerAt(phrase, owner.index).connect(provider);
  }

  /** Which patient each wallet is of: the secret that the chain must not tell. */
  owners(): ReadonlyMap<string, string> {
    return new Map([...this.#owners].map(([wallet, { identity }]) => [wallet, keyOf(identity)]));
  }

  /** The role of each wallet that was certified here. */
  roles(): ReadonlyMap<string, RoleCode> {
    return this.#roles;
  }

  async #freshWallet(identity: Identity): Promise<string> {
    const { address, index, identityCommitment } = this.#store.allotWallet(identity);
    await this.#enroll(address, Role.Patient, 0, identityCommitment);
    this.#owners.set(address, { identity, index });
    return address;
  }

  #in(seconds: number): Date {
    return new Date(this.#now().getTime() + seconds * 1000);
  }

  /** The certificate ends about a year from now, with a month; or at the very second `exactly`. */
  async #enroll(
    wallet: string,
    role: 1 | ProfessionalRole,
    institution: number,
    identityCommitment: string,
    exactly?: Date,
  ): Promise<void> {
    const signed = await issueCertificate(this.#registrar, this.#domain, {
      wallet,
      role,
      institution,
      identityCommitment,
      expires: exactly ?? this.#in(year),
      exactExpiry: exactly !== undefined,
      now: this.#now(),
    });
    this.#store.saveCertificate(signed);
    await enrollCertificate(this.#contracts.accountCenter, signed);
    this.#roles.set(wallet, role);
  }
}
