import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { claim } from "../../src/consensus/claim.js";
import { senderOf } from "../../src/consensus/sender.js";
import { stakesOf } from "../../src/consensus/stakesOf.js";
import { coins } from "../coin/amount.js";
import { openDeployment } from "../deployment.js";
import { signerOf } from "../signer.js";
import { candidateArgument } from "./candidate.js";

interface ClaimArguments {
  readonly candidate: string | undefined;
  readonly from: string;
}

export default async function claimAll(args: ClaimArguments, hre: HardhatRuntimeEnvironment) {
  const candidate = args.candidate === undefined ? undefined : candidateArgument(args.candidate);
  const { connection, contracts } = await openDeployment(hre);
  const registry = contracts.validatorRegistry.connect(await signerOf(connection, args.from));
  const claimed = await claim(registry, candidate === undefined ? {} : { candidate });
  const account = await senderOf(registry);
  const { unbonding } = await stakesOf(registry, account);
  return {
    account,
    claimed: claimed.map(({ kind, candidate: from, epoch, amount, receipt }) => ({
      what: kind,
      candidate: from,
      leftInEpoch: epoch,
      amount: coins(amount),
      wei: amount,
      transaction: receipt.hash,
    })),
    unbonding: unbonding.map(({ candidate: from, amount, epoch, until }) => ({
      candidate: from,
      amount: coins(amount),
      leftInEpoch: epoch,
      claimableFromEpoch: until,
    })),
  };
}
