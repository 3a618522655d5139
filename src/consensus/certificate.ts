import { Phase, type Signed, type Vote } from "./statement.js";
import type { ValidatorSet } from "./validatorSet.js";
import { sameValue, type Value } from "./value.js";

/**
 * Whether these votes decide a height: comparisons of one round for this value, no validator's twice, together more than
 * two thirds of the power. Their signatures are the caller's to check (`isSignedByItsSigner`).
 *
 * @param set the validators of that height.
 */
export function isCertificate(
  set: ValidatorSet,
  height: number,
  value: Value,
  certificate: readonly Signed<Vote>[],
): boolean {
  const round = certificate[0]?.statement.round;
  const seats = new Set<number>();
  for (const { statement, signer } of certificate) {
    const seat = set.seatOf(signer);
    if (seat === undefined || seats.has(seat)) return false;
    if (statement.epoch !== set.epoch || statement.height !== height || statement.round !== round) return false;
    if (statement.phase !== Phase.Comparison || !sameValue(statement, value)) return false;
    seats.add(seat);
  }
  return set.isQuorum([...seats].reduce((power, seat) => power + set.powerOf(seat), 0n));
}
