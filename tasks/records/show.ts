import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { ChainError } from "../../src/chainError.js";
import { unpackRecord } from "../../src/records/indexedRecord.js";
import { className } from "../arguments/names.js";
import { wordArgument } from "../arguments/number.js";
import { isoTime } from "../clock.js";
import { openDeployment } from "../deployment.js";

export default async function show(args: { readonly id: string }, hre: HardhatRuntimeEnvironment) {
  const id = wordArgument(args.id, "a record's id");
  const { contracts } = await openDeployment(hre);
  const { accountCenter, recordRegistry } = contracts;
  const record = unpackRecord(BigInt(await recordRegistry.records(id)));
  if (record.state === "None") throw new ChainError("RecordUnknown", { id });
  const [institution, doctorWallet] = await Promise.all([
    accountCenter.institutionOf(record.institution),
    accountCenter.professionalWallet(record.doctor),
  ]);
  return {
    id,
    state: record.state,
    class: className(record.dataClass),
    recordedAt: isoTime(record.recordedAt),
    patient: record.patient,
    doctor: record.doctor,
    doctorWallet,
    institution: record.institution,
    institutionWallet: institution.wallet,
    url: institution.fhirUrl,
  };
}
