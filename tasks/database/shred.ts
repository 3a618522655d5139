import { shredRecord } from "../../database/index.js";
import { wordArgument } from "../arguments/number.js";
import { type FileArguments, withExistingFile } from "./existingFile.js";

export default async function shred({ id: named, ...args }: FileArguments & { readonly id: string }) {
  const id = wordArgument(named, "a record's id");
  return withExistingFile(args, async (database) => {
    await shredRecord(database, id);
    return { id, shredded: true, next: "delete every older backup of the file" };
  });
}
