/** One day in seconds. */
export const DAY = 86_400;

/** The date is none, or lies outside what the contracts can hold. */
export class InvalidDate extends Error {
  override readonly name = "InvalidDate";

  constructor() {
    super("The date cannot be stored: give a valid date from 1970 to the year 36812 (2^40 - 1 seconds).");
  }
}

/**
 * The first second of the UTC day of `date`. What a patient signs carries whole days only: an odd second that stands in
 * the consents of two wallets tells that one person holds both.
 *
 * @returns seconds since 1970.
 * @throws {InvalidDate}
 */
export function dayFloor(date: Date): number {
  return storable(Math.floor(secondsOf(date) / DAY) * DAY);
}

/**
 * The first second of a UTC day that is not before `date`: `date` itself if it is one, see {@link dayFloor}.
 *
 * @returns seconds since 1970.
 * @throws {InvalidDate}
 */
export function dayCeil(date: Date): number {
  return storable(Math.ceil(secondsOf(date) / DAY) * DAY);
}

/**
 * `date` to the second, for the few times at which no other wallet of the person is concerned.
 *
 * @returns seconds since 1970, rounded down.
 * @throws {InvalidDate}
 */
export function exactSecond(date: Date): number {
  return storable(Math.floor(secondsOf(date)));
}

/** Whether `seconds` since 1970 is the start of a UTC day. */
export function isWholeDay(seconds: number): boolean {
  return Number.isInteger(seconds) && seconds % DAY === 0;
}

function secondsOf(date: Date): number {
  const time = date.getTime();
  if (Number.isNaN(time) || time < 0) throw new InvalidDate();
  return time / 1000;
}

function storable(seconds: number): number {
  if (seconds >= 2 ** 40) throw new InvalidDate();
  return seconds;
}
