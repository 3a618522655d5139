import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type HDNodeWallet, hexlify, type Signer, Wallet } from "ethers";
import { network } from "hardhat";
import { SiweMessage } from "siwe";
import {
  type DatabaseOptions,
  DatabaseReader,
  DatabaseSession,
  fetchSignedRequest,
  type RunningDatabase,
  type SectionCheck,
  sendBundle,
  signWaiting,
  startDatabase,
  type WalletDirectory,
  WalletUnknown,
} from "../../database/index.js";
import { deployHealthchain, type Healthchain } from "../../ignition/deploy.js";
import { certificateDomain, issueCertificate } from "../../src/accounts/certificate.js";
import { type CertifiedRole, Role } from "../../src/accounts/role.js";
import { isJsonObject } from "../../src/records/json.js";
import type { PurposeOfUseCode } from "../../src/records/purposeOfUse.js";
import { registerRecord } from "../../src/records/register.js";

/** The organization of the tiny bundle. */
export const ORGANIZATION = { system: "http://registry.example/org", value: "ORG-55-ALPHA" };

/** A chain with a certified hospital (institution 1), its doctor (professional 1), a colleague elsewhere, and a researcher. */
export interface Chain extends Healthchain {
  readonly connection: Awaited<ReturnType<typeof network.create>>;
  readonly chainId: bigint;
  readonly hospital: Signer;
  readonly clinic: Signer;
  readonly doctor: Signer;
  readonly researcher: Signer;
  readonly stranger: Signer;
  readonly registrar: Signer;
  certify(holder: Signer, role: CertifiedRole, institution?: number): Promise<void>;
  /** A certified patient's wallet, without gas. */
  patientWallet(): Promise<HDNodeWallet>;
  /** Gives a wallet what it needs to send transactions. */
  fund(wallet: Signer): Promise<void>;
}

export async function createChain(): Promise<Chain> {
  const connection = await network.create();
  const { ethers, networkHelpers } = connection;
  const [registrar, hospital, clinic, doctor, researcher, stranger] = await ethers.getSigners();
  if (!registrar || !hospital || !clinic || !doctor || !researcher || !stranger) throw new Error("Too few accounts.");
  const contracts = await deployHealthchain(connection);
  const { chainId } = await ethers.provider.getNetwork();
  const domain = certificateDomain(chainId, await contracts.accountCenter.getAddress());
  const certify = async (holder: Signer, role: CertifiedRole, institution = 0): Promise<void> => {
    const { certificate, signature } = await issueCertificate(registrar, domain, {
      wallet: await holder.getAddress(),
      role,
      institution,
      identityCommitment: hexlify(randomBytes(32)),
      expires: new Date(Date.now() + 365 * 86_400_000),
    });
    await contracts.accountCenter.enroll(certificate, registrar, signature);
  };
  await certify(hospital, Role.Institution);
  await certify(clinic, Role.Institution);
  await certify(doctor, Role.Doctor, 1);
  await certify(researcher, Role.Researcher);
  const patientWallet = async () => {
    const wallet = Wallet.createRandom().connect(ethers.provider);
    await certify(wallet, Role.Patient);
    return wallet;
  };
  const fund = async (wallet: Signer) => networkHelpers.setBalance(await wallet.getAddress(), 10n ** 18n);
  const people = { registrar, hospital, clinic, doctor, researcher, stranger };
  return { ...contracts, ...people, connection, chainId, certify, patientWallet, fund };
}

/** The account center's side in the tests: knows one doctor, and gives each encounter of a patient a wallet of its own. */
export class TestWallets implements WalletDirectory {
  readonly #chain: Chain;
  readonly byEncounter = new Map<string, HDNodeWallet>();

  constructor(chain: Chain) {
    this.#chain = chain;
  }

  async patientWallet(identifiers: Parameters<WalletDirectory["patientWallet"]>[0], encounterKey: string) {
    if (identifiers.length === 0) throw new WalletUnknown("patient");
    const wallet = this.byEncounter.get(encounterKey) ?? (await this.#chain.patientWallet());
    this.byEncounter.set(encounterKey, wallet);
    return wallet.address;
  }

  async doctorWallet() {
    return { wallet: await this.#chain.doctor.getAddress(), number: 1 };
  }

  /** The wallet with this address. */
  of(address: string): HDNodeWallet {
    const found = [...this.byEncounter.values()].find((wallet) => wallet.address === address);
    if (found === undefined) throw new Error(`No patient has ${address}.`);
    return found;
  }
}

/** A folder of the test's own, deleted by `remove`. */
export function temporaryFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), "healthchain-database-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** The chain, one institution's service on a file of its own, and what tests do with them. */
export class World {
  readonly chain: Chain;
  readonly wallets: TestWallets;
  readonly file: string;
  readonly kek = randomBytes(32);
  readonly #folder = temporaryFolder();
  /** How far the service's clock is ahead, in milliseconds; see {@link travel}. */
  ahead = 0;
  #service: RunningDatabase | undefined;

