import { SimpleMerkleTree } from "@openzeppelin/merkle-tree";
import { AbiCoder, type BigNumberish, id as hashOf, keccak256, parseEther, type Result } from "ethers";
import { ConsortiumRole } from "../../ignition/parameters.js";
import type { MarketRules, SharingReward } from "../../src/market/marketRules.js";
import {
  type Actor,
  batchItem,
  DAY,
  enroll,
  ethers,
  expectedId,
  fresh,
  headerFor,
  healthchainWith,
  Role,
  register,
  time,
  type World,
  wordOf,
} from "../fixture.js";
import { ALL, bits, type Recipient, type Scope, type Terms, toInstitution, toRole } from "../records/patientActions.js";
import { domainOf, sign } from "../signatures.js";

/** Wei of so many coins; WAD of so many records. */
export const coins = (amount: number): bigint => parseEther(String(amount));

export const HMARKT = 20;
export const HRESCH = 8;

/** Section classes of the tests' dataset. */
export const SECTIONS = bits(3, 5);

export const RULES: MarketRules = {
  periodLength: 30 * DAY,
  deliveryTime: 7 * DAY,
  disputeWindow: 5 * DAY,
  arbitrationTime: 14 * DAY,
  turnover: 5_000,
  reactivity: 2_500,
};

/** Odd, so that the parts do not divide it. */
export const REWARD: SharingReward = { amount: coins(1) + 3n, patientPart: 6_001, doctorPart: 1_001, leastFloor: 1n };

/** What is published for researchers; with it, the dataset's price is eq. (15)'s for two records. */
export const ALPHA = coins(40);
export const C = coins(4);
export const BOUNDS = { alphaMin: coins(10), alphaMax: coins(90), cMin: coins(3), cMax: coins(9) };

/** One byte for each record class; 24 counts once, 25 three times. */
export const WEIGHTS = 0x0301n;

/** What the hospital lists: research on records of the classes 24 and 25. */
export const LISTING = {
  dataClass: 24,
  weights: WEIGHTS,
  sectionClasses: SECTIONS,
  purposes: bits(HRESCH),
  gamma: coins(2),
  floor: coins(1),
  lambdaMin: coins(4),
  lambdaMax: coins(10),
  patientShare: 3_000,
  doctorShare: 1_500,
};

/** `OrderState`, by number. */
export const OrderState = { None: 0n, Ordered: 1n, Delivered: 2n, Disputed: 3n, Released: 4n, Refunded: 5n } as const;

/** A record on sale, and the grant under which it is listed. */
export interface Listed {
  readonly id: string;
  readonly key: string;
}

/** The market of a deployment in which the hospital sells six records, and a researcher and a company hold coin. */
export interface Market extends World {
  readonly arbiter: Actor;
  readonly pauser: Actor;
  /** Stands in for the clearing: may order for others, and holds coin. */
  readonly clearing: Actor;
  /** Professional 4; its role has no published numbers. */
  readonly company: Actor;
  /** Four records of class 24 and then one of class 25 of the patient's, one of class 24 of the neighbour's: version 1 of dataset 1. */
  readonly records: readonly Listed[];
}

export const PURSE = coins(1_000);

/** The actor after `index` others, of those who have no part in every test. */
async function signerAt(index: number): Promise<Actor> {
  const signer = (await ethers.getSigners())[index];
  if (signer === undefined) throw new Error(`The network has no account ${index}: configure more.`);
  return signer;
}

/** A market with coin and published numbers, and nothing listed. */
export async function emptyMarket(): Promise<Market> {
  const [arbiter, pauser, clearing, company] = await Promise.all([12, 13, 14, 15].map(signerAt));
  if (!arbiter || !pauser || !clearing || !company) throw new Error("The network has too few accounts.");
  const world = await healthchainWith({
    emissionCap: coins(1_000_000),
    arbiters: [arbiter.address],
    pausers: [pauser.address],
    marketRules: RULES,
    sharingReward: REWARD,
  });
  await world.consortium.grantRole(ConsortiumRole.Clearing, clearing, 0);
  await enroll(world, { wallet: company.address, role: Role.Company });
  await fillPurses(world, [world.researcher, company, clearing]);
  await world.dataMarket.connect(world.operator).publishNumbers(24, Role.Researcher, ALPHA, C, BOUNDS);
  return { ...world, arbiter, pauser, clearing, company, records: [] };
}

