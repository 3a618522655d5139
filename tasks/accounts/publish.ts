import { isHexString } from "ethers";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { publishInstitution, unpackAccount } from "../../src/accounts/index.js";
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
  const entry = { fhirUrl: url, encryptionKey: args.encryptionKey };
  const { receipt } = await publishInstitution(accountCenter, entry);
  const wallet = await institution.getAddress();
  const { number } = unpackAccount(BigInt(await accountCenter.accounts(wallet)));
  return { institution: number, wallet, url, transaction: receipt.hash };
}
