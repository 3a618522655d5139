import { expect } from "chai";
import { getAddress, toBeHex } from "ethers";
import fc from "fast-check";
import { unpackRank } from "../../src/consensus/rank.js";
import { loadFixture } from "../enrolled.js";
import { candidates } from "./staked.js";

describe("unpackRank", () => {
  it("reads the place of a candidate, and both ends", async () => {
    const { validatorRegistry: registry, institutions } = await loadFixture(candidates);
    const rankOf = async (candidate: number) => unpackRank(await registry.ranks(candidate));
    expect(await rankOf(3)).to.deep.equal({
      operator: await institutions[2]?.getAddress(),
      next: 2,
      previous: 4,
      power: 300n * 10n ** 9n,
    });
    expect(await rankOf(0)).to.deep.equal({ operator: undefined, next: 6, previous: 1, power: 0n });
    expect(await rankOf(7)).to.deep.equal({ operator: undefined, next: 0, previous: 0, power: 0n });
  });

  it("reads each field apart from the others", () => {
    const bits = (n: number) => fc.bigInt({ min: 0n, max: 2n ** BigInt(n) - 1n });
    const property = fc.property(bits(160), bits(16), bits(16), bits(64), (operator, next, previous, power) => {
      expect(unpackRank(operator | (power << 160n) | (next << 224n) | (previous << 240n))).to.deep.equal({
        operator: operator === 0n ? undefined : getAddress(toBeHex(operator, 20)),
        next: Number(next),
        previous: Number(previous),
        power,
      });
    });
    fc.assert(property, { numRuns: 50 });
  });
});
