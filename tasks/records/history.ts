import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import type { TimedEvent } from "../../src/eventLog.js";
import { EmergencyReason } from "../../src/records/emergency.js";
import { kindsOf } from "../../src/records/grant.js";
import { historyOf } from "../../src/records/history.js";
import type { StandingGrant } from "../../src/records/terms.js";
import { recipientText, scopeText } from "../arguments/grantee.js";
import { classNamesOf, purposeNames } from "../arguments/names.js";
import { wordArgument } from "../arguments/number.js";
import { isoTime } from "../clock.js";
import { openDeployment } from "../deployment.js";

type Details = Readonly<Record<string, unknown>>;

export default async function history(args: { readonly id: string }, hre: HardhatRuntimeEnvironment) {
  const id = wordArgument(args.id, "a record's id");
  const { contracts } = await openDeployment(hre);
  const events = await historyOf(contracts, id);
  const grantees = new Map(events.flatMap(({ args: { key, ...grant } }) => granteeOf(key, grant)));
  return events.map((event) => ({
    time: isoTime(event.time),
    block: event.block,
    event: event.event,
    details: { ...grantees.get(event.args.key), ...detailsOf(event, id) },
    transaction: event.transaction,
  }));
}

/** Whom the grant under a key is for: only the event that granted it says so. */
function granteeOf(key: unknown, { recipient, scope }: Details): [key: unknown, grantee: Details][] {
  const kinds = kindsOf(String(key));
  if (kinds === undefined || recipient === undefined || scope === undefined) return [];
  const grantee = {
    recipient: recipientText(kinds.recipient, BigInt(String(recipient))),
    scope: scopeText(kinds.scope, String(scope)),
  };
  return [[key, grantee]];
}

/** What else the event says, in words; of the record itself, which all events are about, nothing. */
function detailsOf({ event, args }: TimedEvent, id: string): Details {
  if (event === "ConsentGranted") return coverage(args.granted as StandingGrant);
  const { purposes, dataClasses, until } = args;
  if (event === "ConsentNarrowed") {
    return coverage({ purposes: Number(purposes), dataClasses: Number(dataClasses), until: Number(until) });
  }
  const shown = Object.entries(args).filter(([name, value]) => name !== "key" && value !== id);
  return Object.fromEntries(shown.map(([name, value]) => [name, inWords(name, value)]));
}

function coverage({
  purposes,
  dataClasses,
  until,
}: Pick<StandingGrant, "purposes" | "dataClasses" | "until">): Details {
  return { purposes: purposeNames(purposes), classes: classNamesOf(dataClasses), until: isoTime(until) };
}

function inWords(name: string, value: unknown): unknown {
  if (typeof value !== "bigint") return value;
  if (name === "until") return isoTime(value);
  const reason = Object.entries(EmergencyReason).find(([, code]) => name === "reason" && code === Number(value));
  return reason?.[0] ?? Number(value);
}
