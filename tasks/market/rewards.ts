import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { claimSharingRewards } from "../../src/market/sharingRewards.js";
import { openDeployment } from "../deployment.js";
import { signerOf } from "../signer.js";
import { type MemberArguments, membersOf } from "./members.js";

/** Emits the sharing rewards of the named records, or of all that a dataset ever had. */
export default async function rewards(args: MemberArguments, hre: HardhatRuntimeEnvironment) {
  const { connection, contracts } = await openDeployment(hre);
  const registry = contracts.datasetRegistry.connect(await signerOf(connection, args.from));
  const { claimed, receipts } = await claimSharingRewards(registry, await membersOf(registry, args));
  return { rewarded: claimed.map((record) => ({ record })), transactions: receipts.map(({ hash }) => hash) };
}
