import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { readEvidence } from "../../src/consensus/evidence.js";
import { reportEvidence } from "../../src/consensus/report.js";
import { openDeployment } from "../deployment.js";
import { readJson } from "../file.js";
import { signerOf } from "../signer.js";

interface ReportArguments {
  readonly file: string;
  readonly from: string;
}

export default async function report(args: ReportArguments, hre: HardhatRuntimeEnvironment) {
  const evidence = readEvidence(await readJson(args.file));
  const { connection, contracts } = await openDeployment(hre);
  const certifier = contracts.blockCertifier.connect(await signerOf(connection, args.from));
  const { receipt, ...result } = await reportEvidence(certifier, evidence);
  const { epoch, height, round } = evidence.first.statement;
  return { evidence: evidence.kind, epoch, height, round, ...result, transaction: receipt.hash };
}
