import { concat, id as hashOf, keccak256, toBeHex, type Wallet, ZeroHash } from "ethers";
import { ethers, networkHelpers } from "../fixture.js";
import { Phase, SALT, statementTypes, type Vote, votingDomain } from "./statements.js";
import { type Consortium, type ConsortiumOptions, consortiumOf, elect } from "./world.js";

const GOLDEN = 0x9e3779b97f4a7c15f39cc0605cedc834n;

/** A validator of an epoch's set. */
export interface Seated {
  readonly wallet: Wallet;
  readonly candidate: number;
  /** In gwei. */
  readonly power: bigint;
  /** Of all seats up to this one, in gwei. */
  readonly end: bigint;
}

/** An epoch and its set, as the registry keeps it. */
export interface Seating {
  readonly epoch: number;
  readonly firstSlot: number;
  readonly firstBlock: number;
  readonly seats: readonly Seated[];
  readonly total: bigint;
}

/** A certificate as the contract takes it. */
export interface Certificate {
  readonly epoch: number;
  readonly height: number;
  readonly round: number;
  readonly blockHash: string;
  readonly stateRoot: string;
  readonly leaders: bigint[];
  readonly signers: bigint;
  readonly signatures: string;
}

export interface CertificateOptions extends Partial<Pick<Certificate, "blockHash" | "round">> {
  /** The scheduled ones by default. */
  readonly leaders?: readonly bigint[];
  /** The last block; the newest by default. */
  readonly height?: number;
  /** The first block; the one after the last confirmed by default. */
  readonly from?: number;
  /** The current epoch by default. */
  readonly epoch?: number;
  /** Seats that sign, in the order of their signatures; all by default. */
  readonly signers?: readonly number[];
  /** Who signs for these seats; the validators by default. */
  readonly wallets?: readonly Wallet[];
  readonly salt?: string;
  /** What the signatures are for: a comparison by default. */
  readonly phase?: number;
}

/** Institutions with these stakes, in wei, that have just been elected for epoch 1. */
export async function electedOf(stakes: readonly bigint[], options: ConsortiumOptions = {}): Promise<Consortium> {
  const world = await consortiumOf(stakes, { voteSalt: SALT, ...options });
  await elect(world);
  return world;
}

/** Lets the current epoch have this many blocks, of which the last one elects the next set. */
export async function endEpoch(world: Consortium, blocks: number): Promise<void> {
  const { firstBlock } = await seatingOf(world);
  const missing = firstBlock + blocks - 2 - (await ethers.provider.getBlockNumber());
  if (missing < 0) throw new Error(`The epoch has ${-missing} blocks too many.`);
  await networkHelpers.mine(missing);
  await elect(world);
}

/** The set of an epoch, by default the current one. */
export async function seatingOf({ validatorRegistry, institutions }: Consortium, epoch?: number): Promise<Seating> {
  const number = epoch ?? Number(BigInt.asUintN(32, await validatorRegistry.currentEpoch()));
  const { record, seats } = await validatorRegistry.seatsOf(number);
  let before = 0n;
  const seated = seats.map((word) => {
    const candidate = Number(word >> 224n);
    const wallet = institutions[candidate - 1]?.operator;
    if (wallet === undefined) throw new Error(`There is no institution ${candidate}.`);
    const end = BigInt.asUintN(64, word >> 160n);
    const power = end - before;
    before = end;
    return { wallet, candidate, power, end };
  });
  return {
    epoch: number,
    firstSlot: Number(BigInt.asUintN(40, record >> 72n)),
    firstBlock: Number(BigInt.asUintN(48, record >> 112n)),
    seats: seated,
    total: before,
  };
}

/** The seat at an index. */
export function seatAt({ seats }: Seating, index: number): Seated {
  const seat = seats[index];
  if (seat === undefined) throw new Error(`The set has ${seats.length} seats only.`);
  return seat;
}

