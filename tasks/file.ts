import { mkdir, open, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

/** A file cannot be read or written. */
export class FileUnusable extends Error {
  override readonly name = "FileUnusable";

  constructor(path: string, reason: string, options?: ErrorOptions) {
    super(`The file ${path} ${reason}.`, options);
  }
}

/**
 * A file's bytes.
 *
 * @throws {FileUnusable}
 */
export async function readBytes(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new FileUnusable(path, "cannot be read: check its path and permissions", { cause: error });
  }
}

/**
 * What a JSON file says.
 *
 * @throws {FileUnusable}
 */
export async function readJson(path: string): Promise<unknown> {
  const text = Buffer.from(await readBytes(path)).toString("utf8");
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new FileUnusable(path, "is not JSON: give one that a verb wrote", { cause: error });
  }
}

/**
 * Writes a new file as JSON, whole numbers beyond JavaScript's as decimal strings. Never replaces a file: it may hold the
 * only copy of a signature or of a key.
 *
 * @throws {FileUnusable}
 */
export async function writeJson(path: string, value: unknown): Promise<void> {
  const text = JSON.stringify(value, (_, part: unknown) => (typeof part === "bigint" ? part.toString() : part), 2);
  await writeNew(path, `${text}\n`);
}

/**
 * Writes a new file with exactly this text.
 *
 * @throws {FileUnusable}
 */
export async function writeText(path: string, text: string): Promise<void> {
  await writeNew(path, text);
}

/**
 * Writes a new file that only its owner may read.
 *
 * @throws {FileUnusable}
 */
export async function writeSecret(path: string, text: string): Promise<void> {
  await writeNew(path, text, 0o600);
}

/**
 * A file for a report that long work will give: made at once, folders too, so that a wrong path is found before the work.
 *
 * @returns writes the text, in place of what the file held.
 * @throws {FileUnusable}
 */
export async function replacedFile(path: string): Promise<(text: string) => Promise<void>> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await (await open(path, "a")).close();
  } catch (error) {
    throw new FileUnusable(path, "cannot be written: check its folder", { cause: error });
  }
  return (text) => writeFile(path, text);
}

async function writeNew(path: string, text: string, mode = 0o644): Promise<void> {
  try {
    await writeFile(path, text, { flag: "wx", mode });
  } catch (error) {
    const exists = error instanceof Error && "code" in error && error.code === "EEXIST";
    const reason = exists
      ? "exists already: give another path, or move it away"
      : "cannot be written: check its folder";
    throw new FileUnusable(path, reason, { cause: error });
  }
}
