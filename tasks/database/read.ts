import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import {
  fhirIdOf,
  isLeafName,
  LEAF_NAMES,
  leafName,
  OtherResourceServed,
  verifyRecordBundle,
} from "../../database/index.js";
import { ArgumentInvalid } from "../arguments/argumentInvalid.js";
import { wordArgument } from "../arguments/number.js";
import { openDeployment } from "../deployment.js";
import { writeText } from "../file.js";
import { printProgress } from "../result.js";
import { openSession, type SessionArguments } from "./session.js";

interface ReadArguments extends SessionArguments {
  readonly id: string;
  readonly form: string | undefined;
  readonly out: string | undefined;
}

export default async function read({ id: named, form, out, ...args }: ReadArguments, hre: HardhatRuntimeEnvironment) {
  const id = wordArgument(named, "a record's id");
  if (form !== undefined && !isLeafName(form)) throw new ArgumentInvalid(form, Object.keys(LEAF_NAMES).join(" or "));
  const deployment = await openDeployment(hre);
  const session = await openSession(deployment, args);
  const { bytes } = await session.get(`/Bundle/${fhirIdOf(id)}${form === undefined ? "" : `?_leaf=${form}`}`);
  const record = await verifyRecordBundle(bytes, deployment.contracts.recordRegistry);
  if (record.id !== id) throw new OtherResourceServed(`record ${id}`);
  const forms = new Set(record.sections.map(({ kind }) => leafName(kind)));
  if (form !== undefined && [...forms].some((served) => served !== form))
    throw new OtherResourceServed(`the ${form} form`);
  const text = Buffer.from(bytes).toString("utf8");
  const summary = { id, verified: true, sections: record.sections.length, form: [...forms], complete: !record.subset };
  if (out === undefined) {
    printProgress(
      `Verified: ${summary.sections} sections (${summary.form.join(", ")})${record.subset ? ", not all of the record" : ""}`,
    );
    return text;
  }
  await writeText(out, text);
  return { ...summary, file: out };
}
