import { isCertificate } from "../../../src/consensus/certificate.js";
import { currentEpochOf, electedSetOf } from "../../../src/consensus/electedSet.js";
import { extendLeadersHash, NO_LEADERS } from "../../../src/consensus/leadersHash.js";
import { type SlotClock, slotStart } from "../../../src/consensus/slot.js";
import type { ValidatorSet } from "../../../src/consensus/validatorSet.js";
import type { Value } from "../../../src/consensus/value.js";
import { domainOf, type TypedDomain } from "../../../src/eip712.js";
import {
  type BlockCertifier,
  BlockCertifier__factory,
  type ValidatorRegistry,
  ValidatorRegistry__factory,
} from "../../../types/ethers-contracts/index.js";
import { type Block, mixHashOf } from "../block.js";
import { comparisonsIn, type DecidedBlock } from "../decided.js";
import { type Genesis, GenesisInvalid } from "../genesis/genesis.js";
import type { AccountState } from "../mempool/mempool.js";
import { type Audit, type Built, Replica } from "../replica/replica.js";
import type { BlockStore } from "../store/blockStore.js";
import { replicaRunner } from "./replicaRunner.js";
import { SignatureCheck } from "./signatureCheck.js";

/** Where a node's decided chain stands, and who decides the next height. */
export interface LedgerHead {
  readonly number: number;
  readonly hash: string;
  readonly slot: number;
  readonly timestamp: number;
  /** The validators of the next height: as of the state after this block. */
  readonly set: ValidatorSet;
  /** When their epoch began, in seconds since 1970. */
  readonly epochStartedAt: number;
  /** Running hash of the leaders of the next height's epoch, up to this block. */
  readonly leadersHash: string;
}

/** Who made a decided block. */
export interface Made {
  readonly epoch: number;
  readonly slot: number;
  /** Seat of its maker in the epoch's set. */
  readonly seat: number;
}

/** The certificate does not prove that the block was decided. */
export class CertificateInvalid extends Error {
  override readonly name = "CertificateInvalid";

  constructor(height: number, reason: string) {
    super(`Block ${height} is not proven to be decided: ${reason}. Get it from another peer.`);
  }
}

/** A block was executed, but the store did not take it: the two no longer agree. */
export class LedgerBroken extends Error {
  override readonly name = "LedgerBroken";

  constructor(height: number, options: ErrorOptions) {
    super(
      `Block ${height} could not be stored: see to the disk, then start the node again. It goes on from the last block ` +
        "that is stored.",
      options,
    );
  }
}

/** What a ledger is made of. */
export interface LedgerParts {
  readonly genesis: Genesis;
  readonly store: BlockStore;
  /** Of another ledger of the same network in this process, so that each signature is checked once. */
  readonly signatures?: SignatureCheck | undefined;
}

/**
 * The decided chain of one node: its own replica, where every block was executed, and the store that a restart begins
 * with. What is in it is final.
 */
export class Ledger {
  readonly clock: SlotClock;
  /** Domain of all votes. */
  readonly domain: TypedDomain;
  readonly registry: ValidatorRegistry;
  readonly certifier: BlockCertifier;
  readonly replica: Replica;
  /** Height of the first block that validators decide. */
  readonly firstHeight: number;
  readonly signatures: SignatureCheck;
  readonly #store: BlockStore;
  readonly #made: Made[] = [];
  readonly #sets = new Map<number, ValidatorSet>();
  #head: LedgerHead;

  private constructor(parts: LedgerParts, replica: Replica, contracts: Contracts, head: LedgerHead) {
    const { genesis, slotTime } = parts.genesis;
    this.clock = { genesis, slotTime };
    this.domain = contracts.domain;
    this.registry = contracts.registry;
    this.certifier = contracts.certifier;
    this.replica = replica;
    this.firstHeight = head.number + 1;
    this.#store = parts.store;
    this.signatures = parts.signatures ?? new SignatureCheck(contracts.domain);
    this.#head = head;
    this.#sets.set(head.set.epoch, head.set);
  }

  /**
   * Replays the genesis and all blocks of the store.
   *
   * @throws {GenesisInvalid}, {@link CertificateInvalid} or {@link BlockInvalid} if they are not what they should be.
   */
  static async open(parts: LedgerParts): Promise<Ledger> {
    const { genesis, store } = parts;
    const replica = await replayGenesis(genesis);
    const contracts = await contractsOf(replica, genesis);
    const last = genesis.blocks.at(-1);
    const head = await headAfter(contracts.registry, { ...replica.head, slot: last?.slot ?? 0 }, NO_LEADERS);
    const ledger = new Ledger(parts, replica, contracts, head);
    for (let from = store.firstHeight; from <= store.lastHeight; from = ledger.head.number + 1) {
      for (const decided of await store.read(from, 64)) await ledger.#replay(decided);
    }
    return ledger;
  }

  get head(): LedgerHead {
    return this.#head;
  }

  /** Who made a decided block; undefined for the genesis and for what is not decided here. */
  madeOf(height: number): Made | undefined {
    return this.#made[height - this.firstHeight];
  }

  /** The validators of an epoch, if they decided blocks here or decide the next. */
  setOf(epoch: number): ValidatorSet | undefined {
    return this.#sets.get(epoch);
  }

  /** Decided blocks from a height on, as far as there are any. */
  read(from: number, count: number): Promise<DecidedBlock[]> {
    return this.#store.read(from, count);
  }

  /** An account at the head. */
  async accountOf(address: string): Promise<AccountState> {
    const at = `0x${this.#head.number.toString(16)}`;
    const [nonce, balance] = await Promise.all([
      this.replica.request("eth_getTransactionCount", [address, at]),
      this.replica.request("eth_getBalance", [address, at]),
    ]);
    return { nonce: Number(nonce), balance: BigInt(String(balance)) };
  }

