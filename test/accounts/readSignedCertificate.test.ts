import { expect } from "chai";
import { hexlify, randomBytes, Wallet } from "ethers";
import { InvalidCertificate } from "../../src/accounts/certificateRules.js";
import { certificateDomain, InvalidAddress, InvalidRole, issueCertificate, Role } from "../../src/accounts/index.js";
import { readSignedCertificate } from "../../src/accounts/readSignedCertificate.js";

async function json() {
  const registrar = Wallet.createRandom();
  const signed = await issueCertificate(registrar, certificateDomain(1, Wallet.createRandom().address), {
    wallet: Wallet.createRandom().address,
    role: Role.Doctor,
    institution: 3,
    identityCommitment: hexlify(randomBytes(32)),
    expires: new Date(Date.now() + 86_400_000),
  });
  const serial = signed.certificate.serial.toString();
  return { signed, value: { ...signed, certificate: { ...signed.certificate, serial } } };
}

describe("readSignedCertificate", () => {
  it("gives back what was written, and keeps nothing else", async () => {
    const { signed, value } = await json();
    const read: unknown = JSON.parse(JSON.stringify({ ...value, note: "enroll at once" }));
    expect(readSignedCertificate(read)).to.deep.equal(signed);
  });

  it("refuses every missing field", async () => {
    const { value } = await json();
    for (const field of Object.keys(value)) {
      expect(() => readSignedCertificate({ ...value, [field]: undefined }), field).to.throw(Error);
    }
    for (const field of Object.keys(value.certificate)) {
      const certificate = { ...value.certificate, [field]: undefined };
      expect(() => readSignedCertificate({ ...value, certificate }), field).to.throw(Error);
    }
  });

  it("says which field is of another kind", async () => {
    const { value } = await json();
    const with_ = (fields: object) => () =>
      readSignedCertificate({ ...value, certificate: { ...value.certificate, ...fields } });
    expect(with_({ role: 9 })).to.throw(InvalidRole);
    expect(with_({ role: "Doctor" })).to.throw(InvalidRole);
    expect(with_({ wallet: "0x12" })).to.throw(InvalidAddress);
    expect(with_({ serial: 5 })).to.throw(InvalidCertificate, "serial");
    expect(with_({ expiresAt: "soon" })).to.throw(InvalidCertificate, "expiresAt");
    expect(() => readSignedCertificate({ ...value, signature: "0x" })).to.throw(InvalidCertificate, "signature");
    for (const nothing of [undefined, null, 5, "text", []]) {
      expect(() => readSignedCertificate(nothing)).to.throw(InvalidRole);
    }
  });
});
