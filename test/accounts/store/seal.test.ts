import { expect } from "chai";
import fc from "fast-check";
import { contextOf, seal, unseal } from "../../../src/accounts/store/seal.js";

const key = new Uint8Array(32).fill(7);
const bytes = fc.uint8Array({ maxLength: 100 });

describe("seal", () => {
  it("opens to what was sealed, with the same key and context", () => {
    fc.assert(
      fc.property(bytes, fc.string(), (plaintext, context) => {
        expect(unseal(key, seal(key, plaintext, context), context)).to.deep.equal(Buffer.from(plaintext));
      }),
    );
  });

  it("never makes the same bytes twice", () => {
    expect(seal(key, key, "a")).not.to.deep.equal(seal(key, key, "a"));
  });

  it("opens with no other key and in no other context", () => {
    const sealed = seal(key, key, "a");
    expect(unseal(new Uint8Array(32).fill(8), sealed, "a")).to.equal(undefined);
    expect(unseal(key, sealed, "b")).to.equal(undefined);
  });

  it("does not open once a bit is flipped or an end is cut off", () => {
    fc.assert(
      fc.property(bytes, fc.nat(), fc.nat(7), (plaintext, position, bit) => {
        const sealed = Buffer.from(seal(key, plaintext, "a"));
        const at = position % sealed.length;
        expect(unseal(key, sealed.subarray(0, at), "a")).to.equal(undefined);
        sealed.writeUInt8(sealed.readUInt8(at) ^ (1 << bit), at);
        expect(unseal(key, sealed, "a")).to.equal(undefined);
      }),
    );
  });
});

describe("contextOf", () => {
  it("tells tables, columns, and their borders apart", () => {
    const one = Uint8Array.of(1);
    const contexts = [
      contextOf("a"),
      contextOf("b"),
      contextOf("a", one),
      contextOf("a", 1),
      contextOf("a", null),
      contextOf("a", one, one),
      contextOf("a", Uint8Array.of(1, 1)),
    ];
    expect(new Set(contexts).size).to.equal(contexts.length);
  });
});
