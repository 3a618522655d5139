import { type AuditHead, openMedicalDatabase, verifyAuditChain } from "../../database/index.js";
import { ArgumentInvalid, required } from "../arguments/argumentInvalid.js";
import { wholeNumberArgument } from "../arguments/number.js";
import { FileUnusable, readBytes } from "../file.js";
import { readKeyFile } from "./keyFile.js";

interface AuditArguments {
  readonly institution: string | undefined;
  readonly file: string | undefined;
  readonly keyFile: string | undefined;
  readonly known: string | undefined;
}

export default async function audit(args: AuditArguments) {
  const number = wholeNumberArgument(required(args.institution, "institution", "the institution's number"), 1, 65_535);
  const file = required(args.file, "file", "the path of its database file");
  const kek = await readKeyFile(required(args.keyFile, "key-file", "the file of its key"));
  const known = args.known === undefined ? undefined : headArgument(args.known);
  await requireExisting(file);
  // Only bundles are matched with it, and none comes in here.
  const organization = { system: "urn:healthchain:institution", value: String(number) };
  const database = await openMedicalDatabase({ number, name: `Institution ${number}`, organization, file, kek });
  try {
    const { length, hash } = await verifyAuditChain(database.storage, known);
    return { institution: number, intact: true, events: length, head: `${length}:${hash}` };
  } finally {
    await database.close();
  }
}

function headArgument(text: string): AuditHead {
  const [, length, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (length === undefined || hash === undefined) {
    throw new ArgumentInvalid(text, "a head as LENGTH:HASH, as `database audit` prints it");
  }
  return { length: Number(length), hash };
}

/** Opening a path that does not exist would make an empty database, whose log is intact. */
async function requireExisting(file: string): Promise<void> {
  const content = await readBytes(file);
  if (content.length === 0) throw new FileUnusable(file, "is empty: give an institution's database file");
}
