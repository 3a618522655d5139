import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { DatabaseRefused, type DatabaseSession, sendBundle } from "../../database/index.js";
import { openDeployment } from "../deployment.js";
import { readBytes } from "../file.js";
import { partialResult } from "../partial.js";
import { printProgress } from "../result.js";
import { openSession, type SessionArguments } from "./session.js";

interface IngestArguments extends Omit<SessionArguments, "purpose"> {
  readonly files: readonly string[];
  readonly json: boolean;
}

/** The HTTP statuses that say that one bundle is at fault, and not the session or the service. */
const BUNDLE_AT_FAULT = new Set([400, 413, 422]);

export default async function ingest({ files, json, ...args }: IngestArguments, hre: HardhatRuntimeEnvironment) {
  const bundles = await Promise.all(files.map(async (file) => ({ file, bytes: await readBytes(file) })));
  const session = await openSession(await openDeployment(hre), { ...args, purpose: "HOPERAT" });
  const sent = [];
  for (const { file, bytes } of bundles) {
    printProgress(`Sending ${file} ...`);
    sent.push({ file, ...(await sendOne(session, bytes)) });
  }
  const result = {
    files: sent.map(({ encounters, ...report }) => ({ ...report, encounters: encounters.length })),
    encounters: sent.flatMap(({ file, encounters }) => encounters.map((encounter) => ({ file, ...encounter }))),
  };
  const refused = sent.filter((one) => "refused" in one).length;
  return partialResult(result, { refused, total: files.length, what: "bundles", json });
}

async function sendOne(session: DatabaseSession, bytes: Uint8Array) {
  try {
    const { encounters, stored, notStored } = await sendBundle(session, Uint8Array.from(bytes));
    return { resourcesStored: stored, resourcesNotStored: notStored, encounters };
  } catch (error) {
    if (!(error instanceof DatabaseRefused && BUNDLE_AT_FAULT.has(error.status))) throw error;
    return { resourcesStored: 0, resourcesNotStored: 0, encounters: [], refused: error.message };
  }
}
