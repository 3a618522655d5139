import { expect } from "chai";
import fc from "fast-check";
import { type MembershipChange, membersFrom } from "../../../database/market/datasetMembers.js";

let place = 0;
function change(version: number, ids: string[], keys?: string[]): MembershipChange {
  place += 1;
  return { version, ids, keys, block: Math.floor(place / 2), index: place % 2 };
}
const listed = (version: number, ids: string[], keys: string[]) => change(version, ids, keys);
const left = (version: number, ids: string[]) => change(version, ids);

describe("the records of a version", () => {
  const changes = [
    listed(1, ["a", "b"], ["ka", "kb"]),
    listed(2, ["c", "d"], ["kc", "kd"]),
    // Withdrawn before they ever were on sale.
    left(2, ["d"]),
    left(2, ["a"]),
    listed(3, ["a"], ["ka2"]),
    left(4, ["b"]),
  ];

  it("are those that joined up to then and had not left", () => {
    const of = (version: number) => Object.fromEntries(membersFrom(changes, version));
    expect(of(0)).to.deep.equal({});
    expect(of(1)).to.deep.equal({ a: "ka", b: "kb" });
    expect(of(2)).to.deep.equal({ b: "kb", c: "kc" });
    expect(of(3)).to.deep.equal({ a: "ka2", b: "kb", c: "kc" });
    expect(of(4)).to.deep.equal({ a: "ka2", c: "kc" });
  });

  it("are the same when a node tells the events in another order, and whatever happens later", () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(changes, { minLength: changes.length }), (shuffled) => {
        const later = [...shuffled, left(9, ["a", "b", "c"]), listed(9, ["z"], ["kz"])];
        expect([...membersFrom(later, 3)].sort()).to.deep.equal([...membersFrom(changes, 3)].sort());
      }),
      { numRuns: 20 },
    );
  });
});
