import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { fetchRequest } from "../../database/index.js";
import { domainOf } from "../../src/eip712.js";
import { signBatch } from "../../src/records/signRecord.js";
import { required } from "../arguments/argumentInvalid.js";
import { isoTime, nowOf } from "../clock.js";
import { openSession, type SessionArguments, waitingIds } from "../database/session.js";
import { openDeployment } from "../deployment.js";
import { writeJson } from "../file.js";
import { signerOf } from "../signer.js";

interface SignBatchArguments extends Omit<SessionArguments, "purpose"> {
  readonly ids: readonly string[];
  readonly out: string | undefined;
}

export default async function signBatchOf({ ids, out, ...args }: SignBatchArguments, hre: HardhatRuntimeEnvironment) {
  const file = required(out, "out", "the file to write");
  const deployment = await openDeployment(hre);
  const { connection, contracts } = deployment;
  const session = await openSession(deployment, { ...args, purpose: "TREAT" });
  const waiting = await waitingIds(session, ids);
  const requests = await Promise.all(waiting.map((id) => fetchRequest(session, id)));
  const doctor = await signerOf(connection, args.from);
  const batch = await signBatch(requests, doctor, {
    domain: await domainOf(contracts.recordRegistry),
    now: await nowOf(connection),
  });
  await writeJson(file, batch);
  const [{ deadline }] = batch.requests;
  return {
    file,
    doctor: await doctor.getAddress(),
    deadline: isoTime(deadline),
    records: waiting.map((id) => ({ id })),
  };
}