/** The seat that leads a slot, by the rule of the schedule, computed apart from the contract. */
export function leaderOf({ seats, total }: Seating, slot: number): number {
  const point = (BigInt.asUintN(128, BigInt(slot) * GOLDEN) * total) >> 128n;
  return seats.findIndex(({ end }) => end > point);
}

/** Slot and seat in one number. */
export function leaderWord(slot: number, seat: number): bigint {
  return (BigInt(slot) << 8n) | BigInt(seat);
}

/** The scheduled leaders of these blocks, if the epoch had one block in each slot. */
export function leadersOf(seating: Seating, from: number, height: number): bigint[] {
  const slots = Array.from({ length: height - from + 1 }, (_, i) => seating.firstSlot + from - seating.firstBlock + i);
  return slots.map((slot) => leaderWord(slot, leaderOf(seating, slot)));
}

/** The running hash of the leaders, from `before` on. */
export function hashLeaders(leaders: readonly bigint[], before = ZeroHash): string {
  return leaders.reduce((hash, leader) => keccak256(concat([hash, toBeHex(leader, 32)])), before);
}

/** Seats as bits. */
export function bitsOf(seats: readonly number[]): bigint {
  return seats.reduce((bits, seat) => bits | (1n << BigInt(seat)), 0n);
}

/** A certificate that is right in all that the options leave open. */
export async function certificateOf(world: Consortium, options: CertificateOptions = {}): Promise<Certificate> {
  const seating = await seatingOf(world, options.epoch);
  const height = options.height ?? (await ethers.provider.getBlockNumber());
  const from = options.from ?? Math.max(Number(await world.blockCertifier.confirmedHeight()) + 1, seating.firstBlock);
  const leaders = options.leaders ?? leadersOf(seating, from, height);
  const isFirst = from === seating.firstBlock;
  const vote: Vote = {
    epoch: seating.epoch,
    height,
    round: options.round ?? 0,
    phase: options.phase ?? Phase.Comparison,
    blockHash: options.blockHash ?? (await blockHashOf(height)),
    stateRoot: hashOf(`state after ${height}`),
    leadersHash: hashLeaders(leaders, isFirst ? ZeroHash : await world.blockCertifier.leadersHash()),
  };
  const signers = options.signers ?? seating.seats.map((_, index) => index);
  const wallets = options.wallets ?? signers.map((index) => seatAt(seating, index).wallet);
  const domain = await votingDomain(world, options.salt);
  const signatures = await Promise.all(
    wallets.map((wallet) => wallet.signTypedData(domain, statementTypes.Vote, vote)),
  );
  const { epoch, round, blockHash, stateRoot } = vote;
  return {
    epoch,
    height,
    round,
    blockHash,
    stateRoot,
    leaders: [...leaders],
    signers: bitsOf(signers),
    signatures: concat(signatures),
  };
}

/** Confirms blocks by a certificate with these options. */
export async function confirm(world: Consortium, options: CertificateOptions = {}): Promise<Certificate> {
  const certificate = await certificateOf(world, options);
  await world.blockCertifier.connect(world.stranger).confirm(certificate);
  return certificate;
}

/** Writes the confirmed height into the contract's storage: certificates of very many leaders take half a minute. */
export async function skipTo({ blockCertifier }: Consortium, height: number): Promise<void> {
  const address = await blockCertifier.getAddress();
  const word = BigInt(await ethers.provider.getStorage(address, 1));
  const kept = word & ~(0xffff_ffff_ffff_ffffn << 160n);
  await networkHelpers.setStorageAt(address, 1, toBeHex(kept | (BigInt(height) << 160n), 32));
  if ((await blockCertifier.confirmedHeight()) !== BigInt(height)) throw new Error("The storage's layout has changed.");
}

async function blockHashOf(height: number): Promise<string> {
  const block = await ethers.provider.getBlock(height);
  return block?.hash ?? ZeroHash;
}
