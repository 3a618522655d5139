import { type JsonObject, objectsIn, stringIn } from "./json.js";
import { PATIENT_EXTENSIONS } from "./safeHarbor.js";
import type { JsonSource } from "./source.js";
import { yearOf } from "./yearOnly.js";

/** What stays of a Patient: gender, birth year, US-core race, ethnicity and birth sex, by their codes. */
export function deidentifyPatient(source: JsonSource, oldest: number): string {
  const extensions = objectsIn(objectsIn(source.value)[0]?.extension).flatMap(
    (extension) => keepExtension(extension) ?? [],
  );
  const gender = stringIn(source.value, "gender");
  const birthYear = yearOf(stringIn(source.value, "birthDate"), oldest);
  return `{${[
    '"resourceType":"Patient"',
    ...(extensions.length > 0 ? [`"extension":${JSON.stringify(extensions)}`] : []),
    ...(gender === undefined ? [] : [`"gender":${JSON.stringify(gender)}`]),
    ...(birthYear === undefined ? [] : [`"birthDate":${birthYear}`]),
  ].join(",")}}`;
}

function keepExtension(extension: JsonObject): JsonObject | undefined {
  const url = stringIn(extension, "url") ?? "";
  if (url === PATIENT_EXTENSIONS.birthSex) {
    const valueCode = stringIn(extension, "valueCode") ?? "";
    return PATIENT_EXTENSIONS.birthSexCode.test(valueCode) ? { url, valueCode } : undefined;
  }
  if (!PATIENT_EXTENSIONS.categories.has(url)) return undefined;
  const kept = objectsIn(extension.extension).flatMap((category) => keepCategory(category) ?? []);
  return kept.length > 0 ? { url, extension: kept } : undefined;
}

function keepCategory(category: JsonObject): JsonObject | undefined {
  const url = stringIn(category, "url") ?? "";
  const system = stringIn(category.valueCoding, "system") ?? "";
  const code = stringIn(category.valueCoding, "code") ?? "";
  // The detailed codes name tribes and villages, some of them small: only the broad categories stay.
  if (url !== "ombCategory" || !PATIENT_EXTENSIONS.categorySystems.has(system)) return undefined;
  return PATIENT_EXTENSIONS.categoryCode.test(code) ? { url, valueCoding: { system, code } } : undefined;
}
