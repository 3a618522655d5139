import { expect } from "chai";
import { formatEther } from "ethers";
import fc from "fast-check";
import { ArgumentInvalid } from "../../../tasks/arguments/argumentInvalid.js";
import { coinArgument, wholeNumberArgument, wordArgument } from "../../../tasks/arguments/number.js";

describe("numbers as arguments", () => {
  it("reads every amount of coin exactly, as coins and as wei", () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 10n ** 40n), (wei) => {
        expect(coinArgument(formatEther(wei))).to.equal(wei);
        expect(coinArgument(`${wei}wei`)).to.equal(wei);
      }),
    );
  });

  for (const text of ["", "-1", "1e18", "0x10", "1.0000000000000000001", "1,5", ".5", "1.5wei"]) {
    it(`refuses "${text}" as an amount`, () => {
      expect(() => coinArgument(text)).to.throw(ArgumentInvalid, /12\.5/);
    });
  }

  it("keeps whole numbers within their bounds", () => {
    expect(wholeNumberArgument("65535", 1, 65_535)).to.equal(65_535);
    for (const text of ["0", "65536", "1.5", "x", ""]) {
      expect(() => wholeNumberArgument(text, 1, 65_535), text).to.throw(ArgumentInvalid, /from 1 to 65535/);
    }
  });

  it("takes 32 bytes in hex, in small letters", () => {
    expect(wordArgument(`0x${"AB".repeat(32)}`, "a record's id")).to.equal(`0x${"ab".repeat(32)}`);
    expect(() => wordArgument("0x12", "a record's id")).to.throw(
      ArgumentInvalid,
      /a record's id: 0x and 64 hex digits/,
    );
  });
});
