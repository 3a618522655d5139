import { isHexString } from "ethers";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { unpackAccount } from "../../src/accounts/certifiedAccount.js";
import { mined } from "../../src/transaction.js";
import { ArgumentInvalid, required } from "../arguments/argumentInvalid.js";
import { openDeployment } from "../deployment.js";
import { signerOf } from "../signer.js";

interface PublishArguments {
  readonly url: string | undefined;
  readonly encryptionKey: string;
  readonly from: string;
}

export default async function publish(args: PublishArguments, hre: HardhatRuntimeEnvironment) {
  const url = required(args.url, "url", "the base address of the institution's medical database");
  if (!URL.canParse(url)) throw new ArgumentInvalid(url, "an address such as https://fhir.hospital.example");
  if (!isHexString(args.encryptionKey, true)) throw new ArgumentInvalid(args.encryptionKey, "a public key in hex");
  const { connection, contracts } = await openDeployment(hre);
  const institution = await signerOf(connection, args.from);
  const accountCenter = contracts.accountCenter.connect(institution);
  const { receipt } = await mined(accountCenter, () => accountCenter.publishInstitution(url, args.encryptionKey));
  const wallet = await institution.getAddress();
  const { number } = unpackAccount(BigInt(await accountCenter.accounts(wallet)));
  return { institution: number, wallet, url, transaction: receipt.hash };
}
