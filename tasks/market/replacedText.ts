import { access, constants, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { FileUnusable } from "../file.js";

/**
 * Checks, before long work, that its result can be written to `path`, in place of what may be there.
 *
 * @throws {FileUnusable}
 */
export async function requireReplaceable(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found !== undefined && !found.isFile()) throw new FileUnusable(path, "is no file: give another path");
  try {
    await access(dirname(path), constants.W_OK);
  } catch (error) {
    throw new FileUnusable(path, "cannot be written: check its folder", { cause: error });
  }
}

/**
 * Writes a text in place of what the file held: whoever reads it finds the old or the new, and never a part.
 *
 * @throws {FileUnusable}
 */
export async function replaceText(path: string, text: string): Promise<void> {
  const fresh = `${path}.${process.pid}.new`;
  try {
    await writeFile(fresh, text);
    await rename(fresh, path);
  } catch (error) {
    await rm(fresh, { force: true });
    throw new FileUnusable(path, "cannot be written: check its folder and the space on its disk", { cause: error });
  }
}
