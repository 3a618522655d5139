import { isJsonObject, type JsonObject, stringIn } from "./json.js";

const DATES = [
  "recordedDate",
  "onsetDateTime",
  "effectiveDateTime",
  "performedDateTime",
  "occurrenceDateTime",
  "authoredOn",
];
const MORE_DATES = [
  "assertedDate",
  "startDate",
  "statusDate",
  "date",
  "started",
  "created",
  "issued",
  "recorded",
  "sent",
];
const PERIODS = ["effectivePeriod", "performedPeriod", "occurrencePeriod", "onsetPeriod", "period", "billablePeriod"];

/** When a resource says it happened, in milliseconds since 1970 (negative before), or undefined when it has no date. */
export function clinicalDateOf(resource: JsonObject): number | undefined {
  const periods = PERIODS.flatMap((key) => [stringIn(resource[key], "start"), stringIn(resource[key], "end")]);
  const dates = [...DATES, ...MORE_DATES].map((key) => stringIn(resource, key));
  return [...dates, ...periods].map(instantOf).find((instant) => instant !== undefined);
}

/** Start and end of an encounter in milliseconds since 1970; an open end is the start. Undefined without a period. */
export function encounterPeriodOf(encounter: JsonObject): { readonly start: number; readonly end: number } | undefined {
  if (!isJsonObject(encounter.period)) return undefined;
  const start = instantOf(stringIn(encounter.period, "start"));
  const end = instantOf(stringIn(encounter.period, "end"));
  if (start === undefined) return end === undefined ? undefined : { start: end, end };
  return { start, end: end === undefined || end < start ? start : end };
}

function instantOf(date: string | undefined): number | undefined {
  const instant = date === undefined ? Number.NaN : Date.parse(date);
  return Number.isNaN(instant) ? undefined : instant;
}
