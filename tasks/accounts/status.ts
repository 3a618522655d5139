import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { CertificateReason, type CertificateReasonName } from "../../src/accounts/certificateReason.js";
import { unpackAccount } from "../../src/accounts/certifiedAccount.js";
import { checksummed } from "../../src/accounts/index.js";
import type { Mined } from "../../src/transaction.js";
import type { AccountCenter } from "../../types/ethers-contracts/index.js";
import { oneOf } from "../arguments/names.js";
import { openDeployment } from "../deployment.js";
import { signerOf } from "../signer.js";

export interface StatusArguments {
  readonly wallet: string;
  readonly from: string;
}

/** Changes the status of a wallet's certificate, and says what it is then. */
export async function changeStatus(
  args: StatusArguments,
  hre: HardhatRuntimeEnvironment,
  change: (accountCenter: AccountCenter, wallet: string) => Promise<Mined>,
) {
  const wallet = checksummed(args.wallet, "wallet");
  const { connection, contracts } = await openDeployment(hre);
  const accountCenter = contracts.accountCenter.connect(await signerOf(connection, args.from));
  const { receipt } = await change(accountCenter, wallet);
  const { role, status } = unpackAccount(BigInt(await accountCenter.accounts(wallet)));
  return { wallet, role, status, transaction: receipt.hash };
}

/** A reason by its name. @throws {ArgumentInvalid} */
export function reasonArgument(text: string): CertificateReasonName {
  return oneOf(text, Object.keys(CertificateReason) as CertificateReasonName[], "a reason");
}
