import { randomBytes } from "node:crypto";
import { expect } from "chai";
import { hexlify } from "ethers";
import fc from "fast-check";
import { RecordKey, SealBroken } from "../../database/envelope.js";
import { KeyUnwrapFailed, keyringOf } from "../../database/keyring.js";
import { LeafKind } from "../../src/records/index.js";
import { rejection } from "./world.js";

const RECORD = `0x${"ab".repeat(32)}`;
const SALT = `0x${"cd".repeat(32)}`;
const PATH = "Observation/s2";

describe("a record's envelope", () => {
  const keyring = keyringOf(randomBytes(32));

  it("gives back what it sealed, under the key that was wrapped", async () => {
    const { key, wrapped } = await RecordKey.create(RECORD, keyring);
    const opened = await RecordKey.open(RECORD, wrapped, keyring);
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 32, maxLength: 32 }), fc.uint8Array(), async (salt, bytes) => {
        const sealed = key.sealLeaf(PATH, LeafKind.Full, { salt: hexlify(salt), bytes });
        const content = opened.openLeaf(PATH, LeafKind.Full, sealed);
        expect([content.salt, hexlify(content.bytes)]).to.deep.equal([hexlify(salt), hexlify(bytes)]);
      }),
      { numRuns: 50 },
    );
    expect(opened.openHeaderSalt(key.sealHeaderSalt(SALT))).to.equal(SALT);
  });

  it("opens in no other record, at no other path, as no other kind", async () => {
    const { key, wrapped } = await RecordKey.create(RECORD, keyring);
    const sealed = key.sealLeaf(PATH, LeafKind.Full, { salt: SALT, bytes: randomBytes(9) });
    expect(() => key.openLeaf("Observation/s3", LeafKind.Full, sealed)).to.throw(SealBroken, "Observation/s3");
    expect(() => key.openLeaf(PATH, LeafKind.Deidentified, sealed)).to.throw(SealBroken);
    expect(() => key.openHeaderSalt(sealed)).to.throw(SealBroken);
    const other = `0x${"ac".repeat(32)}`;
    expect(await rejection(RecordKey.open(other, wrapped, keyring))).to.be.instanceOf(KeyUnwrapFailed);
  });

  it("keeps the content key of one order, for no other order", async () => {
    const { key, wrapped } = await RecordKey.create(RECORD, keyring);
    const contentKey = randomBytes(32);
    const sealed = key.sealContentKey("order 1", contentKey);
    const opened = await RecordKey.open(RECORD, wrapped, keyring);
    expect(hexlify(opened.openContentKey("order 1", sealed))).to.equal(hexlify(contentKey));
    expect(() => key.openContentKey("order 2", sealed)).to.throw(SealBroken, "content key");
  });

  it("notices every changed or missing byte", async () => {
    const { key } = await RecordKey.create(RECORD, keyring);
    const sealed = key.sealLeaf(PATH, LeafKind.Full, { salt: SALT, bytes: Buffer.from("a finding") });
    for (let at = 0; at < sealed.length; at++) {
      const changed = Uint8Array.from(sealed);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(() => key.openLeaf(PATH, LeafKind.Full, changed)).to.throw(SealBroken);
      expect(() => key.openLeaf(PATH, LeafKind.Full, sealed.subarray(0, at))).to.throw(SealBroken);
    }
  });

  it("never seals the same content to the same bytes", async () => {
    const { key } = await RecordKey.create(RECORD, keyring);
    const content = { salt: SALT, bytes: Buffer.from("a finding") };
    const [one, other] = [key.sealLeaf(PATH, LeafKind.Full, content), key.sealLeaf(PATH, LeafKind.Full, content)];
    expect(hexlify(one)).to.not.equal(hexlify(other));
  });
});
