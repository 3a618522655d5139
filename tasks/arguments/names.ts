import { type CertifiedRole, isCertifiedRole, Role } from "../../src/accounts/role.js";
import { DataClass, type DataClassCode, type DataClassName } from "../../src/records/dataClass.js";
import { PurposeOfUse, type PurposeOfUseCode } from "../../src/records/purposeOfUse.js";
import { ArgumentInvalid } from "./argumentInvalid.js";

/**
 * The one of `names` that `text` is, whatever the case of its letters.
 *
 * @param what what the names are of, for the error's message.
 * @throws {ArgumentInvalid} with all the names.
 */
export function oneOf<Name extends string>(text: string, names: readonly Name[], what: string): Name {
  const name = names.find((candidate) => candidate.toLowerCase() === text.trim().toLowerCase());
  if (name === undefined) throw new ArgumentInvalid(text, `${what}: ${names.join(", ")}`);
  return name;
}

/** One purpose of use. @throws {ArgumentInvalid} */
export function purposeArgument(text: string): PurposeOfUseCode {
  return oneOf(text, Object.keys(PurposeOfUse) as PurposeOfUseCode[], "a purpose of use");
}

/** Purposes of use, separated by commas. @throws {ArgumentInvalid} */
export function purposesArgument(text: string): PurposeOfUseCode[] {
  return text.split(",").map(purposeArgument);
}

/** One class of sections. @throws {ArgumentInvalid} */
export function sectionClassArgument(text: string): DataClassCode {
  return DataClass[oneOf(text, classNames(false), "a class of sections")];
}

/** Classes of sections, separated by commas, or `all`. @throws {ArgumentInvalid} */
export function sectionClassesArgument(text: string): DataClassCode[] | "all" {
  return text.trim().toLowerCase() === "all" ? "all" : text.split(",").map(sectionClassArgument);
}

/** A class of whole records. @throws {ArgumentInvalid} */
export function recordClassArgument(text: string): DataClassCode {
  return DataClass[oneOf(text, classNames(true), "a class of records")];
}

/** A role that a certificate can give. @throws {ArgumentInvalid} */
export function roleArgument(text: string): CertifiedRole {
  const names = Object.entries(Role).flatMap(([name, code]) =>
    isCertifiedRole(code) ? [name as keyof typeof Role] : [],
  );
  const code = Role[oneOf(text, names, "a role")];
  if (!isCertifiedRole(code)) throw new ArgumentInvalid(text, "a role");
  return code;
}

/** The names of the purposes whose bits are set. */
export function purposeNames(bits: number): string[] {
  return Object.entries(PurposeOfUse).flatMap(([name, bit]) => ((bits >>> bit) & 1 ? [name] : []));
}

/** The names of the classes whose bits are set; `all` for every class of sections. */
export function classNamesOf(bits: number): string[] {
  if (bits === 2 ** 24 - 1) return ["all"];
  return Object.entries(DataClass).flatMap(([name, bit]) => ((bits >>> bit) & 1 ? [name] : []));
}

/** The name of a class, for people to read; its number if it has none. */
export function className(code: number): string {
  const found = Object.entries(DataClass).find(([, candidate]) => candidate === code);
  return found?.[0] ?? String(code);
}

/** The names of the classes of whole records (24 and above), or of sections. */
function classNames(ofRecords: boolean): DataClassName[] {
  const names = Object.keys(DataClass) as DataClassName[];
  return names.filter((name) => DataClass[name] >= 24 === ofRecords);
}
