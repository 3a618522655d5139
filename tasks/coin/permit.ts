import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { checksummed } from "../../src/accounts/index.js";
import { signPermit, submitPermit } from "../../src/coin/index.js";
import { domainOf } from "../../src/eip712.js";
import { exactSecond } from "../../src/utcDay.js";
import { required } from "../arguments/argumentInvalid.js";
import { momentArgument } from "../arguments/time.js";
import { isoTime, nowOf } from "../clock.js";
import { openDeployment } from "../deployment.js";
import { signerOf } from "../signer.js";
import { amountArgument, coins } from "./amount.js";

interface PermitArguments {
  readonly spender: string | undefined;
  readonly amount: string | undefined;
  readonly from: string;
  readonly relayer: string | undefined;
  readonly deadline: string;
}

export default async function permit(args: PermitArguments, hre: HardhatRuntimeEnvironment) {
  const spender = checksummed(required(args.spender, "spender", "the address of who may take the coin"), "spender");
  const value = amountArgument(args.amount);
  const { connection, contracts } = await openDeployment(hre);
  const owner = await signerOf(connection, args.from);
  const sender = args.relayer === undefined ? owner : await signerOf(connection, args.relayer);
  const coin = contracts.medicalCoin.connect(sender);
  const signed = await signPermit(owner, await domainOf(coin), {
    spender,
    value,
    nonce: await coin.nonces(await owner.getAddress()),
    deadline: exactSecond(momentArgument(args.deadline, await nowOf(connection))),
  });
  const { receipt } = await submitPermit(coin, signed);
  const { owner: from, deadline } = signed.permit;
  return {
    owner: from,
    spender,
    amount: coins(value),
    wei: value,
    signedUntil: isoTime(deadline),
    transaction: receipt.hash,
  };
}
