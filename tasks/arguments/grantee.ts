import { getAddress, toBeHex } from "ethers";
import { checksummed, Role, type RoleName, roleName } from "../../src/accounts/index.js";
import {
  allRecords,
  institution,
  oneRecord,
  type Recipient,
  RecipientKind,
  type RecipientKindCode,
  recordsOfClass,
  role,
  type Scope,
  ScopeKind,
  type ScopeKindCode,
  wallet,
} from "../../src/records/grant.js";
import { ArgumentInvalid } from "./argumentInvalid.js";
import { className, recordClassArgument, roleArgument } from "./names.js";
import { wholeNumberArgument, wordArgument } from "./number.js";

/** Whom a consent is for, as it was typed. */
export interface Grantee {
  readonly recipient: Recipient;
  /** The wallet and the role that it is said to have, to be checked before anything is signed. */
  readonly claim?: { readonly wallet: string; readonly role: RoleName };
}

/**
 * A recipient: a wallet (`0x..`, or with its role, `doctor:0x..`), `institution:3`, or `role:Researcher`.
 *
 * @throws {ArgumentInvalid}, {@link InvalidAddress}.
 */
export function granteeArgument(text: string): Grantee {
  const [head = "", tail] = split(text);
  if (tail === undefined) return { recipient: wallet(head) };
  if (head === "institution") return { recipient: institution(wholeNumberArgument(tail, 1, 65_535)) };
  if (head === "role") return { recipient: role(roleArgument(tail)) };
  if (head === "wallet") return { recipient: wallet(tail) };
  const isRole = Object.keys(Role).some((name) => name !== "None" && name.toLowerCase() === head);
  if (!isRole) {
    throw new ArgumentInvalid(
      text,
      "doctor:0x.. or another role with a wallet, 0x.., institution:3, or role:Researcher",
    );
  }
  const claim = { wallet: checksummed(tail, "recipient"), role: roleName(roleArgument(head)) };
  return { recipient: wallet(tail), claim };
}

/**
 * Which records: `all`, `class:AmbulatoryRecord`, or a record's id.
 *
 * @throws {ArgumentInvalid}
 */
export function scopeArgument(text: string): Scope {
  const [head = "", tail] = split(text);
  if (head === "all" && tail === undefined) return allRecords();
  if (head === "class" && tail !== undefined) return recordsOfClass(recordClassArgument(tail));
  if (head === "record" && tail !== undefined) return oneRecord(wordArgument(tail, "a record's id"));
  if (tail === undefined && head.startsWith("0x")) return oneRecord(wordArgument(head, "a record's id"));
  throw new ArgumentInvalid(text, "all, class:AmbulatoryRecord, or record:0x..");
}

/** A recipient as {@link granteeArgument} reads it. */
export function recipientText(kind: RecipientKindCode, value: bigint): string {
  if (kind === RecipientKind.Institution) return `institution:${value}`;
  if (kind === RecipientKind.Role) return `role:${roleName(value)}`;
  return getAddress(toBeHex(value, 20));
}

/** A scope as {@link scopeArgument} reads it. */
export function scopeText(kind: ScopeKindCode, value: string): string {
  if (kind === ScopeKind.All) return "all";
  return kind === ScopeKind.Class ? `class:${className(Number(value))}` : `record:${value}`;
}

function split(text: string): [string, string?] {
  const colon = text.indexOf(":");
  return colon < 0 ? [text] : [text.slice(0, colon).toLowerCase(), text.slice(colon + 1)];
}
