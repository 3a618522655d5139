/** The expiry is not a moment that a certificate can carry. */
export class InvalidExpiry extends Error {
  override readonly name = "InvalidExpiry";

  constructor(reason: string) {
    super(`The certificate's expiry ${reason}: give a date in the future.`);
  }
}

export interface ExpiryOptions {
  /** Keep the very second. By default the expiry is rounded, because odd values would link the wallets of one patient. */
  exact?: boolean;
}

/**
 * The expiry of a certificate that must hold until `date`: rounded up to the first second of a month (UTC) unless
 * `exact`, and then up to a whole second. A date that is already round stays as it is.
 *
 * @param date from 1970 on.
 * @returns seconds since 1970, as `Certificate.expiresAt` takes them.
 * @throws {InvalidExpiry} if `date` is not a date, lies before 1970, or so far ahead that no month follows it.
 */
export function expiryOf(date: Date, { exact = false }: ExpiryOptions = {}): number {
  const time = date.getTime();
  if (Number.isNaN(time)) throw new InvalidExpiry("is not a date");
  if (time <= 0) throw new InvalidExpiry("lies before 1970");
  if (exact) return Math.ceil(time / 1000);

  const monthStart = Date.UTC(date.getUTCFullYear(), date.getUTCMonth());
  const rounded = time === monthStart ? time : Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1);
  if (Number.isNaN(rounded)) throw new InvalidExpiry("has no following month");
  return rounded / 1000;
}
