/** An argument of a verb says nothing that the verb understands. */
export class ArgumentInvalid extends Error {
  override readonly name = "ArgumentInvalid";

  constructor(value: string, expected: string) {
    super(`"${value}" does not fit here: give ${expected}.`);
  }
}

/** An option that the verb needs was left out. */
export class ArgumentMissing extends Error {
  override readonly name = "ArgumentMissing";

  constructor(option: string, expected: string) {
    super(`--${option} is missing: give ${expected}.`);
  }
}

/**
 * The option's value.
 *
 * @param option its name as it is typed, without dashes.
 * @throws {ArgumentMissing}
 */
export function required(value: string | undefined, option: string, expected: string): string {
  if (value === undefined || value === "") throw new ArgumentMissing(option, expected);
  return value;
}
