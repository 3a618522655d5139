import { isHexString } from "ethers";
import { checksummed } from "../accounts/address.js";
import { Phase, type PhaseCode, type Proposal, type Signed, type Vote } from "./statement.js";
import { isNil } from "./value.js";

type Fields = Readonly<Record<string, unknown>>;

/** The JSON is not a validator's statement. */
export class StatementInvalid extends Error {
  override readonly name = "StatementInvalid";

  constructor(field: string, expected: string) {
    super(
      `This is no validator's statement: its ${field} is not ${expected}. Drop it, and ask its sender for another.`,
    );
  }
}

const UINT32 = 2 ** 32 - 1;
const INT32 = 2 ** 31 - 1;

/**
 * A signed vote from JSON that nobody has checked: every field in its range, nothing else kept. Whether its signer made
 * it, `isSignedByItsSigner` says.
 *
 * @param json what `JSON.parse` gave.
 * @throws {StatementInvalid} naming the field at fault.
 */
export function readSignedVote(json: unknown): Signed<Vote> {
  return readSigned(json, readVote);
}

/**
 * A signed proposal from JSON that nobody has checked: every field in its range, nothing else kept. Whether its signer
 * made it, `isSignedByItsSigner` says.
 *
 * @param json what `JSON.parse` gave.
 * @throws {StatementInvalid} naming the field at fault.
 */
export function readSignedProposal(json: unknown): Signed<Proposal> {
  return readSigned(json, readProposal);
}

/**
 * A vote in its canonical form.
 *
 * @throws {StatementInvalid} naming the field at fault.
 */
export function readVote(json: unknown): Vote {
  const fields = fieldsOf(json);
  return { ...decisionAt(fields), phase: phaseAt(fields), ...valueAt(fields) };
}

/**
 * A proposal in its canonical form.
 *
 * @throws {StatementInvalid} naming the field at fault.
 */
export function readProposal(json: unknown): Proposal {
  const fields = fieldsOf(json);
  const value = valueAt(fields);
  if (isNil(value)) throw new StatementInvalid("value", "a block's");
  return { ...decisionAt(fields), validRound: numberAt(fields, "validRound", -1, INT32), ...value };
}

function readSigned<T extends Vote | Proposal>(json: unknown, read: (statement: unknown) => T): Signed<T> {
  const { statement, signer, signature } = fieldsOf(json);
  if (!isHexString(signature, 65)) throw new StatementInvalid("signature", "65 bytes in hex");
  return { statement: read(statement), signer: addressOf(signer), signature: signature.toLowerCase() };
}

function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}

function addressOf(signer: unknown): string {
  try {
    return checksummed(String(signer), "signer");
  } catch {
    throw new StatementInvalid("signer", "an address");
  }
}

function decisionAt(fields: Fields) {
  return {
    epoch: numberAt(fields, "epoch", 0, UINT32),
    height: numberAt(fields, "height", 0, Number.MAX_SAFE_INTEGER),
    round: numberAt(fields, "round", 0, UINT32),
  };
}

function phaseAt({ phase }: Fields): PhaseCode {
  if (phase !== Phase.Verdict && phase !== Phase.Comparison) throw new StatementInvalid("phase", "1 or 2");
  return phase;
}

function valueAt(fields: Fields) {
  return {
    blockHash: wordAt(fields, "blockHash"),
    stateRoot: wordAt(fields, "stateRoot"),
    leadersHash: wordAt(fields, "leadersHash"),
  };
}

function wordAt(fields: Fields, name: string): string {
  const word = fields[name];
  if (!isHexString(word, 32)) throw new StatementInvalid(name, "32 bytes in hex");
  return word.toLowerCase();
}

function numberAt(fields: Fields, name: string, low: number, high: number): number {
  const value = fields[name];
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < low || value > high) {
    throw new StatementInvalid(name, `a whole number from ${low} to ${high}`);
  }
  return value;
}
