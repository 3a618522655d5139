import { expect } from "chai";
import { hexlify, id } from "ethers";
import fc from "fast-check";
import { drawOrder, selectionSeed } from "../../../database/market/selection.js";

const word = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => hexlify(bytes));
const records = fc.uniqueArray(word, { maxLength: 30 });

describe("the draw of an order's records", () => {
  it("takes each record once, whatever order they come in", () => {
    fc.assert(
      fc.property(word, records, (seed, ids) => {
        const drawn = drawOrder(seed, ids);
        expect([...drawn].sort()).to.deep.equal([...ids].sort());
        expect(drawOrder(seed, [...ids].reverse())).to.deep.equal(drawn);
      }),
      { numRuns: 50 },
    );
  });

  it("lets a record that leaves move no other: the next ones take its place", () => {
    fc.assert(
      fc.property(word, records, fc.nat(), (seed, ids, pick) => {
        const gone = ids[pick % Math.max(1, ids.length)];
        const left = ids.filter((one) => one !== gone);
        expect(drawOrder(seed, left)).to.deep.equal(drawOrder(seed, ids).filter((one) => one !== gone));
      }),
      { numRuns: 50 },
    );
  });

  it("depends on the block and on the order", () => {
    const ids = Array.from({ length: 12 }, (_, index) => id(String(index)));
    const draws = [selectionSeed(1, id("block")), selectionSeed(2, id("block")), selectionSeed(1, id("other"))].map(
      (seed) => drawOrder(seed, ids).join(),
    );
    expect(new Set(draws)).to.have.length(3);
  });

  it("gives every record about the same chance to be first", () => {
    const ids = Array.from({ length: 4 }, (_, index) => id(String(index)));
    const first = new Map<string | undefined, number>();
    for (let order = 1; order <= 400; order++) {
      const [drawn] = drawOrder(selectionSeed(order, id("block")), ids);
      first.set(drawn, (first.get(drawn) ?? 0) + 1);
    }
    for (const one of ids) expect(first.get(one)).to.be.within(70, 130);
  });
});
