import { expect } from "chai";
import { TypedDataEncoder, Wallet, ZeroHash } from "ethers";
import fc from "fast-check";
import { InvalidAddress } from "../../src/accounts/address.js";
import {
  CertificateExpired,
  CertificateNotSigned,
  type CertificateRequest,
  certificateDomain,
  certificateTypes,
  InvalidChainId,
  issueCertificate,
  type SignedCertificate,
  verifyCertificate,
} from "../../src/accounts/certificate.js";
import { InvalidExpiry } from "../../src/accounts/certificateExpiry.js";
import { Role } from "../../src/accounts/role.js";

const CENTER = "0x5FbDB2315678afecb367f032d93F642f64180aa3";
const registrar = new Wallet(`0x${"11".repeat(32)}`);
const domain = certificateDomain(31337, CENTER);
const now = new Date("2027-01-10T00:00:00Z");
const request: CertificateRequest = {
  wallet: "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266",
  role: Role.Patient,
  identityCommitment: `0x${"ab".repeat(32)}`,
  expires: new Date("2027-06-15T00:00:00Z"),
  now,
};

describe("certificateDomain", () => {
  it("is the contract's", () => {
    expect(certificateDomain(31337, CENTER.toLowerCase())).to.deep.equal({
      name: "Healthchain AccountCenter",
      version: "1",
      chainId: 31337n,
      verifyingContract: CENTER,
    });
  });

  it("refuses what is no chain id and no address", () => {
    for (const chainId of [0, -1, 1.5, Number.NaN, 0n]) {
      expect(() => certificateDomain(chainId, CENTER)).to.throw(InvalidChainId);
    }
    expect(() => certificateDomain(1, "center.eth")).to.throw(InvalidAddress, "AccountCenter");
  });
});

describe("certificateTypes", () => {
  it("encode to the contract's type string", () => {
    expect(TypedDataEncoder.from(certificateTypes).encodeType("Certificate")).to.equal(
      "Certificate(address wallet,uint8 role,uint16 institution,bytes32 identityCommitment,uint64 expiresAt,uint256 serial)",
    );
  });
});

describe("issueCertificate", () => {
  it("signs a certificate that verifies, expiring at the month's end", async () => {
    const signed = await issueCertificate(registrar, domain, request);
    const { serial, ...fields } = signed.certificate;
    expect(fields).to.deep.equal({
      wallet: request.wallet,
      role: Role.Patient,
      institution: 0,
      identityCommitment: request.identityCommitment,
      expiresAt: Date.parse("2027-07-01T00:00:00Z") / 1000,
    });
    expect(serial > 2n ** 128n).to.equal(true);
    expect(signed.registrar).to.equal(registrar.address);
    expect(() => verifyCertificate(domain, signed, registrar.address, now)).not.to.throw();
  });

  it("draws a new serial for each", async () => {
    const serials = await Promise.all([1, 2, 3].map(() => issueCertificate(registrar, domain, request)));
    expect(new Set(serials.map(({ certificate }) => certificate.serial)).size).to.equal(3);
  });

  it("keeps the second of the expiry when told to", async () => {
    const { certificate } = await issueCertificate(registrar, domain, { ...request, exactExpiry: true });
    expect(certificate.expiresAt).to.equal(request.expires.getTime() / 1000);
  });

  it("refuses an expiry that is not in the future, or no date", async () => {
    await refuses({ ...request, expires: now }, "InvalidExpiry");
    await refuses({ ...request, expires: new Date(Number.NaN) }, "InvalidExpiry");
  });

  it("refuses malformed fields", async () => {
    await refuses({ ...request, wallet: "0x00" }, "InvalidAddress");
    await refuses({ ...request, identityCommitment: "0xab" }, "InvalidCertificate");
    await refuses({ ...request, identityCommitment: ZeroHash }, "InvalidCertificate");
    // JavaScript callers are not held by the type.
    await refuses({ ...request, role: Number("0") as 1 }, "InvalidRole");
    await refuses({ ...request, role: Number("9") as 1 }, "InvalidRole");
  });
});

describe("verifyCertificate", () => {
  let signed: SignedCertificate;
  before(async () => {
    signed = await issueCertificate(registrar, domain, request);
  });

  it("refuses every changed field", () => {
    const { certificate } = signed;
    const changes = [
      { wallet: CENTER },
      { role: Role.Institution },
      { identityCommitment: `0x${"cd".repeat(32)}` },
      { expiresAt: certificate.expiresAt + 1 },
      { serial: certificate.serial ^ 1n },
    ];
    for (const change of changes) {
      const forged = { ...signed, certificate: { ...certificate, ...change } };
      expect(() => verifyCertificate(domain, forged, registrar.address, now)).to.throw(CertificateNotSigned);
    }
  });

  it("refuses another chain, another contract, and another registrar", () => {
    const verifyIn = (chainId: number, center: string) => () =>
      verifyCertificate(certificateDomain(chainId, center), signed, registrar.address, now);
    expect(verifyIn(31337, CENTER)).not.to.throw();
    expect(verifyIn(31338, CENTER)).to.throw(CertificateNotSigned);
    expect(verifyIn(31337, request.wallet)).to.throw(CertificateNotSigned);
    expect(() => verifyCertificate(domain, signed, request.wallet, now)).to.throw(CertificateNotSigned);
    const claimed = { ...signed, registrar: request.wallet };
    expect(() => verifyCertificate(domain, claimed, registrar.address, now)).to.throw(CertificateNotSigned);
  });

  it("refuses every flipped bit of the signature, and a signature of another form", () => {
    fc.assert(
      fc.property(fc.nat(65 * 8 - 1), (bit) => {
        const bytes = Buffer.from(signed.signature.slice(2), "hex");
        const at = bit >> 3;
        bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << (bit & 7)), at);
        const forged = { ...signed, signature: `0x${bytes.toString("hex")}` };
        expect(() => verifyCertificate(domain, forged, registrar.address, now)).to.throw(CertificateNotSigned);
      }),
      // The last byte's bits always: some libraries take more values there than the contract does.
      { numRuns: 40, examples: [0, 1, 2, 3, 4, 5, 6, 7].map((bit): [number] => [64 * 8 + bit]) },
    );
    for (const signature of ["", "0x", signed.signature.slice(0, 130), `${signed.signature}00`]) {
      const forged = { ...signed, signature };
      expect(() => verifyCertificate(domain, forged, registrar.address, now)).to.throw(CertificateNotSigned);
    }
  });

  it("holds before the second of its expiry, not at it", () => {
    const end = signed.certificate.expiresAt * 1000;
    expect(() => verifyCertificate(domain, signed, registrar.address, new Date(end - 1))).not.to.throw();
    expect(() => verifyCertificate(domain, signed, registrar.address, new Date(end))).to.throw(CertificateExpired);
  });

  it("refuses malformed fields before it looks at the signature", () => {
    const malformed = { ...signed, certificate: { ...signed.certificate, expiresAt: 2 ** 40 } };
    expect(() => verifyCertificate(domain, malformed, registrar.address, now)).to.throw(InvalidExpiry);
  });
});

async function refuses(bad: CertificateRequest, error: string): Promise<void> {
  const outcome = await issueCertificate(registrar, domain, bad).catch((reason: unknown) => reason);
  expect(outcome).to.be.instanceOf(Error).with.property("name", error);
}
