import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { unpackAccount } from "../../src/accounts/certifiedAccount.js";
import { openDeployment } from "../deployment.js";

export default async function institutions(_: object, hre: HardhatRuntimeEnvironment) {
  const { contracts } = await openDeployment(hre);
  const { accountCenter } = contracts;
  const listed = [];
  const count = Number(await accountCenter.institutionCount());
  for (let number = 1; number <= count; number++) {
    const { wallet, fhirUrl, encryptionKey } = await accountCenter.institutionOf(number);
    const { status } = unpackAccount(BigInt(await accountCenter.accounts(wallet)));
    listed.push({ number, wallet, status, url: fhirUrl, hasEncryptionKey: encryptionKey !== "0x" });
  }
  return listed;
}
