import { randomBytes } from "node:crypto";
import { inspect } from "node:util";
import { expect } from "chai";
import { hexlify } from "ethers";
import {
  checkPublicKey,
  DeliveryKeyInvalid,
  DeliveryKeyPair,
  type DeliverySuite,
  isDeliverySuite,
  KeyUnwrappable,
  newDeliveryKeyPair,
  unwrapContentKey,
  wrapContentKey,
} from "../../src/market/hpke.js";
import { deliveryKeyText, readDeliveryKey } from "../../src/market/hpkeKeyFile.js";
import type { DeliveryPlace } from "../../src/market/seal.js";
import { rejection } from "../enrolled.js";

const PLACE: DeliveryPlace = {
  chainId: 31_337n,
  market: `0x${"22".repeat(20)}`,
  orderId: 7,
  recordId: `0x${"cd".repeat(32)}`,
};

const SIZES: Readonly<Record<DeliverySuite, readonly [number, number]>> = {
  "X-Wing": [1_216, 1_120],
  X25519: [32, 32],
};

for (const suite of ["X-Wing", "X25519"] as const) {
  describe(`content keys wrapped by ${suite}`, () => {
    const contentKey = randomBytes(32);
    const [publicBytes, encapsulated] = SIZES[suite];
    let pair: DeliveryKeyPair;

    before(async () => {
      pair = await newDeliveryKeyPair(suite);
    });

    it("come back to the buyer, from keys of the right sizes", async () => {
      const wrapped = await wrapContentKey(pair, contentKey, PLACE);
      expect(pair.publicKey).to.have.length(publicBytes);
      expect(wrapped.encapsulation).to.have.length(encapsulated);
      expect(wrapped.ciphertext).to.have.length(48);
      expect(hexlify(await unwrapContentKey(pair, wrapped, PLACE))).to.equal(hexlify(contentKey));
    });

    it("are wrapped afresh each time", async () => {
      const [one, other] = [
        await wrapContentKey(pair, contentKey, PLACE),
        await wrapContentKey(pair, contentKey, PLACE),
      ];
      expect(hexlify(one.encapsulation)).to.not.equal(hexlify(other.encapsulation));
      expect(hexlify(one.ciphertext)).to.not.equal(hexlify(other.ciphertext));
      expect(hexlify(await unwrapContentKey(pair, one, PLACE))).to.equal(hexlify(contentKey));
    });

    it("open for no other key pair and at no other place", async () => {
      const wrapped = await wrapContentKey(pair, contentKey, PLACE);
      const other = await newDeliveryKeyPair(suite);
      expect(await rejection(unwrapContentKey(other, wrapped, PLACE))).to.be.instanceOf(KeyUnwrappable);
      const places = [
        { ...PLACE, chainId: 1n },
        { ...PLACE, market: `0x${"11".repeat(20)}` },
        { ...PLACE, orderId: 8 },
        { ...PLACE, recordId: `0x${"ce".repeat(32)}` },
      ];
      for (const place of places) {
        expect(await rejection(unwrapContentKey(pair, wrapped, place))).to.be.instanceOf(KeyUnwrappable);
      }
    });

    it("open after no change", async () => {
      const { encapsulation, ciphertext } = await wrapContentKey(pair, contentKey, PLACE);
      const flipped = (bytes: Uint8Array) => Uint8Array.from(bytes, (byte, index) => (index === 3 ? byte ^ 1 : byte));
      const damaged = [
        { encapsulation: flipped(encapsulation), ciphertext },
        { encapsulation, ciphertext: flipped(ciphertext) },
        { encapsulation: encapsulation.subarray(1), ciphertext },
        { encapsulation: new Uint8Array(), ciphertext },
        { encapsulation, ciphertext: new Uint8Array() },
      ];
      for (const wrapped of damaged) {
        expect(await rejection(unwrapContentKey(pair, wrapped, PLACE))).to.be.instanceOf(KeyUnwrappable);
      }
    });

    it("cannot be wrapped to what is no public key", async () => {
      for (const publicKey of [pair.publicKey.subarray(1), new Uint8Array(publicBytes + 1), new Uint8Array()]) {
        expect(() => checkPublicKey({ suite, publicKey })).to.throw(DeliveryKeyInvalid, String(publicBytes));
        const refused = await rejection(wrapContentKey({ suite, publicKey }, contentKey, PLACE));
        expect(refused).to.be.instanceOf(DeliveryKeyInvalid);
      }
      // Of the right length, but a point of small order, and with it no secret.
      const nothing = { suite, publicKey: new Uint8Array(publicBytes) };
      expect(await rejection(wrapContentKey(nothing, contentKey, PLACE))).to.be.instanceOf(DeliveryKeyInvalid);
    });

    it("open with a pair that was written to a file and read again", async () => {
      const read = readDeliveryKey(deliveryKeyText(pair));
      const wrapped = await wrapContentKey({ suite, publicKey: pair.publicKey }, contentKey, PLACE);
      expect(hexlify(await unwrapContentKey(read, wrapped, PLACE))).to.equal(hexlify(contentKey));
    });

    it("have a private key that shows neither in JSON nor in logs", () => {
      const secret = Buffer.from(DeliveryKeyPair.privateKeyOf(pair));
      for (const shown of [JSON.stringify(pair), inspect(pair, { showHidden: true, depth: 9 }), String(pair)]) {
        for (const encoding of ["hex", "base64", "base64url"] as const) {
          expect(shown).to.not.include(secret.toString(encoding));
        }
        expect(shown).to.not.include([...secret].join(","));
      }
    });
  });
}

describe("a file with a key for deliveries", () => {
  it("is refused when it is none", async () => {
    const text = deliveryKeyText(await newDeliveryKeyPair("X25519"));
    for (const bad of ["", "{}", "[]", "null", text.replace("X25519", "X448"), text.replace("X25519", "X-Wing")]) {
      expect(() => readDeliveryKey(bad), bad).to.throw(DeliveryKeyInvalid);
    }
    expect(() => readDeliveryKey(text.replace(/"privateKey":"[^"]*"/, '"privateKey":7'))).to.throw(DeliveryKeyInvalid);
    expect(["X-Wing", "X25519", "toString", ""].map(isDeliverySuite)).to.deep.equal([true, true, false, false]);
  });
});
