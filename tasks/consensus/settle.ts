import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { settleEpoch } from "../../src/consensus/settleEpoch.js";
import { coins } from "../coin/amount.js";
import { openDeployment } from "../deployment.js";
import { signerOf } from "../signer.js";

export default async function settle(args: { readonly from: string }, hre: HardhatRuntimeEnvironment) {
  const { connection, contracts } = await openDeployment(hre);
  const certifier = contracts.blockCertifier.connect(await signerOf(connection, args.from));
  const { epoch, blocks, minted, receipt } = await settleEpoch(certifier);
  return { epoch, blocks, minted: coins(minted), mintedWei: minted, transaction: receipt.hash };
}
