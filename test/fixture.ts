import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { AbiCoder, type BaseContract, type BytesLike, id as hashOf, keccak256, type Signer, ZeroHash } from "ethers";
import { network } from "hardhat";
import { deployHealthchain, type Healthchain } from "../ignition/deploy.js";
import type { DeploymentParameters } from "../ignition/parameters.js";
import { CHAIN_ID, domainOf, sign } from "./signatures.js";

/** One chain for all contract tests; `loadFixture` takes it back to a fresh deployment. */
export const connection = await network.create();
export const { ethers, networkHelpers } = connection;
export const { loadFixture, time } = networkHelpers;

export type Actor = HardhatEthersSigner;

export const Role = {
  None: 0,
  Patient: 1,
  Doctor: 2,
  Institution: 3,
  Researcher: 4,
  Company: 5,
  Auditor: 6,
  Insurer: 7,
  Bank: 8,
} as const;

export const DAY = 86_400;
export const YEAR = 365 * DAY;

/** The rule for emergencies in the tests' deployment. */
export const BREAK_GLASS = { dailyLimit: 2, duration: 3_600 } as const;

/** A deployment with everybody in it: two institutions with a doctor each, two patients, a patient whose wallet is a contract. */
export interface World extends Healthchain {
  readonly administrator: Actor;
  readonly registrar: Actor;
  readonly operator: Actor;
  /** Institution 1 and its doctor, professional 1. */
  readonly hospital: Actor;
  readonly doctor: Actor;
  /** Institution 2 and its doctor, professional 2. */
  readonly clinic: Actor;
  readonly colleague: Actor;
  /** Professional 3, of no institution. */
  readonly researcher: Actor;
  readonly patient: Actor;
  readonly neighbour: Actor;
  /** A patient's contract account, and whose key it listens to. */
  readonly smartWallet: BaseContract;
  readonly keeper: Actor;
  /** Not certified. */
  readonly stranger: Actor;
}

export function healthchain(): Promise<World> {
  return healthchainWith({});
}

/** {@link healthchain}, for tests that need other parameters than all have. */
export async function healthchainWith(parameters: Partial<DeploymentParameters>): Promise<World> {
  const signers = await ethers.getSigners();
  const actor = (index: number): Actor => {
    const signer = signers[index];
    if (signer === undefined) throw new Error(`The network has no account ${index}: configure more.`);
    return signer;
  };
  const registrar = actor(1);
  const operator = actor(2);
  const contracts = await deployHealthchain(connection, {
    registrars: [registrar.address],
    operators: [operator.address],
    emissionCap: 1_000_000n,
    breakGlass: BREAK_GLASS,
    ...parameters,
  });
  const keeper = actor(10);
  const smartWallet: BaseContract = await ethers.deployContract("SmartWallet__MockForPatient", [keeper.address]);
  const world: World = {
    ...contracts,
    administrator: actor(0),
    registrar,
    operator,
    hospital: actor(3),
    doctor: actor(4),
    clinic: actor(5),
    colleague: actor(6),
    researcher: actor(7),
    patient: actor(8),
    neighbour: actor(9),
    smartWallet,
    keeper,
    stranger: actor(11),
  };
  await enrollEverybody(world);
  return world;
}

async function enrollEverybody(world: World): Promise<void> {
  await enroll(world, { wallet: world.hospital.address, role: Role.Institution });
  await enroll(world, { wallet: world.clinic.address, role: Role.Institution });
  await enroll(world, { wallet: world.doctor.address, role: Role.Doctor, institution: 1 });
  await enroll(world, { wallet: world.colleague.address, role: Role.Doctor, institution: 2 });
  await enroll(world, { wallet: world.researcher.address, role: Role.Researcher });
  for (const wallet of [world.patient.address, world.neighbour.address, await world.smartWallet.getAddress()]) {
    await enroll(world, { wallet, role: Role.Patient });
  }
}

export interface Certificate {
  readonly wallet: string;
  readonly role: number;
  readonly institution: number;
  readonly identityCommitment: string;
  readonly expiresAt: number;
  readonly serial: bigint;
}

let count = 0n;

/** A number that no earlier call returned: for serials and salts. */
export function fresh(): bigint {
  count += 1n;
  return BigInt(hashOf(`fresh ${count}`));
}

export async function certificateFor(
  fields: Pick<Certificate, "wallet" | "role"> & Partial<Certificate>,
): Promise<Certificate> {
  return {
    institution: 0,
    identityCommitment: hashOf(`identity of ${fields.wallet}`),
    expiresAt: (await time.latest()) + YEAR,
    serial: fresh(),
    ...fields,
  };
}

export async function signCertificate(world: World, certificate: Certificate, signer: Signer = world.registrar) {
  const domain = domainOf("Healthchain AccountCenter", await world.accountCenter.getAddress());
  return sign(signer, domain, "Certificate", certificate);
}

