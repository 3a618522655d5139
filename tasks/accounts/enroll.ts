import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { enrollCertificate, readSignedCertificate, unpackAccount } from "../../src/accounts/index.js";
import { isoTime } from "../clock.js";
import { openDeployment } from "../deployment.js";
import { readJson } from "../file.js";
import { printProgress } from "../result.js";
import { signerOf } from "../signer.js";

interface EnrollArguments {
  readonly files: readonly string[];
  readonly from: string;
}

export default async function enroll({ files, from }: EnrollArguments, hre: HardhatRuntimeEnvironment) {
  const certificates = await Promise.all(files.map(async (file) => readSignedCertificate(await readJson(file))));
  const { connection, contracts } = await openDeployment(hre);
  const accountCenter = contracts.accountCenter.connect(await signerOf(connection, from));
  const enrolled = [];
  for (const signed of certificates) {
    const { certificate } = signed;
    const { receipt } = await enrollCertificate(accountCenter, signed);
    printProgress(`Enrolled ${certificate.wallet}`);
    const account = unpackAccount(BigInt(await accountCenter.accounts(certificate.wallet)));
    enrolled.push({
      wallet: certificate.wallet,
      role: account.role,
      number: account.number,
      institution: account.institution,
      expires: isoTime(account.expiresAt),
      transaction: receipt.hash,
    });
  }
  return enrolled;
}
