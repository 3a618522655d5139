import { isCertificate } from "../../src/consensus/certificate.js";
import {
  AlreadySigned,
  lockOf,
  NOTHING_SIGNED,
  recordOf,
  type SigningRecord,
  signatureOnRecord,
} from "../../src/consensus/guard/signingRecord.js";
import { roundOf, slotOf } from "../../src/consensus/slot.js";
import type { Proposal, Signed, Vote } from "../../src/consensus/statement.js";
import type { Action, Decide, MachineEvent, Propose, SignVote } from "../../src/consensus/tendermint/event.js";
import type { Repetition, TendermintMachine } from "../../src/consensus/tendermint/machine.js";
import { sameValue, valueIn } from "../../src/consensus/value.js";
import { machineFor } from "./ablation.js";
import { type Block, GENESIS } from "./block.js";
import { type Decided, heightOf, type Message } from "./message.js";
import { MAX_CALM_CLOCK_ERROR, type Receiver } from "./network.js";
import { QUARTER, SLOT } from "./time.js";
import type { World } from "./world.js";

/** Messages of later heights that are kept until their time comes. */
const MAX_EARLY = 400;

/** Blocks in one answer to a validator that is behind. */
const MAX_BLOCKS = 50;

/** What a crash does not destroy. */
interface Disk {
  readonly chain: Decided[];
  record: SigningRecord;
  /** The messages that the lock rests on. */
  reasons: Repetition;
}

const NO_REASONS: Repetition = { proposals: [], votes: [] };

/** An honest validator: the shipped machine and the shipped rule of what may be signed, on a simulated node. */
export class Validator implements Receiver {
  readonly seat: number;
  readonly #world: World;
  readonly #disk: Disk = { chain: [], record: NOTHING_SIGNED, reasons: NO_REASONS };
  #machine: TendermintMachine | undefined;
  #clockError = 0;
  #life = 0;
  #events: MachineEvent[] = [];
  #isHandling = false;
  #early: { readonly from: number; readonly message: Message }[] = [];
  #asked = new Set<number>();

  constructor(world: World, seat: number) {
    this.#world = world;
    this.seat = seat;
  }

  /** Its machine; undefined while it is down. */
  get machine(): TendermintMachine | undefined {
    return this.#machine;
  }

  /** The height that it decides next. */
  get height(): number {
    return this.head.height + 1;
  }

  get parentSlot(): number {
    return this.head.slot;
  }

  start(): void {
    this.#machine = this.#newMachine();
    this.setClock();
  }

  /** Puts the clock to another error, small in the calm, and goes on by it. */
  setClock(): void {
    const { network, random, plan } = this.#world;
    const limit = network.isCalm ? MAX_CALM_CLOCK_ERROR : plan.maxClockError;
    this.#clockError = random.between(-limit, limit);
    this.#life += 1;
    this.#followClock();
  }

