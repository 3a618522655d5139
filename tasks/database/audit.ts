import { type AuditHead, verifyAuditChain } from "../../database/index.js";
import { ArgumentInvalid } from "../arguments/argumentInvalid.js";
import { type FileArguments, withExistingFile } from "./existingFile.js";

interface AuditArguments extends FileArguments {
  readonly known: string | undefined;
}

export default async function audit(args: AuditArguments) {
  const known = args.known === undefined ? undefined : headArgument(args.known);
  return withExistingFile(args, async ({ storage, institution }) => {
    const { length, hash } = await verifyAuditChain(storage, known);
    return { institution: institution.number, intact: true, events: length, head: `${length}:${hash}` };
  });
}

function headArgument(text: string): AuditHead {
  const [, length, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (length === undefined || hash === undefined) {
    throw new ArgumentInvalid(text, "a head as LENGTH:HASH, as `database audit` prints it");
  }
  return { length: Number(length), hash };
}
