import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { chainErrorOf } from "../../src/chainError.js";
import { type Relayed, relayConsents, shuffleAcross } from "../../src/records/fanOut.js";
import { readSignedConsent } from "../../src/records/readSignedConsent.js";
import { openDeployment } from "../deployment.js";
import { readJson } from "../file.js";
import { partialResult } from "../partial.js";
import { signerOf } from "../signer.js";

interface SendArguments {
  readonly files: readonly string[];
  readonly from: string;
  readonly json: boolean;
}

export default async function send({ files, from, json }: SendArguments, hre: HardhatRuntimeEnvironment) {
  const patients = await Promise.all(
    files.map(async (file) => {
      const content = await readJson(file);
      return (Array.isArray(content) ? content : [content]).map(readSignedConsent);
    }),
  );
  const { connection, contracts } = await openDeployment(hre);
  const registry = contracts.consentRegistry.connect(await signerOf(connection, from));
  const rows = (await relayConsents(registry, shuffleAcross(patients))).map(rowOf);
  const refused = rows.filter((row) => "refused" in row).length;
  return partialResult(rows, { refused, total: rows.length, what: "statements", json });
}

function rowOf(result: Relayed) {
  const statement = { statement: result.signed.kind, patient: result.signed.message.patient };
  if ("receipt" in result) return { ...statement, transaction: result.receipt.hash };
  const { error } = result;
  return {
    ...statement,
    refused: chainErrorOf(error)?.message ?? (error instanceof Error ? error.message : String(error)),
  };
}
