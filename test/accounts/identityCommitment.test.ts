import { expect } from "chai";
import { keccak256 } from "ethers";
import fc from "fast-check";
import { InvalidIdentity } from "../../src/accounts/identity.js";
import {
  CommitmentMismatch,
  commitToIdentity,
  InvalidSalt,
  newCommitmentSalt,
  openIdentityCommitment,
  verifyIdentityCommitment,
} from "../../src/accounts/identityCommitment.js";

const identity = { system: "http://hl7.org/fhir/sid/us-ssn", value: "999-49-2969" };
const salt = `0x${"5a".repeat(32)}`;

const word = (number: number) => number.toString(16).padStart(64, "0");
const text = (utf8: string) => {
  const hex = Buffer.from(utf8).toString("hex");
  return word(utf8.length) + hex.padEnd(Math.ceil(hex.length / 64) * 64, "0");
};

describe("identity commitment", () => {
  it("is keccak256(abi.encode(salt, system, value))", () => {
    const encoded = salt.slice(2) + word(0x60) + word(0xa0) + text(identity.system) + text(identity.value);
    expect(commitToIdentity({ identity, salt })).to.equal(keccak256(`0x${encoded}`));
  });

  it("opens with its own salt and identity", () => {
    const opening = { identity, salt: newCommitmentSalt() };
    const commitment = commitToIdentity(opening);
    expect(openIdentityCommitment(commitment, opening)).to.deep.equal(identity);
    expect(verifyIdentityCommitment(`0x${commitment.slice(2).toUpperCase()}`, opening)).to.equal(true);
  });

  it("opens with nothing else", () => {
    const commitment = commitToIdentity({ identity, salt });
    const others = [
      { identity, salt: newCommitmentSalt() },
      { identity: { ...identity, value: "999-49-2968" }, salt },
      { identity: { ...identity, system: "urn:mrn" }, salt },
    ];
    for (const other of others) {
      expect(verifyIdentityCommitment(commitment, other)).to.equal(false);
      expect(() => openIdentityCommitment(commitment, other)).to.throw(CommitmentMismatch);
    }
  });

  it("keeps system and value apart, wherever the border between them lies", () => {
    const splits = fc.tuple(
      fc.stringMatching(/^[a-z]{4,12}$/),
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 1, max: 3 }),
    );
    fc.assert(
      fc.property(splits, ([whole, one, other]) => {
        const split = (at: number) => ({ system: whole.slice(0, at), value: whole.slice(at) });
        const equal =
          commitToIdentity({ identity: split(one), salt }) === commitToIdentity({ identity: split(other), salt });
        expect(equal).to.equal(one === other);
      }),
    );
  });

  it("makes another salt each time", () => {
    expect(newCommitmentSalt())
      .to.match(/^0x[0-9a-f]{64}$/)
      .and.not.equal(newCommitmentSalt());
  });

  it("refuses a malformed salt and a malformed identity", () => {
    for (const bad of ["", "0x5a", salt.slice(2)]) {
      expect(() => commitToIdentity({ identity, salt: bad })).to.throw(InvalidSalt);
    }
    expect(() => commitToIdentity({ identity: { ...identity, value: "" }, salt })).to.throw(InvalidIdentity);
  });
});
