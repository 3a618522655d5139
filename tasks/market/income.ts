import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { claimIncome } from "../../src/market/income.js";
import { wholeNumberArgument } from "../arguments/number.js";
import { coins } from "../coin/amount.js";
import { openDeployment } from "../deployment.js";
import { signerOf } from "../signer.js";

export default async function income(
  args: { readonly institution: string; readonly from: string },
  hre: HardhatRuntimeEnvironment,
) {
  const { connection, contracts } = await openDeployment(hre);
  const market = contracts.dataMarket.connect(await signerOf(connection, args.from));
  const { institution, amount, receipt } = await claimIncome(market, wholeNumberArgument(args.institution, 1, 65_535));
  return { institution, income: coins(amount), wei: amount, transaction: receipt.hash };
}
