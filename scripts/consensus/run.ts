import type { Ablation } from "./ablation.js";
import { Ambush } from "./ambush.js";
import { PropertyBroken } from "./checks.js";
import type { Counts } from "./counts.js";
import { Liar } from "./liar.js";
import { SLOT } from "./time.js";
import { Validator } from "./validator.js";
import { World } from "./world.js";

/** Heights that every honest validator must decide in the calm. */
const HEIGHTS_IN_CALM = 20;

/**
 * Slots of calm in which it must have done so. One slot is enough for all to hear of the latest lock; then each slot of an
 * honest leader decides a height, and those are more than two thirds.
 */
const MAX_CALM_SLOTS = 120;

/** What came of a run. */
export interface Outcome {
  readonly counts: Counts;
  /** What was broken; undefined if all held. */
  readonly failure: string | undefined;
}

/** One run of the protocol: a storm, then calm. All that happens depends on the seed alone. */
export function run(seed: number, without?: Ablation): Outcome {
  const world = new World(seed, without);
  const { counts } = world;
  counts.runs = 1;
  const failure = failureOf(() => playOut(world));
  counts.heights = world.checks.heights;
  return { counts, failure };
}

function failureOf(work: () => void): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (error instanceof PropertyBroken) return error.message;
    throw error;
  }
}

function playOut(world: World): void {
  const { network, plan, checks } = world;
  const { stormEnd } = plan;
  const honest = populate(world);
  for (let slot = 0; slot * SLOT < stormEnd; slot++) network.at(slot * SLOT, () => disturb(world, honest, slot));
  network.run(stormEnd - 1, () => false);

  network.at(stormEnd, () => settle(honest));
  const target = Math.max(...honest.map(({ height }) => height)) - 1 + HEIGHTS_IN_CALM;
  network.run(stormEnd + MAX_CALM_SLOTS * SLOT, () => honest.every(({ height }) => height > target));
  for (const { seat, height } of honest) checks.progressed(seat, height - 1, target);
}

function populate(world: World): Validator[] {
  const { network, plan } = world;
  const seats = [...plan.powers.keys()];
  const validators = new Map(
    seats.filter((seat) => !plan.faults.has(seat)).map((seat) => [seat, new Validator(world, seat)]),
  );
  const honest = [...validators.values()];
  const liars = [...plan.faults].map(([seat, fault]) => new Liar(world, seat, fault, honest));
  network.connect(seats.map((seat) => validators.get(seat)));
  for (const validator of honest) network.at(0, () => validator.start());
  for (const liar of liars) repeatEachSlot(world, () => liar.startSlot());
  return honest;
}

function repeatEachSlot(world: World, act: () => void): void {
  act();
  world.network.at(world.network.now + SLOT, () => repeatEachSlot(world, act));
}

/** What the storm does in each slot, besides what it does to messages. */
function disturb(world: World, honest: readonly Validator[], slot: number): void {
  const { network, plan, random } = world;
  if (random.chance(plan.split)) network.split();
  if (network.ambush === undefined && isLedByLiar(world, slot + 1) && random.chance(plan.ambush)) {
    network.lieInWait(new Ambush(random.pick(honest), network.now, random.between(2, 5)));
  }
  // Whoever is led astray may also have lost its memory.
  const crash = network.ambush?.isSprung === true ? 5 * plan.crash : plan.crash;
  for (const validator of honest) {
    if (random.chance(crash)) validator.crash();
    else if (validator.machine !== undefined && random.chance(0.1)) validator.setClock();
  }
}

function isLedByLiar({ plan, set }: World, slot: number): boolean {
  const fault = plan.faults.get(set.leaderSeat(slot));
  return fault !== undefined && fault !== "silent";
}

function settle(honest: readonly Validator[]): void {
  for (const validator of honest) {
    if (validator.machine === undefined) validator.restart();
    else validator.setClock();
  }
}
