import { roundOf, slotOf } from "../../src/consensus/slot.js";
import { Phase, type PhaseCode, type Signed, type Vote } from "../../src/consensus/statement.js";
import { NIL, type Value, valueIn } from "../../src/consensus/value.js";
import type { Message } from "./message.js";
import type { Fault } from "./plan.js";
import { QUARTER, SLOT } from "./time.js";
import type { Validator } from "./validator.js";
import type { World } from "./world.js";

/** What is proposed, and the verdicts that are to make it acceptable. */
interface Offer extends Value {
  readonly validRound: number;
  readonly verdicts: readonly Signed<Vote>[];
}

/**
 * A faulty validator. It knows where every honest one stands, and tells each of them something else, no sooner or later
 * than it wants to; it can sign for itself only.
 */
export class Liar {
  readonly seat: number;
  readonly #world: World;
  readonly #fault: Fault;
  readonly #targets: readonly Validator[];
  /** What it proposes, by height, round and side. */
  readonly #offers = new Map<string, Offer>();
  /** Whom it favours now: these hear that it agrees, the others that it does not. */
  #favoured: ReadonlySet<Validator> = new Set();

  constructor(world: World, seat: number, fault: Fault, targets: readonly Validator[]) {
    this.#world = world;
    this.seat = seat;
    this.#fault = fault;
    this.#targets = targets;
  }

  /** Plans what it does in this slot. */
  startSlot(): void {
    if (this.#fault === "silent") return;
    const { network, random } = this.#world;
    const portion = random.pick([0.3, 0.5, 0.8, 1]);
    this.#favoured = new Set(this.#targets.filter(() => random.chance(portion)));
    network.at(network.now + random.between(0, QUARTER), () => this.#each((target) => this.#propose(target)));
    network.at(network.now + random.between(QUARTER / 2, 2 * QUARTER), () => this.#voteToAll(Phase.Verdict));
    network.at(network.now + random.between(QUARTER, 3 * QUARTER), () => this.#voteToAll(Phase.Comparison));
  }

  /** In an ambush all are led the same way. */
  #favours(target: Validator): boolean {
    return this.#world.network.ambush !== undefined || this.#favoured.has(target);
  }

  /** In an ambush only the victim is to decide. */
  #hidesFrom({ seat }: Validator): boolean {
    const { ambush } = this.#world.network;
    return ambush !== undefined && !ambush.isSprung && !ambush.isVictim(seat);
  }

  #each(act: (target: Validator, height: number, round: number) => void): void {
    for (const target of this.#targets) {
      const round = target.machine?.round ?? -1;
      if (round >= 0) act(target, target.height, round);
    }
  }

  #propose(target: Validator): void {
    const { set } = this.#world;
    const round = target.machine?.round ?? 0;
    if (set.leaderSeat(slotOf(round, target.parentSlot)) !== this.seat) return;
    const { verdicts, ...offer } = this.#offerFor(target, round);
    const statement = { epoch: 1, height: target.height, round, ...offer };
    const proposal = { statement, signer: this.#address, signature: "signed" };
    this.#send(target, { kind: "proposal", proposal, verdicts });
  }

  /** The same for all who are favoured. */
  #offerFor(target: Validator, round: number): Offer {
    const side = this.#favours(target) ? "favoured" : "others";
    const key = `${target.height} ${round} ${side}`;
    const offer = this.#offers.get(key) ?? this.#draw(target, round);
    this.#offers.set(key, offer);
    return offer;
  }

  /** A new block, a value that some validator knows to be valid, or an earlier block as if it were. */
  #draw(target: Validator, round: number): Offer {
    const kind = this.#world.random.between(1, 4);
    const repeated = kind === 1 ? this.#validValue() : kind === 2 ? this.#earlierBlock(target, round) : undefined;
    return repeated ?? this.#newBlock(target, round);
  }

  #newBlock(target: Validator, round: number): Offer {
    const slot = slotOf(round, target.parentSlot);
    const { value } = this.#world.blocks.make(target.head, slot, this.seat, this.#makesSound());
    return { validRound: -1, ...value, verdicts: [] };
  }

  #validValue(): Offer | undefined {
    const machine = this.#world.random.pick(this.#targets).machine;
    const valid = machine?.valid;
    if (valid === undefined) return undefined;
    return { validRound: valid.round, ...valid.value, verdicts: machine?.worthRepeating.votes ?? [] };
  }

  #earlierBlock({ head, parentSlot }: Validator, round: number): Offer | undefined {
    const { blocks, random } = this.#world;
    const earlier = blocks.after(head).filter(({ slot }) => slot < slotOf(round, parentSlot));
    if (earlier.length === 0) return undefined;
    const { slot, value } = random.pick(earlier);
    return { validRound: random.between(roundOf(slot, parentSlot), round - 1), ...value, verdicts: [] };
  }

  #makesSound(): boolean {
    const { network, random } = this.#world;
    return this.#fault === "equivocator" || network.ambush !== undefined || random.chance(0.6);
  }

  #voteToAll(phase: PhaseCode): void {
    const { random } = this.#world;
    this.#each((target, height, round) => {
      if (phase === Phase.Comparison && this.#hidesFrom(target)) return;
      this.#vote(target, phase, height, round, this.#opinionFor(target));
      if (random.chance(0.1)) this.#vote(target, phase, height, round, this.#anything(target));
      if (round > 0 && random.chance(0.1)) this.#vote(target, phase, height, round - 1, this.#anything(target));
    });
  }

  /** What the target itself would like to hear, if it is favoured. */
  #opinionFor(target: Validator): Value {
    const { random, network } = this.#world;
    if (this.#fault === "liar" && network.ambush === undefined && random.chance(0.3)) return this.#anything(target);
    const proposal = target.machine?.worthRepeating.proposals.at(-1)?.statement;
    const agrees = this.#fault === "equivocator" || this.#favours(target);
    return agrees && proposal !== undefined ? valueIn(proposal) : NIL;
  }

  #anything(target: Validator): Value {
    const { random } = this.#world;
    const known = random.pick(this.#targets).machine;
    const values = [known?.valid?.value, known?.worthRepeating.proposals.at(-1)?.statement, NIL];
    const value = random.pick(values) ?? NIL;
    return random.chance(0.2) ? { ...valueIn(value), stateRoot: `lie for ${target.seat}` } : valueIn(value);
  }

  #vote(target: Validator, phase: PhaseCode, height: number, round: number, value: Value): void {
    const statement = { epoch: 1, height, round, phase, ...value };
    this.#send(target, { kind: "vote", vote: { statement, signer: this.#address, signature: "signed" } });
  }

  #send(target: Validator, message: Message): void {
    const { network, random } = this.#world;
    network.deliver(this.seat, target.seat, message, random.chance(0.9) ? random.between(1, QUARTER / 2) : 2 * SLOT);
  }

  get #address(): string {
    return this.#world.addressOf(this.seat);
  }
}
