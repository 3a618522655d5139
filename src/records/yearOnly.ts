import { OLDEST_AGE } from "./safeHarbor.js";

/**
 * The earliest year that a de-identified section of a record may show: {@link OLDEST_AGE} years before the record was signed. It stands for
 * itself and every year before, so that neither a birth year nor an old event says that somebody is older than that.
 */
export function oldestYear(recordedAt: Date): number {
  return recordedAt.getUTCFullYear() - OLDEST_AGE;
}

/** The year of a FHIR date or dateTime as JSON text, never before `oldest`; undefined for anything else. */
export function yearOf(date: unknown, oldest: number): string | undefined {
  const year = typeof date === "string" ? /^\d{4}(?!\d)/.exec(date)?.[0] : undefined;
  return year === undefined ? undefined : JSON.stringify(String(Math.max(Number(year), oldest)).padStart(4, "0"));
}