  private constructor(chain: Chain) {
    this.chain = chain;
    this.wallets = new TestWallets(chain);
    this.file = join(this.#folder.path, "hospital.sqlite");
  }

  static async create(options: Partial<DatabaseOptions> = {}): Promise<World> {
    const world = new World(await createChain());
    await world.start(options);
    return world;
  }

  get service(): RunningDatabase {
    if (this.#service === undefined) throw new Error("The service does not run.");
    return this.#service;
  }

  get database() {
    const database = this.service.institutions.get(1);
    if (database === undefined) throw new Error("Institution 1 is not served.");
    return database;
  }

  /** Starts the service, or starts it again on the same file. */
  async start(options: Partial<DatabaseOptions> = {}): Promise<void> {
    await this.#service?.close();
    const { accountCenter, recordRegistry, consentRegistry, dataMarket, connection } = this.chain;
    const addresses = {
      accountCenter: await accountCenter.getAddress(),
      recordRegistry: await recordRegistry.getAddress(),
      consentRegistry: await consentRegistry.getAddress(),
      dataMarket: await dataMarket.getAddress(),
    };
    const hospital = {
      number: 1,
      name: "Fernhollow General",
      organization: ORGANIZATION,
      file: this.file,
      kek: this.kek,
    };
    this.#service = await startDatabase({
      port: 0,
      institutions: [hospital],
      chain: { provider: connection.ethers.provider, addresses },
      walletDirectory: this.wallets,
      clock: () => new Date(Date.now() + this.ahead),
      ...options,
    });
  }

  /** Lets time pass, on the chain and on the service's clock. */
  async travel(milliseconds: number): Promise<void> {
    await this.chain.connection.networkHelpers.time.increase(milliseconds / 1000);
    this.ahead += milliseconds;
  }

  async close(): Promise<void> {
    await this.#service?.close();
    await this.chain.connection.close();
    this.#folder.remove();
  }

  #login(signer: Signer, purpose: PurposeOfUseCode) {
    const clock = () => new Date(Date.now() + this.ahead);
    return { url: this.service.url, institution: 1, signer, purpose, chainId: this.chain.chainId, clock };
  }

  session(signer: Signer, purpose: PurposeOfUseCode = "TREAT"): Promise<DatabaseSession> {
    return DatabaseSession.open(this.#login(signer, purpose));
  }

  /** A Bearer token, got by hand. */
  async token(signer: Signer, purpose: PurposeOfUseCode = "TREAT"): Promise<string> {
    const message = await this.loginMessage(signer, { resources: [`urn:healthchain:purpose:${purpose}`] });
    const answer = await this.logIn(message, await signer.signMessage(message));
    if (!isJsonObject(answer.body)) throw new Error("The login has no answer.");
    return String(answer.body.access_token);
  }

  /** A message as a login wants it, but for `fields`. */
  async loginMessage(signer: Signer, fields: Partial<SiweMessage> = {}): Promise<string> {
    const { nonce } = (await (await fetch(`${this.service.url}/1/nonce`)).json()) as { nonce: string };
    const now = Date.now() + this.ahead;
    return new SiweMessage({
      domain: new URL(this.service.url).host,
      address: await signer.getAddress(),
      uri: `${this.service.url}/1/fhir`,
      version: "1",
      chainId: Number(this.chain.chainId),
      nonce,
      issuedAt: new Date(now).toISOString(),
      expirationTime: new Date(now + 30 * 60_000).toISOString(),
      resources: ["urn:healthchain:purpose:TREAT"],
      ...fields,
    }).prepareMessage();
  }

  /** Sends a login as it is. */
  async logIn(message: string, signature: string): Promise<{ readonly status: number; readonly body: unknown }> {
    const body = JSON.stringify({ message, signature });
    const headers = { "content-type": "application/json" };
    const response = await fetch(`${this.service.url}/1/login`, { method: "POST", headers, body });
    return { status: response.status, body: await response.json() };
  }

  reader(signer: Signer, purpose: PurposeOfUseCode = "TREAT", check?: SectionCheck): Promise<DatabaseReader> {
    return DatabaseReader.open(this.#login(signer, purpose), this.chain.recordRegistry, check);
  }

  /** Sends a bundle as the hospital; returns the ids of its records. */
  async ingest(bundle: Uint8Array): Promise<string[]> {
    const sent = await sendBundle(await this.session(this.chain.hospital), Uint8Array.from(bundle));
    return sent.encounters.flatMap(({ recordId }) => recordId ?? []);
  }

  /** The wallet of the patient who has to sign a record. */
  async patientOf(id: string): Promise<HDNodeWallet> {
    const query = this.database.storage.selectFrom("signing_requests").select("patient_wallet");
    return this.wallets.of((await query.where("record_id", "=", id).executeTakeFirstOrThrow()).patient_wallet);
  }

  /** Has doctor and patient sign, and the hospital register the record. */
  async register(id: string): Promise<void> {
    const patient = await this.patientOf(id);
    await signWaiting(await this.session(this.chain.doctor), id, this.chain.doctor);
    await signWaiting(await this.session(patient, "PATRQT"), id, patient);
    const signed = await fetchSignedRequest(await this.session(this.chain.hospital), id);
    await registerRecord(this.chain.recordRegistry.connect(this.chain.hospital), signed);
  }
}

/** What `run` rejects with. */
export async function rejection(run: Promise<unknown>): Promise<unknown> {
  try {
    await run;
  } catch (error) {
    return error;
  }
  throw new Error("Nothing was thrown.");
}
