import { expect } from "chai";
import { blindIndex } from "../../../src/accounts/store/blindIndex.js";

const key = new Uint8Array(32).fill(7);

describe("blindIndex", () => {
  it("is the same for the same, and 32 bytes long", () => {
    expect(blindIndex(key, "identity", "a", "b")).to.deep.equal(blindIndex(key, "identity", "a", "b"));
    expect(blindIndex(key, "identity", "a", "b")).to.have.lengthOf(32);
  });

  it("differs by key, kind, and the border between parts", () => {
    const indexes = [
      blindIndex(key, "identity", "a", "b"),
      blindIndex(new Uint8Array(32).fill(8), "identity", "a", "b"),
      blindIndex(key, "branch", "a", "b"),
      blindIndex(key, "identity", "ab"),
      blindIndex(key, "identity", "", "ab"),
    ];
    expect(new Set(indexes.map((index) => Buffer.from(index).toString("hex"))).size).to.equal(indexes.length);
  });
});
