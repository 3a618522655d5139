import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { revokeAllConsents } from "../../src/records/consent.js";
import { makeStatement, type StatementArguments } from "./statement.js";

export default async function revokeAll(args: StatementArguments, hre: HardhatRuntimeEnvironment) {
  const { patient, transaction } = await makeStatement(args, hre, () => ({
    kind: "RevocationOfAll",
    content: {},
    send: revokeAllConsents,
  }));
  return { patient, revoked: "all", transaction };
}