  crash(): void {
    if (this.#machine === undefined) return;
    const { network, random, counts } = this.#world;
    counts.crashes += 1;
    this.#machine = undefined;
    this.#life += 1;
    this.#events = [];
    this.#early = [];
    network.at(network.now + random.between(1, 3 * SLOT), () => this.restart());
  }

  restart(): void {
    if (this.#machine !== undefined) return;
    this.#world.counts.restarts += 1;
    if (this.#world.without === "guard") {
      this.#disk.record = NOTHING_SIGNED;
      this.#disk.reasons = NO_REASONS;
    }
    this.#machine = this.#newMachine();
    this.#takeAgain(this.#disk.reasons);
    this.setClock();
  }

  receive(from: number, message: Message): void {
    if (this.#machine === undefined) return;
    const height = heightOf(message);
    if (height !== undefined && height > this.height) this.#keepForLater(from, message);
    if (height === undefined || height === this.height) this.#take(from, message);
  }

  #take(from: number, message: Message): void {
    switch (message.kind) {
      case "proposal":
        this.#judge(message.proposal);
        for (const vote of message.verdicts) this.#feed({ kind: "vote", vote });
        break;
      case "vote":
        this.#feed({ kind: "vote", vote: message.vote });
        break;
      case "again":
        this.#takeAgain(message.repetition);
        break;
      case "ask":
        this.#answer(from, message.height);
        break;
      case "decided":
        for (const decided of message.blocks) this.#catchUp(decided);
        break;
    }
  }

  #takeAgain({ votes, proposals }: Repetition): void {
    for (const vote of votes) this.#feed({ kind: "vote", vote });
    for (const proposal of proposals) this.#judge(proposal);
  }

  /** The last block that it decided. */
  get head(): Block {
    return this.#disk.chain.at(-1)?.block ?? GENESIS;
  }

  #newMachine(): TendermintMachine {
    const { set, without } = this.#world;
    const { height, parentSlot } = this;
    const lock = lockOf(this.#disk.record);
    return machineFor({ height, set, parentSlot, self: this.#world.addressOf(this.seat), lock }, without);
  }

  /** Enters the step that the clock shows, and wakes up for the next one. */
  #followClock(): void {
    const { network } = this.#world;
    const life = this.#life;
    const quarter = Math.floor((network.now + this.#clockError) / QUARTER);
    network.at((quarter + 1) * QUARTER - this.#clockError, () => {
      if (life === this.#life) this.#followClock();
    });
    const slot = Math.floor(quarter / 4);
    if (quarter % 4 === 0) this.#asked.clear();
    const round = roundOf(slot, this.parentSlot);
    if (round < 0 || quarter % 4 === 3) return;
    this.#enter(round, quarter % 4, life);
  }

  #enter(round: number, quarter: number, life: number): void {
    const { height } = this;
    this.#world.entered(height, round);
    const events = (["roundStarted", "proposeTimeout", "verdictTimeout"] as const).slice(0, quarter + 1);
    if (quarter === 0) this.#repeat(height, round);
    for (const kind of events) if (life === this.#life && height === this.height) this.#feed({ kind, round });
  }

  /** Lets the others have what makes a value of an earlier round valid. */
  #repeat(height: number, round: number): void {
    const valid = this.#machine?.valid;
    if (valid === undefined || valid.round >= round) return;
    this.#broadcast({ kind: "again", height, repetition: this.#machine?.worthRepeating ?? NO_REASONS });
  }

  /** The machine gets one event at a time, also when it answers with events of its own. */
  #feed(event: MachineEvent): void {
    this.#events.push(event);
    if (this.#isHandling) return;
    this.#isHandling = true;
    try {
      for (let next = this.#events.shift(); next !== undefined; next = this.#events.shift()) this.#handle(next);
    } finally {
      this.#isHandling = false;
    }
  }

  #handle(event: MachineEvent): void {
    const machine = this.#machine;
    if (machine === undefined) return;
    const before = machine.locked;
    const actions = machine.handle(event);
    const after = machine.locked;
    if (before !== undefined && after !== undefined && !sameValue(before.value, after.value)) {
      this.#world.counts.lockChanges += 1;
    }
    for (const action of actions) if (machine === this.#machine) this.#do(action, machine);
  }

  #do(action: Action, machine: TendermintMachine): void {
    switch (action.kind) {
      case "propose":
        this.#propose(action);
        break;
      case "signVote":
        this.#vote(action, machine);
        break;
      case "decide":
        this.#decide(action);
        break;
      default:
        this.#world.checks.accused(action.first);
        this.#world.counts.equivocations += 1;
    }
  }

  #propose({ round, validRound, value, verdicts }: Propose): void {
    const slot = slotOf(round, this.parentSlot);
    const proposed = value ?? this.#world.blocks.make(this.head, slot, this.seat, true).value;
    const statement = { epoch: 1, height: this.height, round, validRound, ...proposed };
    const proposal = this.#sign(statement);
    if (proposal === undefined) return;
    if (!this.#broadcast({ kind: "proposal", proposal, verdicts })) return;
    this.#feed({ kind: "proposal", proposal, isValid: true });
  }

  #vote({ vote: statement, verdicts }: SignVote, machine: TendermintMachine): void {
    if (verdicts.length > 0) this.#disk.reasons = machine.worthRepeating;
    const vote = this.#sign(statement);
    if (vote === undefined || !this.#broadcast({ kind: "vote", vote })) return;
    this.#feed({ kind: "vote", vote });
  }

  #decide({ round, value, certificate }: Decide): void {
    const block = this.#world.blocks.of(value);
    if (block === undefined) return;
    const isRepeated = slotOf(round, this.parentSlot) !== block.slot;
    if (!this.#attach({ block, certificate })) return;
    const { counts } = this.#world;
    if (this.#world.isLaterRound(block.height, round)) counts.laterRounds += 1;
    if (isRepeated) counts.repeatedProposals += 1;
  }

  /** @returns whether nobody decided this height before. */
  #attach(decided: Decided): boolean {
    const { block } = decided;
    const isFirst = this.#world.checks.decided(this.seat, block.height, block.value);
    this.#disk.chain.push(decided);
    this.#disk.reasons = NO_REASONS;
    this.#machine = this.#newMachine();
    const early = this.#early;
    this.#early = [];
    for (const { from, message } of early) this.receive(from, message);
    return isFirst;
  }

  #sign<T extends Proposal | Vote>(statement: T): Signed<T> | undefined {
    try {
      const signature = signatureOnRecord(this.#disk.record, statement) ?? "signed";
      const signed = { statement, signer: this.#world.addressOf(this.seat), signature };
      this.#disk.record = recordOf(this.#disk.record, signed);
      this.#world.checks.signed(this.seat, statement);
      return signed;
    } catch (error) {
      if (error instanceof AlreadySigned) return undefined;
      throw error;
    }
  }

  /** @returns false if the validator crashed while it sent. */
  #broadcast(message: Message): boolean {
    const { network, random, plan } = this.#world;
    const others = [...plan.powers.keys()].filter((seat) => seat !== this.seat);
    const crashes = !network.isCalm && random.chance(plan.crashAfterSigning);
    const reached = crashes ? others.slice(0, random.between(0, others.length)) : others;
    for (const to of reached) network.send(this.seat, to, message);
    if (crashes) this.crash();
    return !crashes;
  }

  #judge(proposal: Signed<Proposal>): void {
    this.#feed({ kind: "proposal", proposal, isValid: this.#isValid(proposal.statement) });
  }

  #isValid(proposal: Proposal): boolean {
    const { blocks, set } = this.#world;
    const block = blocks.of(proposal);
    if (block === undefined || !blocks.isTrue(valueIn(proposal))) return false;
    if (block.parent !== this.head.value.blockHash || block.maker !== set.leaderSeat(block.slot)) return false;
    const round = roundOf(block.slot, this.parentSlot);
    return proposal.validRound === -1 ? round === proposal.round : round >= 0 && round <= proposal.validRound;
  }

  #keepForLater(from: number, message: Message): void {
    if (this.#early.length < MAX_EARLY) this.#early.push({ from, message });
    if (this.#asked.has(from)) return;
    this.#asked.add(from);
    this.#world.network.send(this.seat, from, { kind: "ask", height: this.height });
  }

  #answer(to: number, height: number): void {
    const blocks = this.#disk.chain.slice(height - 1, height - 1 + MAX_BLOCKS);
    if (blocks.length > 0) this.#world.network.send(this.seat, to, { kind: "decided", blocks });
  }

  #catchUp(decided: Decided): void {
    const { block, certificate } = decided;
    if (block.height !== this.height || block.parent !== this.head.value.blockHash) return;
    if (isCertificate(this.#world.set, block.height, block.value, certificate)) this.#attach(decided);
  }
}
