import { ValidatorSet } from "../../src/consensus/validatorSet.js";
import type { Ablation } from "./ablation.js";
import { Blocks } from "./block.js";
import { Checks } from "./checks.js";
import { type Counts, noCounts } from "./counts.js";
import { Network } from "./network.js";
import { drawPlan, type Plan } from "./plan.js";
import { Random } from "./random.js";

/** What all parts of one run share. */
export class World {
  readonly random: Random;
  readonly plan: Plan;
  readonly counts: Counts = noCounts();
  readonly set: ValidatorSet;
  readonly blocks = new Blocks();
  readonly checks: Checks;
  readonly network: Network;
  readonly without: Ablation | undefined;
  readonly #firstRounds = new Map<number, number>();

  constructor(seed: number, without: Ablation | undefined) {
    this.random = new Random(seed);
    this.plan = drawPlan(this.random);
    this.without = without;
    this.network = new Network(this.plan, this.random, this.counts);
    this.set = new ValidatorSet(
      1,
      this.plan.powers.map((power, seat) => ({ validator: addressOf(seat), candidate: seat + 1, power })),
    );
    const faulty = new Set([...this.plan.faults.keys()].map((seat) => this.addressOf(seat)));
    this.checks = new Checks(this.blocks, (signer) => faulty.has(signer));
  }

  addressOf(seat: number): string {
    return this.set.seats[seat]?.validator ?? "";
  }

  /** An honest validator entered a round. */
  entered(height: number, round: number): void {
    const first = this.#firstRounds.get(height);
    if (first === undefined || round < first) this.#firstRounds.set(height, round);
  }

  /** Whether a round is later than the first that anybody entered. */
  isLaterRound(height: number, round: number): boolean {
    return round > (this.#firstRounds.get(height) ?? round);
  }
}

function addressOf(seat: number): string {
  return `0x${(seat + 1).toString(16).padStart(40, "0")}`;
}
