import type { Node } from "jsonc-parser";
import type { ElementUse } from "./fhirDefinitions.js";
import { isPublicCode, isUnit, OLDEST_AGE, UCUM, yearsOf } from "./safeHarbor.js";
import { type JsonSource, membersOf, textOf } from "./source.js";

/**
 * A quantity as JSON text: number and comparator in their source text, unit and code when they are public ones. 90 years and more,
 * in whatever unit of time, become "90 years or more".
 *
 * @param isAge whether the value is an age, in years where no unit of time is given
 * @returns undefined when there is no number, or an age without a unit that is understood
 */
export function keepQuantity(source: JsonSource, node: Node, use: ElementUse, isAge: boolean): string | undefined {
  const members = new Map(membersOf(node).map(({ key, value }) => [key, value]));
  const stringOf = (key: string) => String(members.get(key)?.value ?? "");
  const value = members.get("value");
  if (value === undefined) return undefined;
  const number = Number(value.value);
  const told = yearsOf(number, stringOf("code")) ?? yearsOf(number, stringOf("unit"));
  const years = told ?? (isAge ? number : undefined);
  if (years === undefined && use.type === "Age") return undefined;
  if (years !== undefined && years >= OLDEST_AGE) return oldestAge(use);

  const hasPublicCode = isPublicCode(stringOf("system"), stringOf("code"));
  return `{${[...members]
    .filter(([key]) => {
      if (key === "value") return true;
      if (key === "comparator") return /^[<>]=?$/.test(stringOf("comparator"));
      if (key === "unit") return isUnit(stringOf("unit"));
      return (key === "system" || key === "code") && hasPublicCode;
    })
    .map(([key, member]) => `${JSON.stringify(key)}:${textOf(source, member)}`)
    .join(",")}}`;
}

function oldestAge(use: ElementUse): string {
  // FHIR allows no comparator in the bounds of ranges and doses, which are SimpleQuantity.
  const simple = use.element.constraints?.some((constraint) => constraint.key === "sqty-1") ?? false;
  const comparator = simple || use.element.path.startsWith("Range.") ? "" : '"comparator":">=",';
  return `{"value":${OLDEST_AGE},${comparator}"unit":"a","system":"${UCUM}","code":"a"}`;
}
