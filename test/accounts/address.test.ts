import { expect } from "chai";
import { checksummed, InvalidAddress } from "../../src/accounts/address.js";

const ADDRESS = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";

describe("checksummed", () => {
  it("writes an address in its one form", () => {
    expect(checksummed(ADDRESS, "wallet")).to.equal(ADDRESS);
    expect(checksummed(ADDRESS.toLowerCase(), "wallet")).to.equal(ADDRESS);
  });

  const refused = {
    "a wrong checksum": ADDRESS.replace("f39F", "F39F"),
    "the zero address": `0x${"0".repeat(40)}`,
    "a missing digit": ADDRESS.slice(0, -1),
    "a missing prefix": ADDRESS.slice(2),
    "an ICAP address": "XE65GB6LDNXYOFTX0NSV3FUWKOWIXAMJK36",
    "a name": "hospital.eth",
    nothing: "",
  };
  for (const [what, text] of Object.entries(refused)) {
    it(`refuses ${what}`, () => {
      expect(() => checksummed(text, "doctor's wallet")).to.throw(
        InvalidAddress,
        "The doctor's wallet is not an address",
      );
    });
  }
});