async function fillPurses({ medicalCoin, operator, dataMarket, datasetRegistry }: World, owners: readonly Actor[]) {
  const minting = medicalCoin.connect(operator);
  await minting.allotEmission(operator, coins(100_000));
  await minting.allotEmission(datasetRegistry, coins(100));
  for (const owner of owners) {
    await minting.mint(owner, PURSE);
    await medicalCoin.connect(owner).approve(dataMarket, 2n ** 256n - 1n);
  }
}

/** The whole {@link Market}. */
export async function market(): Promise<Market> {
  const world = await emptyMarket();
  const toHospital = await consent(world, world.patient, toInstitution(1));
  const toInstitutions = await consent(world, world.neighbour, toRole(Role.Institution));
  const records: Listed[] = [];
  for (const dataClass of [24, 24, 24, 24, 25]) {
    records.push({ id: await register(world, { dataClass }), key: toHospital });
  }
  records.push({ id: await registerOf(world, world.neighbour), key: toInstitutions });
  const provider = world.datasetRegistry.connect(world.hospital);
  await provider.list(LISTING);
  await provider.addRecords(1, idsOf(records), keysOf(records));
  await provider.openVersion(1);
  return { ...world, records };
}

/** A record of another patient of the hospital's. */
export async function registerOf(world: World, owner: Actor, dataClass = 24): Promise<string> {
  return register(world, { patient: owner.address, dataClass }, { patient: owner });
}

/** So many records of the patient's, of class 24: asserted in one batch, then accepted. */
export async function registerMany(world: World, count: number): Promise<string[]> {
  const { recordRegistry, hospital, doctor, patient } = world;
  const base = await headerFor(world);
  const headers = Array.from({ length: count }, () => ({ ...base, salt: wordOf(fresh()) }));
  const ids = await Promise.all(headers.map((header) => expectedId(world, header)));
  const deadline = (await time.latest()) + DAY;
  const domain = domainOf("Healthchain RecordRegistry", await recordRegistry.getAddress());
  const signature = await sign(doctor, domain, "RecordBatch", { ids, deadline });
  await recordRegistry.connect(hospital).registerBatch(doctor, headers.map(batchItem), deadline, signature);
  for (const id of ids) await recordRegistry.connect(patient).accept(id);
  return ids;
}

export const idsOf = (records: readonly Listed[]): string[] => records.map(({ id }) => id);
export const keysOf = (records: readonly Listed[]): string[] => records.map(({ key }) => key);

/** A patient's consent to the market and to research, on all records unless said otherwise; returns the grant's key. */
export async function consent(
  { consentRegistry }: World,
  owner: Actor,
  recipient: Recipient,
  terms: Partial<Terms> = {},
  scope: Scope = ALL,
): Promise<string> {
  const until = (await time.latest()) + 300 * DAY;
  const granted = { purposes: bits(HMARKT, HRESCH), dataClasses: SECTIONS, from: 0, until, ...terms };
  await consentRegistry.connect(owner).grant(scope, recipient, granted);
  return consentRegistry.grantKeyOf(owner, scope, recipient);
}

/** The record after `index` others of a market. */
export function recordAt({ records }: Market, index: number): Listed {
  const record = records[index];
  if (record === undefined) throw new Error(`There are ${records.length} records only.`);
  return record;
}

export interface OrderRequest {
  readonly dataset: number;
  readonly version: number;
  readonly dMin: number;
  readonly purpose: number;
  readonly maxPrice: bigint;
  readonly maxPayment: bigint;
}

/** What the researcher asks for: two records of dataset 1 at least, at what they cost now unless said otherwise. */
export async function requestFor(world: Market, fields: Partial<OrderRequest> = {}): Promise<OrderRequest> {
  const request = { dataset: 1, version: 1, dMin: 2, purpose: HRESCH, maxPrice: coins(10), ...fields };
  const maxPayment = fields.maxPayment ?? (await quoted(world, request)).payment;
  return { ...request, maxPayment };
}

