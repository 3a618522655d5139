import { type SlotClock, slotAt, slotStart } from "../../../src/consensus/slot.js";
import type { Cancel, Clock } from "./clock.js";

/** What happens in a slot, in this order. */
export interface SlotEvents {
  onStart(slot: number): void;
  /** A quarter of the slot is over: whoever has no proposal to judge votes nil. */
  onProposeTimeout(slot: number): void;
  /** Half of the slot is over: whoever has not seen verdicts agree compares to nil. */
  onVerdictTimeout(slot: number): void;
}

const PROPOSE_TIMEOUT = 1 / 4;
const VERDICT_TIMEOUT = 1 / 2;

/** Tells the time in slots. Slots that pass while the process sleeps are left out. */
export class SlotTimer {
  readonly #clock: Clock;
  readonly #slots: SlotClock;
  readonly #events: SlotEvents;
  #timers: Cancel[] = [];

  constructor(clock: Clock, slots: SlotClock, events: SlotEvents) {
    this.#clock = clock;
    this.#slots = slots;
    this.#events = events;
  }

  /** The slot of the moment. */
  get slot(): number {
    return slotAt(this.#clock.now(), this.#slots);
  }

  /** Begins with the slot of the moment, in the middle of it; then what is past in it happens at once. */
  start(): void {
    this.stop();
    const { slot } = this;
    const start = slotStart(slot, this.#slots);
    const at = (fraction: number, act: () => void) => this.#clock.at(start + fraction * this.#slots.slotTime, act);
    this.#events.onStart(slot);
    this.#timers = [
      at(PROPOSE_TIMEOUT, () => this.#events.onProposeTimeout(slot)),
      at(VERDICT_TIMEOUT, () => this.#events.onVerdictTimeout(slot)),
      at(1, () => this.start()),
    ];
  }

  stop(): void {
    for (const cancel of this.#timers) cancel();
    this.#timers = [];
  }
}
