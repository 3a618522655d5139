import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { setBreakGlassOptOut } from "../../src/records/consent.js";
import type { ConsentRegistry } from "../../types/ethers-contracts/index.js";
import { makeStatement, type StatementArguments } from "./statement.js";

export default async function optOut(
  args: StatementArguments & { readonly undo: boolean },
  hre: HardhatRuntimeEnvironment,
) {
  const optedOut = !args.undo;
  const { patient, transaction } = await makeStatement(args, hre, () => ({
    kind: "BreakGlassOptOut",
    content: { optedOut },
    send: (registry: ConsentRegistry) => setBreakGlassOptOut(registry, optedOut),
  }));
  return { patient, optedOut, transaction };
}
