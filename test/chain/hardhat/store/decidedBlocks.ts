import { keccak256, toBeHex } from "ethers";
import type { DecidedBlock } from "../../../../chain/hardhat/decided.js";
import { wallet } from "../blocks.js";

/** A well-formed decided block of a height. It decides nothing; stores do not ask. */
export function decidedBlock(height: number, bytes = 10): DecidedBlock {
  const word = (n: number) => keccak256(toBeHex(height * 10 + n, 32));
  return {
    block: {
      number: height,
      parentHash: word(1),
      slot: height + 3,
      timestamp: 1_700_000_000 + height,
      miner: wallet(0).address,
      mixHash: word(2),
      transactions: [`0x${"ab".repeat(bytes)}`],
      hash: word(3),
      stateRoot: word(4),
    },
    certificate: {
      epoch: 1,
      round: 0,
      signatures: [{ signer: wallet(1).address, signature: `0x${"11".repeat(65)}` }],
    },
  };
}
