import { expect } from "chai";
import { keccak256 } from "ethers";
import fc from "fast-check";
import { type Block, BlockMalformed, MAX_BLOCK_BYTES, mixHashOf, readBlock } from "../../../chain/hardhat/block.js";
import { wallet } from "./blocks.js";

const word = (n: number) => keccak256(`0x0${n}`);

const block: Block = {
  number: 7,
  parentHash: word(1),
  slot: 9,
  timestamp: 1_700_000_018,
  miner: wallet(0).address,
  mixHash: word(2),
  transactions: ["0x02f8", "0xab"],
  hash: word(3),
  stateRoot: word(4),
};

describe("block", () => {
  describe("readBlock", () => {
    it("reads back what was written, and keeps nothing else", () => {
      expect(readBlock(JSON.parse(JSON.stringify({ ...block, extra: 1 })))).to.deep.equal(block);
    });

    it("brings hex into one form", () => {
      const shouting = { ...block, hash: `0x${block.hash.slice(2).toUpperCase()}`, miner: block.miner.toLowerCase() };
      expect(readBlock(shouting)).to.deep.equal(block);
    });

    const faults: Record<string, object> = {
      number: { number: -1 },
      slot: { slot: 1.5 },
      timestamp: { timestamp: "1700000018" },
      parentHash: { parentHash: "0x12" },
      miner: { miner: "nobody" },
      mixHash: { mixHash: undefined },
      stateRoot: { stateRoot: 5 },
      hash: { hash: `${word(3)}00` },
    };
    for (const [field, fault] of Object.entries(faults)) {
      it(`names a ${field} that is malformed`, () => {
        expect(() => readBlock({ ...block, ...fault })).to.throw(BlockMalformed, field);
      });
    }

    it("bounds the transactions in form, number and bytes", () => {
      for (const transactions of [
        undefined,
        ["0x1"],
        [5],
        Array(2_000).fill("0x00"),
        [`0x${"00".repeat(MAX_BLOCK_BYTES + 1)}`],
      ]) {
        expect(() => readBlock({ ...block, transactions })).to.throw(BlockMalformed, "transactions");
      }
    });

    it("throws nothing but its own error, whatever it is given", () => {
      fc.assert(
        fc.property(fc.oneof(fc.anything(), fc.record({ number: fc.nat(), transactions: fc.anything() })), (json) => {
          try {
            readBlock(json);
          } catch (error) {
            expect(error).to.be.instanceOf(BlockMalformed);
          }
        }),
      );
    });
  });

  describe("mixHashOf", () => {
    it("depends on the parent and on the slot", () => {
      const mixes = [mixHashOf(word(1), 5), mixHashOf(word(1), 6), mixHashOf(word(2), 5)];
      expect(new Set(mixes)).to.have.lengthOf(3);
      expect(mixHashOf(word(1), 5)).to.equal(mixes[0]);
    });
  });
});
