import { join } from "node:path";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { fetchSignedRequest, waitingRequests } from "../../database/index.js";
import { openDeployment } from "../deployment.js";
import { writeJson } from "../file.js";
import { openSession, type SessionArguments } from "./session.js";

export default async function requests(
  { out, ...args }: Omit<SessionArguments, "purpose"> & { readonly out: string | undefined },
  hre: HardhatRuntimeEnvironment,
) {
  const session = await openSession(await openDeployment(hre), { ...args, purpose: "HOPERAT" });
  const waiting = await waitingRequests(session);
  const listed = [];
  for (const { id, state, signedBy } of waiting) {
    if (out === undefined || state !== "signed") {
      listed.push({ id, state, signedBy });
      continue;
    }
    const file = join(out, `request-${id}.json`);
    await writeJson(file, await fetchSignedRequest(session, id));
    listed.push({ id, state, signedBy, file });
  }
  return listed;
}
