import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { roleName } from "../../src/accounts/role.js";
import { advanceCeiling, advanceNumbers } from "../../src/market/numbers.js";
import { ArgumentInvalid } from "../arguments/argumentInvalid.js";
import { className } from "../arguments/names.js";
import { coins } from "../coin/amount.js";
import { openDeployment } from "../deployment.js";
import { signerOf } from "../signer.js";
import { numberArgument } from "./arguments.js";
import { units } from "./dataset.js";
import { subjectArgument } from "./numbers.js";

interface AdvanceArguments {
  readonly dataset: string | undefined;
  readonly class: string | undefined;
  readonly role: string | undefined;
  readonly from: string;
}

/** Moves the ceiling of a dataset, or the numbers for a class and a role. */
export default async function advance(args: AdvanceArguments, hre: HardhatRuntimeEnvironment) {
  const dataset = args.dataset === undefined ? undefined : numberArgument(args.dataset);
  const other = args.class ?? args.role;
  if (dataset !== undefined && other !== undefined) {
    throw new ArgumentInvalid(other, "either --dataset, or --class and --role");
  }
  const subject = dataset === undefined ? subjectArgument(args) : undefined;
  const { connection, contracts } = await openDeployment(hre);
  const market = contracts.dataMarket.connect(await signerOf(connection, args.from));
  if (subject === undefined) {
    const { period, ceiling, receipt } = await advanceCeiling(market, numberArgument(args.dataset ?? ""));
    return { dataset, period, ceiling: coins(ceiling), transaction: receipt.hash };
  }
  const { period, alpha, c, receipt } = await advanceNumbers(market, subject);
  const about = { class: className(subject.dataClass), role: roleName(subject.role) };
  return { ...about, period, alpha: coins(alpha), c: units(c), transaction: receipt.hash };
}
