import type { Random } from "./random.js";
import { SLOT } from "./time.js";

/**
 * How a validator without honour behaves. `silent`: not at all. `equivocator`: when it leads, another proposal to each
 * half, and its votes support both. `liar`: whatever proposals and votes, several of them.
 */
export type Fault = "silent" | "equivocator" | "liar";

/** What a run is like, all drawn from its seed. Times in ticks. */
export interface Plan {
  /** One for each seat; each below a third. */
  readonly powers: readonly bigint[];
  /** The faulty seats, together below a third of the power. */
  readonly faults: ReadonlyMap<number, Fault>;
  /** From here on the network is calm. */
  readonly stormEnd: number;
  /** Probability that a message of the storm is lost, comes twice, or comes late. */
  readonly loss: number;
  readonly repeat: number;
  readonly late: number;
  /** Latest that a late message comes. */
  readonly maxDelay: number;
  /** In each slot of the storm: probability that the network splits in two, and that a validator crashes. */
  readonly split: number;
  readonly crash: number;
  /** Probability that an ambush is laid before a slot that a liar leads. */
  readonly ambush: number;
  /** Probability, at each signature in the storm, to crash before it has been sent to all. */
  readonly crashAfterSigning: number;
  /** Farthest that a clock of the storm is from the true time. */
  readonly maxClockError: number;
}

export function drawPlan(random: Random): Plan {
  const powers = drawPowers(random, random.between(4, 10));
  return {
    powers,
    faults: drawFaults(random, powers),
    stormEnd: random.between(12, 28) * SLOT,
    loss: random.pick([0, 0.05, 0.15, 0.3]),
    repeat: random.pick([0, 0.05, 0.2]),
    late: random.pick([0.1, 0.3, 0.5]),
    maxDelay: random.pick([SLOT / 2, SLOT, 4 * SLOT]),
    split: random.pick([0, 0.1, 0.3]),
    crash: random.pick([0, 0.02, 0.06]),
    ambush: random.pick([0, 0.3, 1]),
    crashAfterSigning: random.pick([0, 0.01, 0.03]),
    maxClockError: random.pick([0, SLOT / 5, 2 * SLOT]),
  };
}

/** Equal, random, or with most of the power in few hands. */
function drawPowers(random: Random, count: number): bigint[] {
  const skew = random.pick([0, 1, 4]);
  const powers = Array.from({ length: count }, () => 100 + Math.round(random.between(1, 100) ** skew));
  return powersBelowThird(powers).map(BigInt);
}

/** Cuts the greatest until it is below a third. */
function powersBelowThird(powers: readonly number[]): number[] {
  const greatest = Math.max(...powers);
  const at = powers.indexOf(greatest);
  const rest = powers.reduce((sum, power) => sum + power, 0) - greatest;
  if (2 * greatest < rest) return [...powers];
  return powersBelowThird(powers.with(at, Math.ceil(rest / 2) - 1));
}

function drawFaults(random: Random, powers: readonly bigint[]): Map<number, Fault> {
  const total = powers.reduce((sum, power) => sum + power, 0n);
  const faults = new Map<number, Fault>();
  let faulty = 0n;
  for (const seat of random.shuffled([...powers.keys()])) {
    const power = powers[seat] ?? 0n;
    if (3n * (faulty + power) >= total || random.chance(0.1)) continue;
    faults.set(seat, random.pick<Fault>(["silent", "equivocator", "liar", "liar"]));
    faulty += power;
  }
  return faults;
}
