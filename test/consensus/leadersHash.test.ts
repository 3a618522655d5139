import { expect } from "chai";
import { AbiCoder, keccak256 } from "ethers";
import { extendLeadersHash, NO_LEADERS } from "../../src/consensus/leadersHash.js";

describe("consensus/leadersHash", () => {
  it("is the hash of the hash before it and of slot and seat in one word", () => {
    const encode = (previous: string, leader: bigint) =>
      keccak256(AbiCoder.defaultAbiCoder().encode(["bytes32", "uint256"], [previous, leader]));
    const first = extendLeadersHash(NO_LEADERS, 5, 3);
    expect(first).to.equal(encode(`0x${"00".repeat(32)}`, 5n * 256n + 3n));
    expect(extendLeadersHash(first, 2 ** 40, 255)).to.equal(encode(first, 2n ** 48n + 255n));
  });

  it("depends on each leader, and on their order", () => {
    const hashOf = (...leaders: [number, number][]) =>
      leaders.reduce((hash, [slot, seat]) => extendLeadersHash(hash, slot, seat), NO_LEADERS);
    const hashes = [hashOf(), hashOf([1, 0]), hashOf([1, 1]), hashOf([1, 0], [2, 1]), hashOf([2, 1], [1, 0])];
    expect(new Set(hashes).size).to.equal(hashes.length);
  });
});
