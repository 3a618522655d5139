import type { Ambush } from "./ambush.js";
import type { Counts } from "./counts.js";
import { EventQueue } from "./eventQueue.js";
import type { Message } from "./message.js";
import type { Plan } from "./plan.js";
import type { Random } from "./random.js";
import { SLOT } from "./time.js";

/**
 * Latest arrival in the calm. With {@link MAX_CALM_CLOCK_ERROR} on both sides it is below a quarter of a slot, as the
 * protocol assumes for progress.
 */
const MAX_CALM_DELAY = 160;

/** Farthest that a clock of the calm is from the true time. */
export const MAX_CALM_CLOCK_ERROR = 40;

/** Whoever can get messages. */
export interface Receiver {
  receive(from: number, message: Message): void;
}

/** Time, and the messages on their way. */
export class Network {
  readonly #plan: Plan;
  readonly #random: Random;
  readonly #counts: Counts;
  readonly #events = new EventQueue<() => void>();
  readonly #receivers: (Receiver | undefined)[] = [];
  #now = 0;
  #side: readonly boolean[] = [];
  #splitUntil = 0;
  #ambush: Ambush | undefined;

  constructor(plan: Plan, random: Random, counts: Counts) {
    this.#plan = plan;
    this.#random = random;
    this.#counts = counts;
  }

  /** In ticks since the start. */
  get now(): number {
    return this.#now;
  }

  get isCalm(): boolean {
    return this.#now >= this.#plan.stormEnd;
  }

  /** Connects all seats, in their order; what is sent to one without a receiver is gone. */
  connect(receivers: readonly (Receiver | undefined)[]): void {
    this.#receivers.push(...receivers);
  }

  /** Does something at a time; at once, if that is past. */
  at(time: number, event: () => void): void {
    this.#events.put(Math.max(time, this.#now), event);
  }

  /** Lets time pass until `isOver`, or up to `end`. */
  run(end: number, isOver: () => boolean): void {
    while ((this.#events.nextTime ?? Number.POSITIVE_INFINITY) <= end && !isOver()) {
      const next = this.#events.take();
      this.#now = next?.time ?? this.#now;
      next?.event();
    }
  }

  /** Splits the validators in two for a while, at random. */
  split(): void {
    if (this.#now < this.#splitUntil) return;
    this.#side = this.#plan.powers.map(() => this.#random.chance(0.5));
    this.#splitUntil = Math.min(this.#now + this.#random.between(1, 6) * SLOT, this.#plan.stormEnd);
  }

  /** The ambush that is going on, if there is one. */
  get ambush(): Ambush | undefined {
    return this.#ambush !== undefined && this.#now < this.#ambush.until && !this.isCalm ? this.#ambush : undefined;
  }

  /** From now on the network does what the ambush wants. */
  lieInWait(ambush: Ambush): void {
    this.#ambush = ambush;
  }

  /** Sends a message over the network as it is: in the storm it may be lost, late, or come twice. */
  send(from: number, to: number, message: Message): void {
    if (this.isCalm) this.deliver(from, to, message, this.#random.between(1, MAX_CALM_DELAY));
    else this.#sendInStorm(from, to, message);
  }

  #sendInStorm(from: number, to: number, message: Message): void {
    const { ambush } = this;
    if (ambush !== undefined) {
      this.#sendInAmbush(ambush, from, to, message);
    } else if (this.#random.chance(this.#plan.loss) || (this.#isSplit(from, to) && this.#random.chance(0.5))) {
      this.#counts.messagesLost += 1;
    } else {
      this.deliver(from, to, message, this.#stormDelay(from, to));
      if (this.#random.chance(this.#plan.repeat)) this.deliver(from, to, message, this.#stormDelay(from, to));
    }
  }

  #sendInAmbush(ambush: Ambush, from: number, to: number, message: Message): void {
    const fate = ambush.fateOf(from, to, message);
    const delay = this.#random.between(1, MAX_CALM_DELAY);
    if (fate === "lost") this.#counts.messagesLost += 1;
    else this.deliver(from, to, message, fate === "held" ? ambush.until - this.#now + delay : delay);
  }

  /** Brings a message after exactly this time: what the faulty can do, who know all and are everywhere. */
  deliver(from: number, to: number, message: Message, delay: number): void {
    this.#events.put(this.#now + delay, () => this.#receivers[to]?.receive(from, message));
  }

  #isSplit(from: number, to: number): boolean {
    return this.#now < this.#splitUntil && this.#side[from] !== this.#side[to];
  }

  #stormDelay(from: number, to: number): number {
    const wait = this.#isSplit(from, to) ? this.#splitUntil - this.#now : 0;
    const limit = this.#random.chance(this.#plan.late) ? this.#plan.maxDelay : MAX_CALM_DELAY;
    return wait + this.#random.between(1, limit);
  }
}
