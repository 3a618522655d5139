import { expect } from "chai";
import type { Certificate } from "../../src/accounts/certificate.js";
import { InvalidExpiry } from "../../src/accounts/certificateExpiry.js";
import { InvalidCertificate, InvalidInstitution, wellFormed } from "../../src/accounts/certificateRules.js";
import { type CertifiedRole, Role } from "../../src/accounts/role.js";

const certificate: Certificate = {
  wallet: "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266",
  role: Role.Doctor,
  institution: 7,
  identityCommitment: `0x${"ab".repeat(32)}`,
  expiresAt: 1_800_000_000,
  serial: 1n,
};

describe("wellFormed", () => {
  it("writes wallet and commitment in their one form", () => {
    const { wallet, identityCommitment } = certificate;
    const loud = `0x${identityCommitment.slice(2).toUpperCase()}`;
    expect(wellFormed({ ...certificate, wallet: wallet.toLowerCase(), identityCommitment: loud })).to.deep.equal(
      certificate,
    );
  });

  const accepted: [keyof typeof Role, number[]][] = [
    ["Patient", [0]],
    ["Institution", [0]],
    ["Doctor", [1, 65535]],
    ["Researcher", [0, 1, 65535]],
    ["Bank", [0, 1, 65535]],
  ];
  for (const [name, institutions] of accepted) {
    it(`gives a ${name} only the institutions that go with the role`, () => {
      const role = Role[name] as CertifiedRole;
      for (const institution of [0, 1, 65535, -1, 65536, 1.5, Number.NaN]) {
        const check = () => wellFormed({ ...certificate, role, institution });
        if (institutions.includes(institution)) expect(check).not.to.throw();
        else expect(check).to.throw(InvalidInstitution, `does not go with the role ${name}`);
      }
    });
  }

  it("takes expiries from 1 to 2^40 - 1", () => {
    for (const expiresAt of [1, 2 ** 40 - 1]) expect(() => wellFormed({ ...certificate, expiresAt })).not.to.throw();
    for (const expiresAt of [0, -1, 1.5, Number.NaN, 2 ** 40]) {
      expect(() => wellFormed({ ...certificate, expiresAt })).to.throw(InvalidExpiry);
    }
  });

  it("takes serials from 1 to 2^256 - 1", () => {
    for (const serial of [1n, 2n ** 256n - 1n]) expect(() => wellFormed({ ...certificate, serial })).not.to.throw();
    for (const serial of [0n, -1n, 2n ** 256n]) {
      expect(() => wellFormed({ ...certificate, serial })).to.throw(InvalidCertificate, "serial");
    }
  });
});
