import { expect } from "chai";
import { AbiCoder, concat, keccak256, toBeHex, zeroPadValue } from "ethers";
import fc from "fast-check";
import { drawSalt, LeafInvalid, LeafKind, leafHash, randomSalt, sectionPath } from "../../src/records/leaf.js";
import { utf8 } from "./tinyBundle.js";

const salt = `0x${"ab".repeat(32)}`;

describe("records/leaf", () => {
  it("is the double hash of kind, path, salt and content", () => {
    const path = "Observation/s3";
    const word = (value: number) => zeroPadValue(toBeHex(value), 32);
    const encoded = concat([
      word(1),
      word(128),
      salt,
      keccak256(utf8("{}")),
      word(path.length),
      `${AbiCoder.defaultAbiCoder().encode(["bytes14"], [utf8(path)])}`,
    ]);
    expect(leafHash(LeafKind.Deidentified, path, salt, utf8("{}"))).to.equal(keccak256(keccak256(encoded)));
  });

  it("changes with every one of its parts", () => {
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(bytes, fc.nat(), fc.integer({ min: 1, max: 255 }), (content, at, change) => {
        const flipped = content.map((byte, index) => (index === at % content.length ? byte ^ change : byte));
        const leaves = [
          leafHash(0, "Condition/s1", salt, content),
          leafHash(0, "Condition/s1", salt, flipped),
          leafHash(1, "Condition/s1", salt, content),
          leafHash(0, "Condition/s2", salt, content),
          leafHash(0, "Condition/s1", `0x${"ac".repeat(32)}`, content),
        ];
        expect(new Set(leaves).size).to.equal(leaves.length);
      }),
      { numRuns: 50 },
    );
  });

  it("names sections by type and position", () => {
    expect(sectionPath("Encounter", 0)).to.equal("Encounter/s0");
  });

  it("refuses paths that could identify somebody, short salts and other kinds", () => {
    for (const path of ["Patient/563460b4", "Patient/s", "Patient/s01", "s0", ""]) {
      expect(() => leafHash(0, path, salt, utf8("")), path).to.throw(LeafInvalid, "Observation/s3");
    }
    expect(() => leafHash(0, "Patient/s0", "0x00", utf8(""))).to.throw(LeafInvalid, "32 bytes");
    expect(() => leafHash(2 as 0, "Patient/s0", salt, utf8(""))).to.throw(LeafInvalid, "kind");
  });

  it("draws fresh salts of 32 bytes", () => {
    expect(drawSalt(randomSalt)).to.match(/^0x[0-9a-f]{64}$/);
    expect(drawSalt(randomSalt)).not.to.equal(drawSalt(randomSalt));
    expect(() => drawSalt(() => new Uint8Array(31))).to.throw(LeafInvalid, "32 bytes");
  });
});
