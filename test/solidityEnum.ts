import { readFileSync } from "node:fs";

/** The members of an enum in the contracts' source, by number: the ABI does not have their names. */
export function solidityEnum(file: string, name: string): Record<string, number> {
  const source = readFileSync(new URL(`../contracts/${file}`, import.meta.url), "utf8");
  const body = new RegExp(`enum ${name} \\{([^}]*)\\}`).exec(source)?.[1];
  if (body === undefined) throw new Error(`${file} has no enum ${name}.`);
  const members = body.split(",").map((member) => member.trim());
  return Object.fromEntries(members.map((member, code) => [member, code]));
}
