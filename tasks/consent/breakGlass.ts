import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { breakGlass, EmergencyReason, type EmergencyReasonName } from "../../src/records/emergency.js";
import { oneOf } from "../arguments/names.js";
import { wordArgument } from "../arguments/number.js";
import { isoTime } from "../clock.js";
import { openDeployment } from "../deployment.js";
import { signerOf } from "../signer.js";

interface BreakGlassArguments {
  readonly id: string;
  readonly reason: string;
  readonly from: string;
}

export default async function breakTheGlass(args: BreakGlassArguments, hre: HardhatRuntimeEnvironment) {
  const id = wordArgument(args.id, "a record's id");
  const reason = oneOf(args.reason, Object.keys(EmergencyReason) as EmergencyReasonName[], "a reason");
  const { connection, contracts } = await openDeployment(hre);
  const doctor = await signerOf(connection, args.from);
  const { until, receipt } = await breakGlass(contracts.consentRegistry.connect(doctor), id, reason);
  return { record: id, doctor: await doctor.getAddress(), reason, until: isoTime(until), transaction: receipt.hash };
}
