import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { claimShares } from "../../src/market/shares.js";
import { coins } from "../coin/amount.js";
import { openDeployment } from "../deployment.js";
import { signerOf } from "../signer.js";
import { type MemberArguments, membersOf } from "./members.js";

/** Pays the shares of the named records, or of all that a dataset ever had. */
export default async function claim(args: MemberArguments, hre: HardhatRuntimeEnvironment) {
  const { connection, contracts } = await openDeployment(hre);
  const market = contracts.dataMarket.connect(await signerOf(connection, args.from));
  const { claimed, receipts } = await claimShares(market, await membersOf(contracts.datasetRegistry, args));
  return {
    claimed: claimed.map(({ recordId, dataset, version, patient, doctor }) => ({
      record: recordId,
      dataset,
      version,
      patient: coins(patient),
      doctor: coins(doctor),
    })),
    patients: coins(claimed.reduce((sum, { patient }) => sum + patient, 0n)),
    doctors: coins(claimed.reduce((sum, { doctor }) => sum + doctor, 0n)),
    transactions: receipts.map(({ hash }) => hash),
  };
}
