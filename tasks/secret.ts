import { readFile } from "node:fs/promises";

/** The secrets that a verb may need. None is ever an argument: arguments show in the process list and in the shell's history. */
export type SecretName = "HEALTHCHAIN_KEY" | "HEALTHCHAIN_MNEMONIC" | "HEALTHCHAIN_STORE_PASSPHRASE";

/** The file that a secret is said to be in cannot be read. */
export class SecretUnreadable extends Error {
  override readonly name = "SecretUnreadable";

  constructor(variable: string, options: ErrorOptions) {
    super(`The file that ${variable} names cannot be read: check its path and permissions.`, options);
  }
}

/**
 * A secret from the environment: the variable itself, or the file that the variable with `_FILE` at its end names.
 *
 * @throws {SecretUnreadable}
 */
export async function secretOf(name: SecretName): Promise<string | undefined> {
  const value = process.env[name];
  if (value !== undefined && value !== "") return value.trim();
  const file = process.env[`${name}_FILE`];
  if (file === undefined || file === "") return undefined;
  try {
    return (await readFile(file, "utf8")).trim();
  } catch (error) {
    throw new SecretUnreadable(`${name}_FILE`, { cause: error });
  }
}
