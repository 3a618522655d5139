import { ArgumentInvalid } from "../arguments/argumentInvalid.js";
import { durationArgument } from "../arguments/time.js";

/**
 * How long, within bounds, in seconds.
 *
 * @throws {ArgumentInvalid}
 */
export function secondsArgument(text: string, lowest: number, highest: number): number {
  const seconds = durationArgument(text);
  if (seconds >= lowest && seconds <= highest) return seconds;
  throw new ArgumentInvalid(text, `a duration from ${lowest}s to ${highest / 86_400}d`);
}
