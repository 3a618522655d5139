import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { type Value, valueKey } from "../../src/consensus/value.js";

/** Milliseconds between two looks. */
const PAUSE = 50;

interface KeptStatement {
  readonly statement: Value;
}

/**
 * Looks again and again into the files of validators' signing guards, which hold what each signed last.
 *
 * @param folders of the validators.
 * @param happens what happens meanwhile.
 * @returns the values of all that was found, by `valueKey`.
 */
export async function watchGuards(folders: readonly string[], happens: () => Promise<void>): Promise<Set<string>> {
  const values = new Set<string>();
  let isOver = false;
  const happening = happens().finally(() => {
    isOver = true;
  });
  const watching = (async () => {
    while (!isOver) {
      for (const folder of folders) await look(folder, values);
      await setTimeout(PAUSE);
    }
  })();
  await Promise.all([happening, watching]);
  return values;
}

async function look(folder: string, values: Set<string>): Promise<void> {
  const { last, lock } = JSON.parse(await readFile(join(folder, "guard.json"), "utf8")) as {
    readonly last: KeptStatement | null;
    readonly lock: KeptStatement | null;
  };
  for (const kept of [last, lock]) if (kept !== null) values.add(valueKey(kept.statement));
}
