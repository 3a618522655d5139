import { checksummed } from "../accounts/address.js";
import { leaderSeat } from "./schedule.js";

/** One validator's place in an epoch's set. */
export interface Seat {
  /** Checksummed address of the validator, which signs its votes. */
  readonly validator: string;
  /** The candidate's number in the registry. */
  readonly candidate: number;
  /** Weight of its votes: its stake in whole gwei of coin, below 2^64. */
  readonly power: bigint;
}

/** The seats cannot be an epoch's set. */
export class InvalidValidatorSet extends Error {
  override readonly name = "InvalidValidatorSet";

  constructor(reason: string) {
    super(`This is no validator set: ${reason}. Read the seats of the epoch from the ValidatorRegistry again.`);
  }
}

/** A leader's seat is stored in one byte, with its slot. */
const MAX_SEATS = 256;
const MAX_POWER = 2n ** 64n;

/** The validators of one epoch, seated by candidate number, with their powers. Immutable. */
export class ValidatorSet {
  readonly epoch: number;
  readonly seats: readonly Seat[];
  /** Sum of the powers. */
  readonly total: bigint;
  readonly #ends: readonly bigint[];
  readonly #seatOf: ReadonlyMap<string, number>;

  /**
   * @param epoch number of the epoch.
   * @param seats 1 to 256, by ascending candidate number, no address twice, not all without power.
   * @throws {InvalidValidatorSet} or {@link InvalidAddress}.
   */
  constructor(epoch: number, seats: readonly Seat[]) {
    this.epoch = epoch;
    this.seats = seats.map((seat) => ({ ...seat, validator: checksummed(seat.validator, "validator") }));
    this.#ends = cumulativeEnds(this.seats);
    this.total = this.#ends.at(-1) ?? 0n;
    this.#seatOf = new Map(this.seats.map(({ validator }, index) => [validator, index]));
    if (seats.length < 1 || seats.length > MAX_SEATS) throw new InvalidValidatorSet(`it has ${seats.length} seats`);
    if (this.total === 0n) throw new InvalidValidatorSet("nobody has power");
    if (this.#seatOf.size < seats.length) throw new InvalidValidatorSet("a validator has two seats");
  }

  /** Index of a validator's seat; undefined for everyone else. The address is checksummed. */
  seatOf(validator: string): number | undefined {
    return this.#seatOf.get(validator);
  }

  /** Power of a seat; 0 if there is no such seat. */
  powerOf(seat: number): bigint {
    return this.seats[seat]?.power ?? 0n;
  }

  /** Index of the seat that leads a slot. */
  leaderSeat(slot: number): number {
    return leaderSeat(slot, this.#ends, this.total);
  }

  /** Whether this power is more than two thirds of the whole: "2f + 1". Two such groups share an honest validator. */
  isQuorum(power: bigint): boolean {
    return 3n * power > 2n * this.total;
  }

  /** Whether this power is more than one third of the whole: "f + 1". Such a group has an honest validator in it. */
  isSome(power: bigint): boolean {
    return 3n * power > this.total;
  }
}

function cumulativeEnds(seats: readonly Seat[]): bigint[] {
  let sum = 0n;
  let before = -1;
  return seats.map(({ candidate, power }) => {
    if (candidate <= before) throw new InvalidValidatorSet("its seats are not in the order of the candidates' numbers");
    if (power < 0n || power >= MAX_POWER) throw new InvalidValidatorSet(`the power ${power} is not below 2^64`);
    before = candidate;
    sum += power;
    return sum;
  });
}
