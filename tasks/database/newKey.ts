import { randomBytes } from "node:crypto";
import { writeSecret } from "../file.js";

export default async function newKey({ file }: { readonly file: string }) {
  await writeSecret(file, `${randomBytes(32).toString("hex")}\n`);
  return { file, keep: "apart from the database's file and its backups: without it nothing opens" };
}
