import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { ChainError } from "../../src/chainError.js";
import { narrowConsent } from "../../src/records/consent.js";
import { dataClassBits } from "../../src/records/dataClass.js";
import { grantKeyOf } from "../../src/records/grant.js";
import { purposeBits } from "../../src/records/purposeOfUse.js";
import { ALL_SECTION_CLASSES, type StandingGrant, type Terms, unpackGrant } from "../../src/records/terms.js";
import { dayCeil, exactSecond } from "../../src/utcDay.js";
import type { ConsentRegistry } from "../../types/ethers-contracts/index.js";
import { scopeArgument } from "../arguments/grantee.js";
import { purposesArgument, sectionClassesArgument } from "../arguments/names.js";
import { momentArgument } from "../arguments/time.js";
import { grantText, recipientOf } from "./grantee.js";
import { makeStatement, type StatementArguments } from "./statement.js";

interface NarrowArguments extends StatementArguments {
  readonly recipient: string | undefined;
  readonly scope: string;
  readonly purposes: string | undefined;
  readonly classes: string | undefined;
  readonly until: string | undefined;
  readonly exact: boolean;
}

export default async function narrow(args: NarrowArguments, hre: HardhatRuntimeEnvironment) {
  const { patient, transaction, content } = await makeStatement(args, hre, async (around) => {
    const scope = scopeArgument(args.scope);
    const recipient = await recipientOf(around, args.recipient);
    const key = grantKeyOf(around.patient, scope, recipient);
    const standing = unpackGrant(BigInt(await around.contracts.consentRegistry.grantOf(key)));
    if (standing === undefined) throw new ChainError("ConsentNotLive", { key });
    const left = remainder(standing, args, around.now);
    const send = (registry: ConsentRegistry) => narrowConsent(registry, scope, recipient, left);
    return { kind: "Narrowing", content: { scope, recipient, ...left }, send };
  });
  return { patient, ...grantText(content), transaction };
}

/** What the grant keeps: what was named, the rest as it stands. */
function remainder(standing: StandingGrant, args: NarrowArguments, now: Date): Omit<Terms, "from"> {
  const { purposes, classes, until, exact } = args;
  const end = until === undefined ? undefined : momentArgument(until, now);
  const kept = classes === undefined ? undefined : sectionClassesArgument(classes);
  return {
    purposes: purposes === undefined ? standing.purposes : purposeBits(...purposesArgument(purposes)),
    dataClasses:
      kept === undefined ? standing.dataClasses : kept === "all" ? ALL_SECTION_CLASSES : dataClassBits(...kept),
    until: end === undefined ? standing.until : exact ? exactSecond(end) : dayCeil(end),
  };
}
