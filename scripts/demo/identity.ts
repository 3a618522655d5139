import type { Identity } from "../../src/accounts/index.js";
import type { Identifier } from "../../src/records/index.js";

/** The identifier by which the demo knows somebody: the first one that has a system and a value. */
export function identityOf(identifiers: readonly Identifier[]): Identity | undefined {
  const named = identifiers.find(({ system, value }) => system !== undefined && value !== "");
  return named?.system === undefined ? undefined : { system: named.system, value: named.value };
}

/** One text for one identity. */
export function keyOf({ system, value }: Identity): string {
  return JSON.stringify([system, value]);
}
