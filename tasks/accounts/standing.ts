import type { ContractTransactionResponse } from "ethers";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { CertificateReason, type CertificateReasonName } from "../../src/accounts/certificateReason.js";
import { unpackAccount } from "../../src/accounts/certifiedAccount.js";
import { checksummed } from "../../src/accounts/index.js";
import { mined } from "../../src/transaction.js";
import type { AccountCenter } from "../../types/ethers-contracts/index.js";
import { oneOf } from "../arguments/names.js";
import { openDeployment } from "../deployment.js";
import { signerOf } from "../signer.js";

export interface StandingArguments {
  readonly wallet: string;
  readonly from: string;
}

/** Changes the standing of a wallet's certificate, and says what it is then. */
export async function changeStanding(
  args: StandingArguments,
  hre: HardhatRuntimeEnvironment,
  send: (accountCenter: AccountCenter, wallet: string) => Promise<ContractTransactionResponse>,
) {
  const wallet = checksummed(args.wallet, "wallet");
  const { connection, contracts } = await openDeployment(hre);
  const accountCenter = contracts.accountCenter.connect(await signerOf(connection, args.from));
  const { receipt } = await mined(accountCenter, () => send(accountCenter, wallet));
  const { role, status } = unpackAccount(BigInt(await accountCenter.accounts(wallet)));
  return { wallet, role, status, transaction: receipt.hash };
}

/** The code of a reason by its name. @throws {ArgumentInvalid} */
export function reasonArgument(text: string): number {
  return CertificateReason[oneOf(text, Object.keys(CertificateReason) as CertificateReasonName[], "a reason")];
}
