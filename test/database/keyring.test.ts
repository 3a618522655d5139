import { randomBytes } from "node:crypto";
import { expect } from "chai";
import { InvalidKeyEncryptionKey, KeyUnwrapFailed, keyringOf } from "../../database/keyring.js";
import { rejection } from "./world.js";

describe("a keyring", () => {
  it("takes 32 bytes and nothing else", () => {
    for (const length of [0, 16, 31, 33]) {
      expect(() => keyringOf(new Uint8Array(length))).to.throw(InvalidKeyEncryptionKey, String(length));
    }
  });

  it("keeps its own copy of the key", async () => {
    const kek = randomBytes(32);
    const keyring = keyringOf(kek);
    const wrapped = await keyring.wrap(Buffer.from("key"), "context");
    kek.fill(0);
    expect(Buffer.from(await keyring.unwrap(wrapped, "context")).toString()).to.equal("key");
  });

  it("unwraps neither another keyring's keys nor in another context", async () => {
    const keyring = keyringOf(randomBytes(32));
    const wrapped = await keyring.wrap(randomBytes(32), "record 1");
    expect(await rejection(keyring.unwrap(wrapped, "record 2"))).to.be.instanceOf(KeyUnwrapFailed);
    expect(await rejection(keyringOf(randomBytes(32)).unwrap(wrapped, "record 1"))).to.be.instanceOf(KeyUnwrapFailed);
  });
});
