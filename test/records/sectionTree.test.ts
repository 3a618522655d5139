import { expect } from "chai";
import { hexlify } from "ethers";
import fc from "fast-check";
import { buildSectionTree, SectionTreeInvalid, verifySection } from "../../src/records/sectionTree.js";

const leaf = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => hexlify(bytes));
const one = `0x${"11".repeat(32)}`;
const two = `0x${"22".repeat(32)}`;

describe("records/sectionTree", () => {
  it("proves every leaf, and no leaf with a changed byte", () => {
    fc.assert(
      fc.property(fc.array(leaf, { minLength: 1, maxLength: 40 }), fc.integer({ min: 2, max: 65 }), (leaves, at) => {
        const tree = buildSectionTree(leaves);
        for (const each of leaves) {
          const proof = tree.proof(each);
          expect(verifySection(tree.root, each, proof)).to.equal(true);
          const digit = each[at] === "0" ? "1" : "0";
          expect(verifySection(tree.root, each.slice(0, at) + digit + each.slice(at + 1), proof)).to.equal(false);
        }
      }),
      { numRuns: 50 },
    );
  });

  it("does not depend on the order of the leaves", () => {
    expect(buildSectionTree([one, two]).root).to.equal(buildSectionTree([two, one]).root);
  });

  it("is the leaf itself when there is only one", () => {
    const tree = buildSectionTree([one]);
    expect(tree.root).to.equal(one);
    expect(tree.proof(one)).to.deep.equal([]);
    expect(verifySection(one, one, [])).to.equal(true);
    expect(verifySection(one, two, [])).to.equal(false);
  });

  it("refuses no leaves, malformed leaves and leaves of other trees", () => {
    expect(() => buildSectionTree([])).to.throw(SectionTreeInvalid, "at least one");
    expect(() => buildSectionTree(["0x11"])).to.throw(SectionTreeInvalid, "32 bytes");
    expect(() => buildSectionTree([one]).proof(two)).to.throw(SectionTreeInvalid, "leaf of this tree");
  });

  it("takes malformed proofs for false", () => {
    expect(verifySection("root", one, [])).to.equal(false);
    expect(verifySection(one, one, ["0x00"])).to.equal(false);
    expect(verifySection(one, "", [two])).to.equal(false);
  });
});
