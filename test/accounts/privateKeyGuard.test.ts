import { expect } from "chai";
import { HDNodeWallet, hexlify, Mnemonic, wordlists } from "ethers";
import fc from "fast-check";
import { PrivateKeyRefused, refusePrivateKey } from "../../src/accounts/privateKeyGuard.js";

const PHRASE = "test test test test test test test test test test test junk";

describe("refusePrivateKey", () => {
  const root = HDNodeWallet.fromPhrase(PHRASE, "", "m");
  const secrets = {
    "a raw private key": root.privateKey,
    "a raw private key without prefix": root.privateKey.slice(2).toUpperCase(),
    "a raw private key inside a text": `key=${root.privateKey};`,
    "an extended private key": root.extendedKey,
    "an extended private key of a test net": root.extendedKey.replace("xprv", "tprv"),
    "a mnemonic": PHRASE,
    "a mnemonic with other spaces and case": PHRASE.toUpperCase().replaceAll(" ", "\n "),
    "a Spanish mnemonic": Mnemonic.fromEntropy(new Uint8Array(16).fill(7), "", wordlists.es ?? null).phrase,
    "a mnemonic with a mistyped word": PHRASE.replace("junk", "jumk"),
    "a mnemonic with a wrong checksum": PHRASE.replace("junk", "test"),
  };
  for (const [what, text] of Object.entries(secrets)) {
    it(`refuses ${what}, without repeating it`, () => {
      expect(() => refusePrivateKey(text, "identity's value"))
        .to.throw(PrivateKeyRefused, "The identity's value looks like")
        .with.property("message")
        .that.does.not.include(text);
    });
  }

  it("refuses every mnemonic and every 32 bytes", () => {
    const entropy = fc
      .constantFrom(16, 20, 24, 28, 32)
      .chain((length) => fc.uint8Array({ minLength: length, maxLength: length }));
    fc.assert(
      fc.property(entropy, (bytes) => {
        expect(() => refusePrivateKey(Mnemonic.fromEntropy(bytes).phrase, "value")).to.throw(PrivateKeyRefused);
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
        expect(() => refusePrivateKey(hexlify(bytes), "value")).to.throw(PrivateKeyRefused);
      }),
    );
  });

  const harmless = {
    "a social security number": "999-49-2969",
    "a UUID": "8d0f9fdc-6c0a-4d3a-9c2e-9a3f6f5d8b11",
    "a URI": "http://hl7.org/fhir/sid/us-ssn",
    "an address": root.address,
    "an xpub": root.neuter().extendedKey,
    "an xpub in which xprv occurs by chance": `xpub6xprv${"A".repeat(102)}`,
    "an xpub in which xpRV occurs by chance":
      "xpub6FBQqRrbqY25ZHfo5KZfNkSB3NtG64rYnRz5mci4LWoavBSiuWAjBSds7zgibHwSD6prpsJrY64PYrzxpRV7ueVhMSTFU84VEDshTc3X6WA",
    "65 bytes": `0x${"ab".repeat(65)}`,
    "twelve words that are no mnemonic": "the quick brown fox jumps over the lazy dog and runs away",
  };
  for (const [what, text] of Object.entries(harmless)) {
    it(`lets ${what} pass`, () => {
      expect(() => refusePrivateKey(text, "value")).not.to.throw();
    });
  }
});
