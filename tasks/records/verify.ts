import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { leafName } from "../../database/proofExtensions.js";
import { verifyRecordBundle } from "../../database/verifyBundle.js";
import { openDeployment } from "../deployment.js";
import { readBytes } from "../file.js";

export default async function verify({ file }: { readonly file: string }, hre: HardhatRuntimeEnvironment) {
  const bytes = await readBytes(file);
  const { contracts } = await openDeployment(hre);
  const { id, sections, subset } = await verifyRecordBundle(bytes, contracts.recordRegistry);
  return {
    id,
    verified: true,
    complete: !subset,
    sections: sections.map(({ path, kind, bytes: content }) => ({ path, form: leafName(kind), bytes: content.length })),
  };
}
