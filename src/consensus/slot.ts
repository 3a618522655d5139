/** How a network counts time. */
export interface SlotClock {
  /** Timestamp of the first slot's start, in whole seconds since 1970. */
  readonly genesis: number;
  /** Length of a slot in whole seconds, at least 1. */
  readonly slotTime: number;
}

/** The slot that a time is in: negative before the genesis. `timestamp` is in seconds since 1970, fractions allowed. */
export function slotAt(timestamp: number, { genesis, slotTime }: SlotClock): number {
  return Math.floor((timestamp - genesis) / slotTime);
}

/** The timestamp of a slot's start, in seconds since 1970; a block made in the slot bears it. */
export function slotStart(slot: number, { genesis, slotTime }: SlotClock): number {
  return genesis + slot * slotTime;
}

/** The round that a slot is for the height after a block of `parentSlot`: negative if the slot is not after it. */
export function roundOf(slot: number, parentSlot: number): number {
  return slot - parentSlot - 1;
}

/** The slot in which a round of the height after a block of `parentSlot` takes place. */
export function slotOf(round: number, parentSlot: number): number {
  return parentSlot + 1 + round;
}
