import { ArgumentInvalid } from "./argumentInvalid.js";

const UNITS = { s: 1, m: 60, h: 3_600, d: 86_400 } as const;

/**
 * A moment: a day (`2026-11-24`, its first second in UTC), a time with its zone (`2026-11-24T10:00:00Z`), or a time from
 * now (`30d`, `12h`).
 *
 * @throws {ArgumentInvalid}
 */
export function momentArgument(text: string, now: Date): Date {
  const seconds = duration(text);
  if (seconds !== undefined) return new Date(now.getTime() + seconds * 1000);
  const isIso = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2}))?$/.test(text);
  const date = new Date(isIso ? text : Number.NaN);
  // JavaScript takes 30 February for 2 March.
  const isReal =
    !Number.isNaN(date.getTime()) && new Date(text.slice(0, 10)).toISOString().startsWith(text.slice(0, 10));
  if (!isReal) {
    throw new ArgumentInvalid(
      text,
      "a day such as 2026-11-24, a time such as 2026-11-24T10:00:00Z, or a time from now such as 30d",
    );
  }
  return date;
}

/**
 * How long, in seconds: a whole number with `s`, `m`, `h` or `d`.
 *
 * @throws {ArgumentInvalid}
 */
export function durationArgument(text: string): number {
  const seconds = duration(text);
  if (seconds === undefined) throw new ArgumentInvalid(text, "a duration such as 900s, 30m, 4h or 7d");
  return seconds;
}

function duration(text: string): number | undefined {
  const [, count, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  if (count === undefined || unit === undefined) return undefined;
  return Number(count) * UNITS[unit as keyof typeof UNITS];
}
