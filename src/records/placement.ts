import type { BundleEntry, PatientBundle } from "./bundle.js";
import { clinicalDateOf, encounterPeriodOf } from "./clinicalDate.js";
import { isDirectoryType } from "./directory.js";
import { objectsIn, stringIn } from "./json.js";
import { referencesIn } from "./references.js";

/**
 * How a resource came to its encounter: it is the encounter; it names it; its items name it; it follows its prescription, the claim it
 * answers, the care plan whose goal it is, or a resource that it refers to or that refers to it; or nothing links it to any encounter
 * and it went to the one nearest in date.
 */
export type PlacedBy =
  | "itself"
  | "encounter"
  | "item"
  | "prescription"
  | "claim"
  | "carePlan"
  | "neighbour"
  | "nearest";

/** Where one resource of a bundle was put. */
export interface Placement {
  readonly entry: BundleEntry;
  readonly encounter: BundleEntry;
  readonly by: PlacedBy;
}

/**
 * Puts every resource of a bundle that is not a directory resource into exactly one encounter.
 *
 * @param bundle a checked bundle, which has at least one encounter
 * @param find gives the entry that a reference means, or undefined
 * @returns one placement for each such resource, in the bundle's order
 */
export function placeResources(
  bundle: PatientBundle,
  find: (reference: string) => BundleEntry | undefined,
): Placement[] {
  const clinical = bundle.entries.filter((entry) => !isDirectoryType(entry.resourceType));
  const encounters = clinical.filter((entry) => entry.resourceType === "Encounter");
  const placed = new Map<BundleEntry, Placement>(encounters.map((encounter) => [encounter, itself(encounter)]));
  const put = (entry: BundleEntry, encounter: BundleEntry | undefined, by: PlacedBy): void => {
    if (encounter !== undefined && !placed.has(entry)) placed.set(entry, { entry, encounter, by });
  };
  const follow = (reference: string | undefined): BundleEntry | undefined => {
    const target = reference === undefined ? undefined : find(reference);
    return target && placed.get(target)?.encounter;
  };

  for (const entry of clinical) put(entry, firstEncounter(namedEncounters(entry), find), "encounter");
  for (const entry of clinical) put(entry, firstEncounter(itemEncounters(entry), find), "item");
  for (const entry of clinical) put(entry, follow(stringIn(entry.resource.prescription, "reference")), "prescription");
  for (const entry of clinical) put(entry, follow(stringIn(entry.resource.claim, "reference")), "claim");
  for (const plan of clinical.filter((entry) => entry.resourceType === "CarePlan")) {
    for (const goal of objectsIn(plan.resource.goal)) {
      const target = find(stringIn(goal, "reference") ?? "");
      if (target && clinical.includes(target)) put(target, placed.get(plan)?.encounter, "carePlan");
    }
  }
  followNeighbours(clinical, placed, put, find);
  const dated = encounters.map((encounter) => ({ encounter, period: encounterPeriodOf(encounter.resource) }));
  dated.sort((a, b) => (a.period?.start ?? 0) - (b.period?.start ?? 0));
  for (const entry of clinical) if (!placed.has(entry)) put(entry, nearestEncounter(entry, dated), "nearest");
  return clinical.flatMap((entry) => placed.get(entry) ?? []);
}

function itself(encounter: BundleEntry): Placement {
  return { entry: encounter, encounter, by: "itself" };
}

function namedEncounters(entry: BundleEntry): (string | undefined)[] {
  const { encounter, context } = entry.resource;
  const holders = [...objectsIn(encounter), ...objectsIn(context)];
  const nested = objectsIn(context).flatMap((inner) => objectsIn(inner.encounter));
  return [...holders, ...nested].map((holder) => stringIn(holder, "reference"));
}

function itemEncounters(entry: BundleEntry): (string | undefined)[] {
  const items = objectsIn(entry.resource.item).flatMap((item) => objectsIn(item.encounter));
  return items.map((holder) => stringIn(holder, "reference"));
}

function firstEncounter(
  references: readonly (string | undefined)[],
  find: (reference: string) => BundleEntry | undefined,
): BundleEntry | undefined {
  const targets = references.map((reference) => (reference === undefined ? undefined : find(reference)));
  return targets.find((target) => target?.resourceType === "Encounter");
}

function followNeighbours(
  clinical: readonly BundleEntry[],
  placed: ReadonlyMap<BundleEntry, Placement>,
  put: (entry: BundleEntry, encounter: BundleEntry | undefined, by: PlacedBy) => void,
  find: (reference: string) => BundleEntry | undefined,
): void {
  // An allergy belongs to no visit: who refers to it says nothing about where it was found.
  const waiting = () => clinical.some((entry) => !placed.has(entry) && entry.resourceType !== "AllergyIntolerance");
  if (!waiting()) return;
  const links = clinical.flatMap((entry) =>
    referencesIn(entry.node).flatMap(({ reference }) => {
      const target = find(reference);
      return target && target !== entry && !isDirectoryType(target.resourceType) ? [{ entry, target }] : [];
    }),
  );
  for (let before = -1; before !== placed.size && waiting(); ) {
    before = placed.size;
    for (const { entry, target } of links) {
      if (entry.resourceType !== "AllergyIntolerance") put(entry, placed.get(target)?.encounter, "neighbour");
      if (target.resourceType !== "AllergyIntolerance") put(target, placed.get(entry)?.encounter, "neighbour");
    }
  }
}

interface DatedEncounter {
  readonly encounter: BundleEntry;
  readonly period: ReturnType<typeof encounterPeriodOf>;
}

function nearestEncounter(entry: BundleEntry, byStart: readonly DatedEncounter[]): BundleEntry | undefined {
  const date = clinicalDateOf(entry.resource);
  // What has no date either describes the patient as last seen.
  if (date === undefined) return byStart.at(-1)?.encounter;
  const distance = ({ period }: DatedEncounter) =>
    period ? Math.max(period.start - date, date - period.end, 0) : Number.POSITIVE_INFINITY;
  return byStart.reduce((best, next) => (distance(next) < distance(best) ? next : best)).encounter;
}
