import { printResult, type Result } from "./result.js";

/** Some of what a verb was given was refused; the rest is done. */
export class PartlyRefused extends Error {
  override readonly name = "PartlyRefused";

  constructor(refused: number, total: number, what: string) {
    super(
      `${refused} of ${total} ${what} were refused for the reasons above, the others are done: mend those and send them again.`,
    );
  }
}

/**
 * The result of a verb that does many things, some of which may be refused. Then it is printed all the same, with the
 * reasons in it, and the command fails.
 *
 * @param what what the things are, in the plural.
 * @throws {PartlyRefused}
 */
export function partialResult<R extends Result>(
  result: R,
  {
    refused,
    total,
    what,
    json,
  }: { readonly refused: number; readonly total: number; readonly what: string; readonly json: boolean },
): R {
  if (refused === 0) return result;
  printResult(result, json);
  throw new PartlyRefused(refused, total, what);
}
