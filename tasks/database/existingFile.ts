import { type MedicalDatabase, openMedicalDatabase } from "../../database/index.js";
import { required } from "../arguments/argumentInvalid.js";
import { wholeNumberArgument } from "../arguments/number.js";
import { FileUnusable, readBytes } from "../file.js";
import { readKeyFile } from "./keyFile.js";

/** How a verb names an institution's database file. */
export interface FileArguments {
  readonly institution: string | undefined;
  readonly file: string | undefined;
  readonly keyFile: string | undefined;
}

/**
 * Opens an institution's database file, which must exist, for the time of `work`. The service may have it open too.
 *
 * @throws {ArgumentMissing}, {@link ArgumentInvalid}, {@link FileUnusable}, {@link KeyFileInvalid}, and what `openMedicalDatabase` throws.
 */
export async function withExistingFile<T>(
  args: FileArguments,
  work: (database: MedicalDatabase) => Promise<T>,
): Promise<T> {
  const number = wholeNumberArgument(required(args.institution, "institution", "the institution's number"), 1, 65_535);
  const file = required(args.file, "file", "the path of its database file");
  const kek = await readKeyFile(required(args.keyFile, "key-file", "the file of its key"));
  await requireExisting(file);
  // Only bundles are matched with it, and none comes in here.
  const organization = { system: "urn:healthchain:institution", value: String(number) };
  const database = await openMedicalDatabase({ number, name: `Institution ${number}`, organization, file, kek });
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

/** Opening a path that does not exist would make an empty database. */
async function requireExisting(file: string): Promise<void> {
  const content = await readBytes(file);
  if (content.length === 0) throw new FileUnusable(file, "is empty: give an institution's database file");
}
