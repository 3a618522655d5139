import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { getAddress, parseEther, toBeHex, Wallet } from "ethers";
import type { NetworkConnection } from "hardhat/types/network";
import { deployHealthchain, type Healthchain } from "../../ignition/deploy.js";
import {
  type CertificateDomain,
  type CertifiedRole,
  certificateDomain,
  commitToIdentity,
  issueCertificate,
  newCommitmentSalt,
  Role,
} from "../../src/accounts/index.js";
import { allotEmission } from "../../src/coin/index.js";
import { signTyped } from "../../src/eip712.js";
import { DataClass, dataClassBits } from "../../src/records/dataClass.js";
import { allRecords, institution as byNumber, grantKeyOf } from "../../src/records/grant.js";
import { packSubject } from "../../src/records/indexedRecord.js";
import { PurposeOfUse, purposeBits } from "../../src/records/purposeOfUse.js";
import { headerHash, recordId } from "../../src/records/recordId.js";
import { recordBatchStatement, recordDomain } from "../../src/records/recordSignatures.js";
import { DAY, dayFloor } from "../../src/utcDay.js";
import { impersonate, sendAll } from "./sending.js";

const batchSize = 100;
const doctorNumber = 1;
const sectionClasses = dataClassBits(DataClass.Laboratory, DataClass.VitalSigns);

/** A record that a patient lets the hospital sell. */
export interface Offered {
  readonly id: string;
  /** Its grant. */
  readonly key: string;
}

/** Hospitals with many records of as many patients, each with the consent to sell it, and consumers with coin. */
export class Marketplace {
  readonly connection: NetworkConnection;
  readonly contracts: Healthchain;
  /** An account that may do everything for the consortium. */
  readonly operator: HardhatEthersSigner;
  /** Institution n is the one at n - 1. */
  readonly hospitals: readonly HardhatEthersSigner[];
  readonly buyer: HardhatEthersSigner;
  readonly #registrar = new Wallet(toBeHex(0xbe9c, 32));
  readonly #doctor = new Wallet(toBeHex(0xd0c, 32));
  readonly #domain: CertificateDomain;
  readonly #today: number;
  readonly #offered: Offered[] = [];

  private constructor(
    connection: NetworkConnection,
    contracts: Healthchain,
    { operator, buyer, hospitals }: Pick<Marketplace, "operator" | "buyer" | "hospitals">,
    domain: CertificateDomain,
    today: number,
  ) {
    this.connection = connection;
    this.contracts = contracts;
    this.operator = operator;
    this.hospitals = hospitals;
    this.buyer = buyer;
    this.#domain = domain;
    this.#today = today;
  }

  static async found(connection: NetworkConnection): Promise<Marketplace> {
    const { provider: node } = connection.ethers;
    const [operator, buyer, ...others] = await connection.ethers.getSigners();
    if (!operator || !buyer) throw new Error("The network has too few accounts.");
    const registrar = new Wallet(toBeHex(0xbe9c, 32)).address;
    const contracts = await deployHealthchain(connection, { registrars: [registrar] });
    const { chainId } = await node.getNetwork();
    const domain = certificateDomain(chainId, await contracts.accountCenter.getAddress());
    const now = (await node.getBlock("latest"))?.timestamp ?? 0;
    const market = new Marketplace(
      connection,
      contracts,
      { operator, buyer, hospitals: others.slice(0, 3) },
      domain,
      dayFloor(new Date(now * 1000)),
    );
    await market.#begin();
    return market;
  }

  get provider() {
    return this.connection.ethers.provider;
  }

  /** Has consumers certified, with coin, and with an allowance for `spender`. */
  async addConsumers(wallets: readonly string[], spender: string): Promise<void> {
    const { medicalCoin } = this.contracts;
    const coin = await medicalCoin.getAddress();
    await impersonate(this.connection, wallets);
    await this.#enroll(wallets, Role.Researcher, 0);
    const mint = (to: string) => medicalCoin.interface.encodeFunctionData("mint", [to, parseEther("100000")]);
    const approve = medicalCoin.interface.encodeFunctionData("approve", [spender, parseEther("100000")]);
    await sendAll(
      this.provider,
      wallets.map((to) => ({ from: this.operator.address, to: coin, data: mint(to) })),
    );
    await sendAll(
      this.provider,
      wallets.map((from) => ({ from, to: coin, data: approve })),
    );
  }

  /** The wallet of a hospital. */
  hospital(institution: number): HardhatEthersSigner {
    const found = this.hospitals[institution - 1];
    if (!found) throw new Error(`The bench has no institution ${institution}.`);
    return found;
  }

  /** Registers as many records of a hospital, each of another patient who accepts it and lets the hospital sell it. */
  async addRecords(count: number, say: (line: string) => void, institution = 1): Promise<Offered[]> {
    const first = this.#offered.length;
    for (let from = first; from < first + count; from += batchSize) {
      this.#offered.push(...(await this.#addBatch(from, Math.min(batchSize, first + count - from), institution)));
      if ((from + batchSize) % 2_000 === 0) say(`${from + batchSize} records registered, accepted and offered`);
    }
    return this.#offered.slice(first);
  }

  /** Lists a dataset without records. */
  async list(institution = 1): Promise<bigint> {
    const { datasetRegistry } = this.contracts;
    await (await datasetRegistry.connect(this.hospital(institution)).list(listing)).wait();
    return datasetRegistry.datasetCount();
  }

