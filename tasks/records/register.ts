import { ZeroHash } from "ethers";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { fetchSignedRequest, waitingRequests } from "../../database/index.js";
import { readSignedBatch, readSignedRequest } from "../../src/records/readSignedRequest.js";
import { registerBatch, registerRecord } from "../../src/records/register.js";
import type { SignedBatch, SignedRequest } from "../../src/records/signRecord.js";
import type { RecordRegistry } from "../../types/ethers-contracts/index.js";
import { ArgumentMissing } from "../arguments/argumentInvalid.js";
import { openSession } from "../database/session.js";
import { type Deployment, openDeployment } from "../deployment.js";
import { readJson } from "../file.js";
import { printProgress } from "../result.js";
import { signerOf } from "../signer.js";

interface RegisterArguments {
  readonly files: readonly string[];
  readonly url: string | undefined;
  readonly institution: string | undefined;
  readonly from: string;
}

export default async function register(args: RegisterArguments, hre: HardhatRuntimeEnvironment) {
  if (args.files.length === 0 && args.url === undefined) {
    throw new ArgumentMissing("url", "the medical database to take signed requests from, or files of them");
  }
  const filed = await Promise.all(args.files.map(readSigned));
  const deployment = await openDeployment(hre);
  const fetched = args.url === undefined ? [] : await signedRequests(deployment, args);
  const registry = deployment.contracts.recordRegistry.connect(await signerOf(deployment.connection, args.from));
  const registered = [];
  for (const signed of [...filed, ...fetched]) {
    const rows =
      "requests" in signed ? await registerTogether(registry, signed) : [await registerOne(registry, signed)];
    for (const { id, state } of rows) printProgress(`Registered ${id} (${state})`);
    registered.push(...rows);
  }
  return registered;
}

async function readSigned(file: string): Promise<SignedRequest | SignedBatch> {
  const content = await readJson(file);
  const isBatch = typeof content === "object" && content !== null && "requests" in content;
  return isBatch ? readSignedBatch(content) : readSignedRequest(content);
}

async function registerOne(registry: RecordRegistry, signed: SignedRequest) {
  const { id, receipt } = await registerRecord(registry, signed);
  const { supersedes } = signed.request;
  return { id, state: "Accepted", amends: supersedes === ZeroHash ? undefined : supersedes, transaction: receipt.hash };
}

async function registerTogether(registry: RecordRegistry, batch: SignedBatch) {
  const { ids, receipt } = await registerBatch(registry, batch);
  return ids.map((id) => ({ id, state: "Asserted", amends: undefined, transaction: receipt.hash }));
}

/** All requests of the institution that both have signed. */
async function signedRequests(deployment: Deployment, args: RegisterArguments): Promise<SignedRequest[]> {
  const session = await openSession(deployment, { ...args, purpose: "HOPERAT" });
  const signed = (await waitingRequests(session)).filter(({ state }) => state === "signed");
  return Promise.all(signed.map(({ id }) => fetchSignedRequest(session, id)));
}