export async function enroll(world: World, fields: Pick<Certificate, "wallet" | "role"> & Partial<Certificate>) {
  const certificate = await certificateFor(fields);
  const signature = await signCertificate(world, certificate);
  return world.accountCenter.enroll(certificate, world.registrar.address, signature);
}

/** A record, with the doctor who signs it. */
export interface RecordHeader {
  readonly patient: string;
  readonly doctor: string;
  readonly recordedAt: number;
  readonly dataClass: number;
  readonly salt: string;
  readonly sectionsRoot: string;
}

/** A fresh record of the world's patient, by its doctor. */
export async function headerFor(world: World, fields: Partial<RecordHeader> = {}): Promise<RecordHeader> {
  return {
    patient: world.patient.address,
    doctor: world.doctor.address,
    recordedAt: (await time.latest()) - DAY,
    dataClass: 24,
    salt: wordOf(fresh()),
    sectionsRoot: wordOf(fresh()),
    ...fields,
  };
}

/** The record's id by the design: `H(H(chainId, registry, patient, doctor, institution, recordedAt, dataClass, salt), sectionsRoot)`. */
export function recordIdOf(
  registry: string,
  header: Omit<RecordHeader, "doctor">,
  doctor: bigint | number,
  institution: bigint | number,
  chainId: bigint = CHAIN_ID,
): string {
  const inner = hashWords(
    ["uint256", "address", "address", "uint24", "uint16", "uint40", "uint8", "bytes32"],
    [chainId, registry, header.patient, doctor, institution, header.recordedAt, header.dataClass, header.salt],
  );
  return hashWords(["bytes32", "bytes32"], [inner, header.sectionsRoot]);
}

/** The id that `header` gets when `institution` registers it. */
export async function expectedId(world: World, header: RecordHeader, institution = world.hospital): Promise<string> {
  const numbers = await ids(world, header.doctor, institution.address);
  return recordIdOf(await world.recordRegistry.getAddress(), header, numbers.doctor, numbers.institution);
}

export interface RecordSignatures {
  readonly deadline: number;
  readonly patient: BytesLike;
  readonly doctor: BytesLike;
}

export interface Signing {
  readonly patient?: Signer;
  readonly doctor?: Signer;
  readonly institution?: Actor;
  readonly supersedes?: string;
  readonly deadline?: number;
}

/** Both signatures over `header`, by default the right ones. */
export async function signRecord(world: World, header: RecordHeader, signing: Signing = {}): Promise<RecordSignatures> {
  const domain = domainOf("Healthchain RecordRegistry", await world.recordRegistry.getAddress());
  const deadline = signing.deadline ?? (await time.latest()) + DAY;
  const message = {
    id: await expectedId(world, header, signing.institution),
    supersedes: signing.supersedes ?? ZeroHash,
    deadline,
  };
  return {
    deadline,
    patient: await sign(signing.patient ?? world.patient, domain, "Record", message),
    doctor: await sign(signing.doctor ?? world.doctor, domain, "Record", message),
  };
}

/** Registers a record, accepted from the start, and returns its id. */
export async function register(
  world: World,
  fields: Partial<RecordHeader> = {},
  signing: Signing = {},
): Promise<string> {
  const header = await headerFor(world, fields);
  const institution = signing.institution ?? world.hospital;
  await world.recordRegistry
    .connect(institution)
    .register(header, header.doctor, await signRecord(world, header, signing));
  return expectedId(world, header, institution);
}

/** Registers a batch of one record of the world's doctor, asserted, and returns its id. */
export async function assertRecord(world: World, fields: Partial<Omit<RecordHeader, "doctor">> = {}): Promise<string> {
  const header = await headerFor(world, fields);
  const id = await expectedId(world, header);
  const deadline = (await time.latest()) + DAY;
  const domain = domainOf("Healthchain RecordRegistry", await world.recordRegistry.getAddress());
  const signature = await sign(world.doctor, domain, "RecordBatch", { ids: [id], deadline });
  await world.recordRegistry
    .connect(world.hospital)
    .registerBatch(header.doctor, [batchItem(header)], deadline, signature);
  return id;
}

/** `header` as an item of a batch: patient, recordedAt and dataClass packed into one word. */
export function batchItem({ patient, recordedAt, dataClass, salt, sectionsRoot }: RecordHeader) {
  const subject = BigInt(patient) | (BigInt(recordedAt) << 160n) | (BigInt(dataClass) << 200n);
  return { subject, salt, sectionsRoot };
}

export function wordOf(value: bigint | number): string {
  return `0x${BigInt(value).toString(16).padStart(64, "0")}`;
}

async function ids(world: World, doctor: string, institution: string) {
  const [doctorAccount, institutionAccount] = await Promise.all([
    world.accountCenter.accounts(doctor),
    world.accountCenter.accounts(institution),
  ]);
  return { doctor: (doctorAccount >> 32n) & 0xffffffn, institution: (institutionAccount >> 16n) & 0xffffn };
}

function hashWords(types: readonly string[], values: readonly unknown[]): string {
  return keccak256(AbiCoder.defaultAbiCoder().encode([...types], [...values]));
}