  /** A chunk for `addRecords`, as calldata. */
  adding(dataset: bigint, records: readonly Offered[]): string {
    return this.contracts.datasetRegistry.interface.encodeFunctionData("addRecords", [
      dataset,
      records.map(({ id }) => id),
      records.map(({ key }) => key),
    ]);
  }

  /** Puts records on sale. */
  async sell(dataset: bigint, records: readonly Offered[], institution = 1): Promise<void> {
    const { datasetRegistry } = this.contracts;
    const to = await datasetRegistry.getAddress();
    const from = this.hospital(institution).address;
    for (let i = 0; i < records.length; i += batchSize) {
      const data = this.adding(dataset, records.slice(i, i + batchSize));
      await sendAll(this.provider, [{ from, to, data }]);
    }
    const data = datasetRegistry.interface.encodeFunctionData("openVersion", [dataset]);
    await sendAll(this.provider, [{ from, to, data }]);
  }

  async #begin(): Promise<void> {
    const { medicalCoin, dataMarket } = this.contracts;
    await allotEmission(medicalCoin, this.operator.address, parseEther("100000000"));
    await this.#enroll(
      this.hospitals.map(({ address }) => address),
      Role.Institution,
      0,
    );
    await this.#enroll([this.#doctor.address], Role.Doctor, 1);
    await this.addConsumers([this.buyer.address], await dataMarket.getAddress());
    const bounds = { alphaMin: 0n, alphaMax: parseEther("100000"), cMin: 1n, cMax: parseEther("10000") };
    const numbers = [parseEther("50"), parseEther("4")] as const;
    await (await dataMarket.publishNumbers(DataClass.AmbulatoryRecord, Role.Researcher, ...numbers, bounds)).wait();
  }

  async #enroll(wallets: readonly string[], role: CertifiedRole, institution: number): Promise<void> {
    const { accountCenter } = this.contracts;
    const to = await accountCenter.getAddress();
    const transactions = [];
    for (const wallet of wallets) {
      const identity = { system: "urn:bench", value: wallet };
      const { certificate, registrar, signature } = await issueCertificate(this.#registrar, this.#domain, {
        wallet,
        role,
        institution,
        identityCommitment: commitToIdentity({ identity, salt: newCommitmentSalt() }),
        expires: new Date((this.#today + 365 * DAY) * 1000),
      });
      const data = accountCenter.interface.encodeFunctionData("enroll", [certificate, registrar, signature]);
      transactions.push({ from: this.operator.address, to, data });
    }
    await sendAll(this.provider, transactions);
  }

  async #addBatch(from: number, count: number, institution: number): Promise<Offered[]> {
    const patients = Array.from({ length: count }, (_, i) => getAddress(toBeHex(0x1_000_000 + from + i, 20)));
    await impersonate(this.connection, patients);
    await this.#enroll(patients, Role.Patient, 0);
    const ids = await this.#register(patients, institution);
    const { recordRegistry, consentRegistry } = this.contracts;
    const [records, consents] = await Promise.all([recordRegistry.getAddress(), consentRegistry.getAddress()]);
    const admitted = byNumber(institution);
    const granted = consentRegistry.interface.encodeFunctionData("grant", [allRecords(), admitted, this.#terms()]);
    const accepted = (id: string) => recordRegistry.interface.encodeFunctionData("accept", [id]);
    await sendAll(
      this.provider,
      patients.flatMap((patient, i) => [
        { from: patient, to: records, data: accepted(ids[i] ?? "") },
        { from: patient, to: consents, data: granted },
      ]),
    );
    return patients.map((patient, i) => ({ id: ids[i] ?? "", key: grantKeyOf(patient, allRecords(), admitted) }));
  }

  async #register(patients: readonly string[], institution: number): Promise<string[]> {
    const { recordRegistry } = this.contracts;
    const { chainId } = await this.provider.getNetwork();
    const registry = await recordRegistry.getAddress();
    const headers = patients.map((patient) => ({
      patient,
      recordedAt: this.#today,
      dataClass: DataClass.AmbulatoryRecord,
      salt: toBeHex(BigInt(patient), 32),
    }));
    const sectionsRoot = toBeHex(1, 32);
    const signer = { chainId, registry, doctor: doctorNumber, institution };
    const ids = headers.map((header) => recordId(headerHash({ ...signer, ...header }), sectionsRoot));
    const deadline = this.#today + 30 * DAY;
    const signature = await signTyped(this.#doctor, recordDomain(chainId, registry), recordBatchStatement, {
      ids,
      deadline,
    });
    const items = headers.map(({ salt, ...subject }) => ({ subject: packSubject(subject), salt, sectionsRoot }));
    const batch = [this.#doctor.address, items, deadline, signature] as const;
    await (await recordRegistry.connect(this.hospital(institution)).registerBatch(...batch)).wait();
    return ids;
  }

  #terms() {
    return {
      purposes: purposeBits("HRESCH", "HMARKT"),
      dataClasses: sectionClasses,
      from: this.#today,
      until: this.#today + 365 * DAY,
    };
  }
}

/** Ambulatory records for research, at 1 to 10 coins. */
const listing = {
  dataClass: DataClass.AmbulatoryRecord,
  weights: 1n,
  sectionClasses,
  purposes: purposeBits("HRESCH"),
  gamma: parseEther("0.5"),
  floor: parseEther("0.25"),
  lambdaMin: parseEther("1"),
  lambdaMax: parseEther("10"),
  patientShare: 5_000,
  doctorShare: 1_000,
};

/** The purpose for which the bench buys. */
export const purpose = PurposeOfUse.HRESCH;
