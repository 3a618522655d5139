import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { signWaiting } from "../../database/index.js";
import { domainOf } from "../../src/eip712.js";
import { nowOf } from "../clock.js";
import { openDeployment } from "../deployment.js";
import { printProgress } from "../result.js";
import { signerOf } from "../signer.js";
import { openSession, type SessionArguments, waitingIds } from "./session.js";

export default async function sign(
  { ids, ...args }: Omit<SessionArguments, "purpose"> & { readonly ids: readonly string[] },
  hre: HardhatRuntimeEnvironment,
) {
  const deployment = await openDeployment(hre);
  const { connection, contracts } = deployment;
  const session = await openSession(deployment, { ...args, purpose: "TREAT" });
  const signer = await signerOf(connection, args.from);
  const options = { domain: await domainOf(contracts.recordRegistry), now: await nowOf(connection) };
  const waiting = await waitingIds(session, ids);
  const wallet = await signer.getAddress();
  const signed = [];
  for (const id of waiting) {
    printProgress(`Checking and signing ${id} ...`);
    await signWaiting(session, id, signer, options);
    signed.push({ id, wallet, signed: true });
  }
  return signed;
}
