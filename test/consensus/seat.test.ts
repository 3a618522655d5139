import { expect } from "chai";
import { getAddress, toBeHex } from "ethers";
import fc from "fast-check";
import { unpackSeat, unpackSeats } from "../../src/consensus/seat.js";
import { loadFixture } from "../enrolled.js";
import { coins, elected } from "./staked.js";

describe("unpackSeats", () => {
  it("reads an elected set: by candidate number, each with the power of its stake", async () => {
    const { validatorRegistry: registry, institutions } = await loadFixture(elected);
    const { seats } = await registry.seatsOf(1);
    // Institution 1 has the least stake, and there are five seats; 600 of 2,000 is below a third, so nobody is capped.
    const expected = [2, 3, 4, 5, 6].map(async (candidate) => ({
      validator: await institutions[candidate - 1]?.getAddress(),
      candidate,
      power: coins(candidate * 100) / 10n ** 9n,
    }));
    expect(unpackSeats(seats)).to.deep.equal(await Promise.all(expected));
  });

  it("reads no set as none", () => {
    expect(unpackSeats([])).to.deep.equal([]);
  });
});

describe("unpackSeat", () => {
  it("reads each field apart from the others", () => {
    const bits = (n: number) => fc.bigInt({ min: 0n, max: 2n ** BigInt(n) - 1n });
    const property = fc.property(bits(160), bits(64), bits(16), (validator, end, candidate) => {
      expect(unpackSeat(validator | (end << 160n) | (candidate << 224n))).to.deep.equal({
        validator: getAddress(toBeHex(validator, 20)),
        end,
        candidate: Number(candidate),
      });
    });
    fc.assert(property, { numRuns: 50 });
  });
});
