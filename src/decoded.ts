import type { ParamType, Result } from "ethers";

/**
 * What an event or an error carries, by name: structs as objects, lists as lists. (A `Result` cannot tell a list of one from a
 * struct.)
 *
 * @param values as ethers decoded them.
 * @param types of the values, each with a name.
 */
export function decoded(values: Result, types: readonly ParamType[]): Record<string, unknown> {
  return Object.fromEntries(types.map((type, i) => [type.name, plain(values[i], type)]));
}

function plain(value: unknown, { arrayChildren, components }: ParamType): unknown {
  if (arrayChildren) return [...(value as Result)].map((item) => plain(item, arrayChildren));
  return components ? decoded(value as Result, components) : value;
}
