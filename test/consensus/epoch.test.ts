import { expect } from "chai";
import fc from "fast-check";
import { unpackEpoch } from "../../src/consensus/epoch.js";
import { loadFixture, time } from "../enrolled.js";
import { consortium, elected } from "./staked.js";

describe("unpackEpoch", () => {
  it("reads the epoch that an election begins", async () => {
    const { validatorRegistry: registry } = await loadFixture(elected);
    const startedAt = await time.latest();
    const epoch = unpackEpoch(await registry.currentEpoch());
    expect(epoch).to.deep.equal({
      number: 1,
      startedAt,
      firstSlot: Math.floor(startedAt / 4) + 1,
      firstBlock: (await time.latestBlock()) + 1,
      seats: 5,
      total: 2_000n * 10n ** 9n,
    });
  });

  it("reads zeros before the first election", async () => {
    const { validatorRegistry: registry } = await loadFixture(consortium);
    const none = { number: 0, startedAt: 0, firstSlot: 0, firstBlock: 0, seats: 0, total: 0n };
    expect(unpackEpoch(await registry.currentEpoch())).to.deep.equal(none);
  });

  it("reads each field apart from the others", () => {
    const bits = (n: number) => fc.bigInt({ min: 0n, max: 2n ** BigInt(n) - 1n });
    const fields = fc.tuple(bits(32), bits(40), bits(40), bits(48), bits(8), bits(8), bits(64));
    const property = fc.property(fields, ([number, startedAt, firstSlot, firstBlock, snapshot, seats, total]) => {
      const word =
        number |
        (startedAt << 32n) |
        (firstSlot << 72n) |
        (firstBlock << 112n) |
        (snapshot << 160n) |
        (seats << 168n) |
        (total << 176n);
      expect(unpackEpoch(word)).to.deep.equal({
        number: Number(number),
        startedAt: Number(startedAt),
        firstSlot: Number(firstSlot),
        firstBlock: Number(firstBlock),
        seats: Number(seats),
        total,
      });
    });
    fc.assert(property, { numRuns: 50 });
  });
});