/** The quote for a researcher. */
export function quoted({ dataMarket }: Market, request: Pick<OrderRequest, "dataset" | "dMin" | "maxPrice">) {
  return dataMarket.quote(request.dataset, Role.Researcher, request.dMin, request.maxPrice);
}

/** The researcher orders; returns the order's number. */
export async function placeOrder(world: Market, fields: Partial<OrderRequest> = {}): Promise<bigint> {
  await world.dataMarket.connect(world.researcher).order(await requestFor(world, fields));
  return world.dataMarket.orderCount();
}

/** One record of a delivery. */
export interface ManifestLeaf {
  readonly recordId: string;
  readonly key: string;
  readonly ciphertextHash: string;
  readonly keyHash: string;
}

export function leafOf({ id, key }: Listed): ManifestLeaf {
  return { recordId: id, key, ciphertextHash: hashOf(`ciphertext of ${id}`), keyHash: hashOf(`key of ${id}`) };
}

/** A manifest over records, with the proof for each. */
export interface Manifest {
  readonly root: string;
  readonly leaves: readonly ManifestLeaf[];
  proofOf(leaf: ManifestLeaf): string[];
}

export function manifestOf(records: readonly Listed[]): Manifest {
  const leaves = records.map(leafOf);
  const tree = SimpleMerkleTree.of(leaves.map(hashOfLeaf));
  return { root: tree.root, leaves, proofOf: (leaf) => tree.getProof(hashOfLeaf(leaf)) };
}

/** The leaf after `index` others, and its proof. */
export function provenAt(manifest: Manifest, index = 0): { leaf: ManifestLeaf; proof: string[] } {
  const leaf = manifest.leaves[index];
  if (leaf === undefined) throw new Error(`The manifest has ${manifest.leaves.length} leaves.`);
  return { leaf, proof: manifest.proofOf(leaf) };
}

/** Hashed twice, as the design has it. */
export function hashOfLeaf({ recordId, key, ciphertextHash, keyHash }: ManifestLeaf): string {
  const words = ["bytes32", "bytes32", "bytes32", "bytes32"];
  return keccak256(keccak256(AbiCoder.defaultAbiCoder().encode(words, [recordId, key, ciphertextHash, keyHash])));
}

/** The hospital delivers the first records of its dataset, as many as ordered unless said otherwise. */
export async function deliver(
  world: Market,
  order: bigint,
  records?: readonly Listed[],
  exportedAt?: number,
): Promise<Manifest> {
  const { amount } = await world.dataMarket.orderOf(order);
  const delivered = records ?? world.records.slice(0, Number(amount));
  const manifest = manifestOf(delivered);
  const at = exportedAt ?? (await time.latest());
  await world.dataMarket.connect(world.hospital).deliver(order, manifest.root, delivered.length, at);
  return manifest;
}

/** An order that the researcher confirmed: its records' creators and the hospital are paid. */
export async function sell(world: Market, fields: Partial<OrderRequest> = {}): Promise<bigint> {
  const order = await placeOrder(world, fields);
  await deliver(world, order);
  await world.dataMarket.connect(world.researcher).confirm(order);
  return order;
}

/** When the order's deadline is, in seconds. */
export async function deadlineOf({ dataMarket }: Market, order: BigNumberish): Promise<number> {
  return Number((await dataMarket.orderOf(order)).deadline);
}

/** The state of an order. */
export async function stateOf({ dataMarket }: Market, order: BigNumberish): Promise<bigint> {
  return (await dataMarket.orderOf(order)).state;
}

/** A struct that the chain answers with, by name. */
export const fieldsOf = (struct: object): Record<string, unknown> => (struct as Result).toObject();

/** A struct as the chain answers with it, given with numbers. */
export const bigintsOf = (struct: object): Record<string, bigint> =>
  Object.fromEntries(Object.entries(struct).map(([name, value]) => [name, BigInt(value)]));

/** What a transaction took. */
export async function gasOf(sent: Promise<{ wait(): Promise<{ gasUsed: bigint } | null> }>): Promise<bigint> {
  return (await (await sent).wait())?.gasUsed ?? 0n;
}