  /** Builds a block for a slot of the next height, whose leader is `miner`. */
  build(slot: number, miner: string, transactions: readonly string[]): Promise<Built> {
    return this.replica.build({ slot, timestamp: slotStart(slot, this.clock), miner, transactions });
  }

  /** Audits a block for the next height: whether it fits its slot, and whether its replay gives what it claims. */
  async audit(block: Block): Promise<Audit> {
    const fault = this.#misfitOf(block);
    return fault === undefined ? this.replica.audit(block) : { isValid: false, reason: fault };
  }

  /** What is voted on, if the block is the one to be voted on: the leader's seat follows from its slot. */
  valueOf({ slot, hash, stateRoot }: Block): Value {
    const { set, leadersHash } = this.#head;
    return { blockHash: hash, stateRoot, leadersHash: extendLeadersHash(leadersHash, slot, set.leaderSeat(slot)) };
  }

  /**
   * Adds the next decided block: checks its proof, executes it, keeps it.
   *
   * @throws {CertificateInvalid} or {@link BlockInvalid}; then nothing has happened. {@link LedgerBroken}: the node must end.
   */
  async append(decided: DecidedBlock): Promise<void> {
    await this.#attach(decided);
    try {
      await this.#store.append(decided);
    } catch (cause) {
      throw new LedgerBroken(decided.block.number, { cause });
    }
    await this.#advance(decided.block);
  }

  async close(): Promise<void> {
    await this.#store.close();
  }

  async #replay(decided: DecidedBlock): Promise<void> {
    await this.#attach(decided);
    await this.#advance(decided.block);
  }

  async #attach(decided: DecidedBlock): Promise<void> {
    this.#requireProof(decided);
    await this.replica.attach(decided.block);
  }

  #requireProof({ block, certificate }: DecidedBlock): void {
    const { set, number } = this.#head;
    const fault = block.number === number + 1 ? this.#misfitOf(block) : `the next block is ${number + 1}`;
    if (fault !== undefined) throw new CertificateInvalid(block.number, fault);
    const value = this.valueOf(block);
    const comparisons = comparisonsIn(certificate, block.number, value);
    if (!isCertificate(set, block.number, value, comparisons)) {
      throw new CertificateInvalid(block.number, "its signers hold no more than two thirds of the voting power");
    }
    const forged = comparisons.find((comparison) => !this.signatures.isGenuine(comparison));
    if (forged !== undefined) throw new CertificateInvalid(block.number, `a signature is not ${forged.signer}'s`);
  }

  /** What about a block shows without its execution that it cannot be the next. */
  #misfitOf(block: Block): string | undefined {
    const { hash, slot, set } = this.#head;
    if (block.parentHash !== hash) return `its parent is ${block.parentHash}, the head is ${hash}`;
    if (block.slot <= slot) return `its slot, ${block.slot}, is not after its parent's`;
    if (block.timestamp !== slotStart(block.slot, this.clock)) return "its timestamp is not the start of its slot";
    if (block.mixHash !== mixHashOf(hash, block.slot)) return "its mix hash is not that of its parent and slot";
    const leader = set.seats[set.leaderSeat(block.slot)]?.validator;
    return block.miner === leader ? undefined : `its miner is ${block.miner}, the slot is ${leader}'s`;
  }

  async #advance(block: Block): Promise<void> {
    const { set } = this.#head;
    this.#made.push({ epoch: set.epoch, slot: block.slot, seat: set.leaderSeat(block.slot) });
    this.#head = await headAfter(this.registry, block, this.valueOf(block).leadersHash, this.#head);
    this.#sets.set(this.#head.set.epoch, this.#head.set);
  }
}

interface Contracts {
  readonly registry: ValidatorRegistry;
  readonly certifier: BlockCertifier;
  readonly domain: TypedDomain;
}

type HeadBlock = Pick<Block, "number" | "hash" | "slot" | "timestamp">;

async function replayGenesis({ genesis, hash, blocks }: Genesis): Promise<Replica> {
  const replica = await Replica.open(genesis);
  if (replica.head.hash !== hash) throw new GenesisInvalid(`block 0 is ${replica.head.hash} here, not ${hash}`);
  for (const block of blocks) {
    const audit = await replica.audit(block);
    if (!audit.isValid) throw new GenesisInvalid(`block ${block.number}: ${audit.reason}`);
    await replica.attach(block);
  }
  return replica;
}

async function contractsOf(replica: Replica, { contracts }: Genesis): Promise<Contracts> {
  const runner = replicaRunner(replica);
  const certifier = BlockCertifier__factory.connect(contracts.blockCertifier, runner);
  const registry = ValidatorRegistry__factory.connect(contracts.validatorRegistry, runner);
  return { registry, certifier, domain: await domainOf(certifier) };
}

/** The head that a block makes. The set is read again only if another epoch began. */
async function headAfter(
  registry: ValidatorRegistry,
  { number, hash, slot, timestamp }: HeadBlock,
  leadersHash: string,
  before?: LedgerHead,
): Promise<LedgerHead> {
  const epoch = await currentEpochOf(registry, number);
  const isNew = epoch.number !== before?.set.epoch;
  if (epoch.number === 0) throw new GenesisInvalid("no validators are elected in it");
  return {
    number,
    hash,
    slot,
    timestamp,
    set: isNew ? (await electedSetOf(registry, epoch.number, number)).set : before.set,
    epochStartedAt: epoch.startedAt,
    leadersHash: isNew ? NO_LEADERS : leadersHash,
  };
}
