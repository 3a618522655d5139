import { readBytes } from "../file.js";

/** The file holds no key. */
export class KeyFileInvalid extends Error {
  override readonly name = "KeyFileInvalid";

  constructor(path: string) {
    super(`The file ${path} holds no key: give one of 64 hex digits, as \`database new-key\` makes it.`);
  }
}

/**
 * The key-encryption key in a file.
 *
 * @throws {KeyFileInvalid}, {@link FileUnusable}.
 */
export async function readKeyFile(path: string): Promise<Uint8Array> {
  const text = Buffer.from(await readBytes(path))
    .toString("utf8")
    .trim();
  if (!/^[0-9a-f]{64}$/i.test(text)) throw new KeyFileInvalid(path);
  return Buffer.from(text, "hex");
}
