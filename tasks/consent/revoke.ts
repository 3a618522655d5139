import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { revokeConsent } from "../../src/records/consent.js";
import type { ConsentRegistry } from "../../types/ethers-contracts/index.js";
import { scopeArgument } from "../arguments/grantee.js";
import { grantText, recipientOf } from "./grantee.js";
import { makeStatement, type StatementArguments } from "./statement.js";

interface RevokeArguments extends StatementArguments {
  readonly recipient: string | undefined;
  readonly scope: string;
}

export default async function revoke(args: RevokeArguments, hre: HardhatRuntimeEnvironment) {
  const { patient, transaction, content } = await makeStatement(args, hre, async (around) => {
    const scope = scopeArgument(args.scope);
    const recipient = await recipientOf(around, args.recipient);
    const send = (registry: ConsentRegistry) => revokeConsent(registry, scope, recipient);
    return { kind: "Revocation", content: { scope, recipient }, send };
  });
  return { patient, ...grantText(content), revoked: true, transaction };
}
