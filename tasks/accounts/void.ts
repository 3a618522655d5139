import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { readSignedCertificate, voidCertificate } from "../../src/accounts/index.js";
import { openDeployment } from "../deployment.js";
import { readJson } from "../file.js";
import { signerOf } from "../signer.js";

interface VoidArguments {
  readonly certificate: string;
  readonly from: string;
}

export default async function voidSerial(args: VoidArguments, hre: HardhatRuntimeEnvironment) {
  const serial = await serialOf(args.certificate);
  const { connection, contracts } = await openDeployment(hre);
  const accountCenter = contracts.accountCenter.connect(await signerOf(connection, args.from));
  const { receipt } = await voidCertificate(accountCenter, serial);
  return { serial, voided: true, transaction: receipt.hash };
}

async function serialOf(certificate: string): Promise<bigint> {
  if (/^\d{1,78}$/.test(certificate)) return BigInt(certificate);
  return readSignedCertificate(await readJson(certificate)).certificate.serial;
}
