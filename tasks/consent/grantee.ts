import { unpackAccount } from "../../src/accounts/certifiedAccount.js";
import { Role } from "../../src/accounts/index.js";
import { ChainError } from "../../src/chainError.js";
import type { Recipient, Scope } from "../../src/records/grant.js";
import { required } from "../arguments/argumentInvalid.js";
import { granteeArgument, recipientText, scopeText } from "../arguments/grantee.js";
import { classNamesOf, purposeNames } from "../arguments/names.js";
import { isoTime } from "../clock.js";
import type { Deployment } from "../deployment.js";

/** The value of `--recipient`. A wallet that was named with a role must have it: a mistyped address would go unnoticed. */
export async function recipientOf({ contracts }: Deployment, text: string | undefined): Promise<Recipient> {
  const { recipient, claim } = granteeArgument(
    required(text, "recipient", "to whom, such as doctor:0x.. or institution:3"),
  );
  if (claim !== undefined) {
    const { role } = unpackAccount(BigInt(await contracts.accountCenter.accounts(claim.wallet)));
    const { wallet } = claim;
    if (role === "None") throw new ChainError("AccountNotCertified", { wallet });
    if (role !== claim.role) {
      throw new ChainError("AccountRoleMismatch", { wallet, role: Role[role], required: Role[claim.role] });
    }
  }
  return recipient;
}

/** A grant for people to read. */
export function grantText({
  scope,
  recipient,
  purposes,
  dataClasses,
  from,
  until,
}: {
  readonly scope: Scope;
  readonly recipient: Recipient;
  readonly purposes?: number;
  readonly dataClasses?: number;
  readonly from?: number;
  readonly until?: number;
}) {
  return {
    recipient: recipientText(recipient.kind, recipient.value),
    scope: scopeText(scope.kind, scope.value),
    ...(purposes !== undefined && { purposes: purposeNames(purposes) }),
    ...(dataClasses !== undefined && { classes: classNamesOf(dataClasses) }),
    ...(from !== undefined && { from: isoTime(from) }),
    ...(until !== undefined && { until: isoTime(until) }),
  };
}
