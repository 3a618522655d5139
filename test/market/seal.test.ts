import { createDecipheriv } from "node:crypto";
import { expect } from "chai";
import { hexlify, keccak256 } from "ethers";
import fc from "fast-check";
import { InvalidAddress } from "../../src/accounts/address.js";
import {
  type DeliveryPlace,
  DeliveryPlaceInvalid,
  DeliveryUndecryptable,
  openDelivery,
  orderText,
  placeText,
  sealDelivery,
} from "../../src/market/seal.js";

const MARKET = "0xAb5801a7D398351b8bE11C439e05C5B3259aeC9B";
const RECORD = `0x${"Cd".repeat(32)}`;
const PLACE: DeliveryPlace = { chainId: 31_337n, market: MARKET, orderId: 7, recordId: RECORD };

describe("a sealed delivery", () => {
  it("names chain, market, order and record in lower case", () => {
    expect(orderText(PLACE)).to.equal(`healthchain:order:31337:${MARKET.toLowerCase()}:7`);
    expect(placeText(PLACE)).to.equal(`healthchain:order:31337:${MARKET.toLowerCase()}:7:0x${"cd".repeat(32)}`);
  });

  it("gives back what was sealed, and is bound to both of its hashes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (plaintext) => {
        const { contentKey, ciphertext, ciphertextHash, keyHash } = sealDelivery(plaintext, PLACE);
        expect(hexlify(openDelivery(ciphertext, contentKey, PLACE))).to.equal(hexlify(plaintext));
        expect([ciphertextHash, keyHash]).to.deep.equal([keccak256(ciphertext), keccak256(contentKey)]);
        expect(ciphertext).to.have.length(plaintext.length + 28);
      }),
      { numRuns: 30 },
    );
  });

  it("is iv, ciphertext and tag, as other implementations of AES-256-GCM lay them out", () => {
    const { contentKey, ciphertext } = sealDelivery(Buffer.from("a record"), PLACE);
    const decipher = createDecipheriv("aes-256-gcm", contentKey, ciphertext.subarray(0, 12));
    decipher.setAAD(Buffer.from(placeText(PLACE))).setAuthTag(ciphertext.subarray(-16));
    const opened = Buffer.concat([decipher.update(ciphertext.subarray(12, -16)), decipher.final()]);
    expect(opened.toString()).to.equal("a record");
  });

  it("has a key of its own each time", () => {
    const [one, other] = [sealDelivery(Buffer.from("x"), PLACE), sealDelivery(Buffer.from("x"), PLACE)];
    expect(one.keyHash).to.not.equal(other.keyHash);
    expect(one.ciphertextHash).to.not.equal(other.ciphertextHash);
  });

  it("opens at no other place, with no other key, and after no change", () => {
    const { contentKey, ciphertext } = sealDelivery(Buffer.from("a record"), PLACE);
    const places = [
      { ...PLACE, chainId: 1n },
      { ...PLACE, market: `0x${"11".repeat(20)}` },
      { ...PLACE, orderId: 8 },
      { ...PLACE, recordId: `0x${"ce".repeat(32)}` },
    ];
    for (const place of places) {
      expect(() => openDelivery(ciphertext, contentKey, place)).to.throw(DeliveryUndecryptable, "dispute");
    }
    for (const key of [new Uint8Array(32), contentKey.subarray(1)]) {
      expect(() => openDelivery(ciphertext, key, PLACE)).to.throw(DeliveryUndecryptable);
    }
    for (const length of [0, 12, 27, ciphertext.length - 1]) {
      expect(() => openDelivery(ciphertext.subarray(0, length), contentKey, PLACE)).to.throw(DeliveryUndecryptable);
    }
    for (let at = 0; at < ciphertext.length; at++) {
      const changed = Uint8Array.from(ciphertext, (byte, index) => (index === at ? byte ^ 1 : byte));
      expect(() => openDelivery(changed, contentKey, PLACE)).to.throw(DeliveryUndecryptable);
    }
  });

  it("refuses what is no place", () => {
    expect(() => orderText({ ...PLACE, chainId: 0n })).to.throw(DeliveryPlaceInvalid, "chainId");
    for (const orderId of [0, -1, 1.5]) {
      expect(() => orderText({ ...PLACE, orderId })).to.throw(DeliveryPlaceInvalid, "orderId");
    }
    expect(() => placeText({ ...PLACE, recordId: "0x12" })).to.throw(DeliveryPlaceInvalid, "recordId");
    expect(() => orderText({ ...PLACE, market: "0x12" })).to.throw(InvalidAddress, "data market");
  });
});
