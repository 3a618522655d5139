import { isHexString } from "ethers";
import { readSignedProposal, readSignedVote } from "../../../src/consensus/readStatement.js";
import type { Proposal, Signed, Vote } from "../../../src/consensus/statement.js";
import { type Block, readBlock } from "../block.js";

/** What nodes say to all others. */
export type Message =
  /** A leader broadcasts its block, and signs that the slot is its own. */
  | {
      readonly kind: "proposal";
      readonly proposal: Signed<Proposal>;
      readonly block: Block;
      /** For a block that is proposed again: the verdicts of its valid round. */
      readonly verdicts: readonly Signed<Vote>[];
    }
  | { readonly kind: "vote"; readonly vote: Signed<Vote> }
  /** A user's transaction, for the leaders to come. */
  | { readonly kind: "transaction"; readonly raw: string }
  /** How far the sender's chain is decided. */
  | { readonly kind: "head"; readonly height: number };

/** The JSON is not a message. */
export class MessageMalformed extends Error {
  override readonly name = "MessageMalformed";

  constructor(reason: string) {
    super(`This is no message of a node: ${reason}. Look for a peer of another version.`);
  }
}

/** One vote of each seat. */
const MAX_VERDICTS = 128;

/**
 * A message from JSON that nobody has checked. Who signed what is in it is still to be checked.
 *
 * @param json what `JSON.parse` gave.
 * @throws {MessageMalformed}, {@link StatementInvalid} or {@link BlockMalformed}.
 */
export function readMessage(json: unknown): Message {
  const fields = typeof json === "object" && json !== null ? (json as Readonly<Record<string, unknown>>) : {};
  switch (fields.kind) {
    case "proposal":
      return {
        kind: "proposal",
        proposal: readSignedProposal(fields.proposal),
        block: readBlock(fields.block),
        verdicts: readVerdicts(fields.verdicts),
      };
    case "vote":
      return { kind: "vote", vote: readSignedVote(fields.vote) };
    case "transaction":
      if (!isHexString(fields.raw, true)) throw new MessageMalformed("its transaction is not in hex");
      return { kind: "transaction", raw: fields.raw };
    case "head":
      return { kind: "head", height: readHeight(fields.height) };
    default:
      throw new MessageMalformed("its kind is unknown");
  }
}

function readVerdicts(json: unknown): Signed<Vote>[] {
  if (!Array.isArray(json) || json.length > MAX_VERDICTS) {
    throw new MessageMalformed(`it has no list of at most ${MAX_VERDICTS} verdicts`);
  }
  return json.map(readSignedVote);
}

function readHeight(value: unknown): number {
  const isHeight = typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
  if (!isHeight) throw new MessageMalformed("its height is no whole number");
  return value;
}
