import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { walletSignerAt } from "../../src/accounts/index.js";
import { fanOutGrant, shuffleAcross } from "../../src/records/fanOut.js";
import { ArgumentInvalid, required } from "../arguments/argumentInvalid.js";
import { scopeArgument } from "../arguments/grantee.js";
import { purposesArgument, sectionClassesArgument } from "../arguments/names.js";
import { momentArgument } from "../arguments/time.js";
import { isoTime, nowOf } from "../clock.js";
import { openDeployment } from "../deployment.js";
import { writeJson } from "../file.js";
import { requiredPhrase } from "../signer.js";
import { grantText, recipientOf } from "./grantee.js";
import type { TermsArguments } from "./terms.js";

interface FanOutArguments extends Omit<TermsArguments, "exact"> {
  readonly wallets: string | undefined;
  readonly recipient: string | undefined;
  readonly scope: string;
  readonly deadline: string;
  readonly out: string | undefined;
}

/** How many wallets one command signs for. */
const MAX_WALLETS = 1_000;

export default async function fanOut(args: FanOutArguments, hre: HardhatRuntimeEnvironment) {
  const indexes = walletIndexes(required(args.wallets, "wallets", "which wallets of the phrase, such as 0-9"));
  const file = required(args.out, "out", "the file to write");
  const purposes = purposesArgument(required(args.purposes, "purposes", "purposes of use, such as TREAT,HRESCH"));
  const dataClasses = sectionClassesArgument(args.classes);
  const end = required(args.until, "until", "an end, such as 2027-11-24 or 30d");
  const phrase = await requiredPhrase();

  const deployment = await openDeployment(hre);
  const now = await nowOf(deployment.connection);
  const grants = await fanOutGrant(
    deployment.contracts.consentRegistry,
    indexes.map((index) => walletSignerAt(phrase, index)),
    {
      recipient: await recipientOf(deployment, args.recipient),
      scope: scopeArgument(args.scope),
      purposes,
      dataClasses,
      from: args.start === undefined ? now : momentArgument(args.start, now),
      until: momentArgument(end, now),
      deadline: momentArgument(args.deadline, now),
    },
  );
  await writeJson(file, shuffleAcross([grants]));
  const [first] = grants;
  if (first === undefined) return { file, grants: 0 };
  const { scope, recipient, terms, deadline } = first.message;
  return { file, grants: grants.length, ...grantText({ scope, recipient, ...terms }), deadline: isoTime(deadline) };
}

/** `0-9` or `0,3,7`, each index once. */
function walletIndexes(text: string): number[] {
  const indexes = text.split(",").flatMap((part) => {
    const [, first, last = first] = /^(\d{1,10})(?:-(\d{1,10}))?$/.exec(part.trim()) ?? [];
    const start = Number(first);
    const count = Number(last) - start + 1;
    if (first === undefined || count < 1 || count > MAX_WALLETS) {
      throw new ArgumentInvalid(text, `indexes of up to ${MAX_WALLETS} wallets, such as 0-9 or 0,3,7`);
    }
    return Array.from({ length: count }, (_, offset) => start + offset);
  });
  const unique = [...new Set(indexes)];
  if (unique.length > MAX_WALLETS) throw new ArgumentInvalid(text, `indexes of up to ${MAX_WALLETS} wallets`);
  return unique;
}
