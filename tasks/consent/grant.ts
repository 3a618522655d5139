import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { grantConsent } from "../../src/records/consent.js";
import { grantKeyOf } from "../../src/records/grant.js";
import { scopeArgument } from "../arguments/grantee.js";
import { grantText, recipientOf } from "./grantee.js";
import { makeStatement, type StatementArguments } from "./statement.js";
import { type TermsArguments, termsArgument } from "./terms.js";

interface GrantArguments extends StatementArguments, TermsArguments {
  readonly recipient: string | undefined;
  readonly scope: string;
}

export default async function grant(args: GrantArguments, hre: HardhatRuntimeEnvironment) {
  const { patient, transaction, content } = await makeStatement(args, hre, async (around) => {
    const scope = scopeArgument(args.scope);
    const terms = termsArgument(args, around.now);
    const recipient = await recipientOf(around, args.recipient);
    const send = (registry: Parameters<typeof grantConsent>[0]) => grantConsent(registry, scope, recipient, terms);
    return { kind: "Grant", content: { scope, recipient, terms }, send };
  });
  const { scope, recipient, terms } = content;
  return {
    patient,
    ...grantText({ scope, recipient, ...terms }),
    key: grantKeyOf(patient, scope, recipient),
    transaction,
  };
}
