import type { Proposal, Signed, Vote } from "../../src/consensus/statement.js";
import type { Repetition } from "../../src/consensus/tendermint/machine.js";
import type { Block } from "./block.js";

/** A decided block with the comparisons that decided it. */
export interface Decided {
  readonly block: Block;
  readonly certificate: readonly Signed<Vote>[];
}

/** What simulated validators send each other. Nobody can forge a signer here. */
export type Message =
  /** With the verdicts that make it acceptable, if it is proposed again. */
  | { readonly kind: "proposal"; readonly proposal: Signed<Proposal>; readonly verdicts: readonly Signed<Vote>[] }
  | { readonly kind: "vote"; readonly vote: Signed<Vote> }
  /** What others may have missed of an undecided height. */
  | { readonly kind: "again"; readonly height: number; readonly repetition: Repetition }
  /** "Send me what was decided from this height on." */
  | { readonly kind: "ask"; readonly height: number }
  | { readonly kind: "decided"; readonly blocks: readonly Decided[] };

/** The height that a message is about; undefined if it is about several. */
export function heightOf(message: Message): number | undefined {
  if (message.kind === "proposal") return message.proposal.statement.height;
  if (message.kind === "again") return message.height;
  return message.kind === "vote" ? message.vote.statement.height : undefined;
}
