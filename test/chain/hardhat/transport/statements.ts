import { keccak256 } from "ethers";
import type { Message } from "../../../../chain/hardhat/transport/message.js";
import { Phase, type Proposal, type Signed, type Vote } from "../../../../src/consensus/statement.js";
import { wallet } from "../blocks.js";
import { decidedBlock } from "../store/decidedBlocks.js";

const value = { blockHash: keccak256("0x01"), stateRoot: keccak256("0x02"), leadersHash: keccak256("0x03") };
const signed = { signer: wallet(0).address, signature: `0x${"22".repeat(65)}` };

/** A well-formed vote; its signature is nobody's. */
export function someVote(height = 9): Signed<Vote> {
  return { statement: { epoch: 1, height, round: 2, phase: Phase.Verdict, ...value }, ...signed };
}

/** A well-formed proposal; its signature is nobody's. */
export function someProposal(height = 9): Signed<Proposal> {
  return { statement: { epoch: 1, height, round: 2, validRound: 1, ...value }, ...signed };
}

/** One message of each kind. */
export const messages: readonly Message[] = [
  { kind: "proposal", proposal: someProposal(), block: decidedBlock(9).block, verdicts: [someVote()] },
  { kind: "vote", vote: someVote() },
  { kind: "transaction", raw: "0x1234" },
  { kind: "head", height: 5 },
];
