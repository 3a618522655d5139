import { expect } from "chai";
import { Wallet } from "ethers";
import { InvalidAddress } from "../src/accounts/address.js";
import { certificateDomain, InvalidChainId } from "../src/accounts/certificate.js";
import { coinDomain } from "../src/coin/permit.js";
import {
  type DomainPublisher,
  DomainRefused,
  domainOf,
  NotSignedBy,
  requireSignedBy,
  signerOfTyped,
  signTyped,
  typedDomain,
} from "../src/eip712.js";
import { consentDomain } from "../src/records/consentSignatures.js";
import { acceptanceStatement, recordDomain, repudiationStatement } from "../src/records/recordSignatures.js";
import { enrolled, loadFixture, rejection } from "./enrolled.js";

const REGISTRY = "0x5FbDB2315678afecb367f032d93F642f64180aa3";
const OTHER = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";
const signer = new Wallet(`0x${"11".repeat(32)}`);
const domain = recordDomain(31337n, REGISTRY);
const word = { id: `0x${"ab".repeat(32)}`, deadline: 1_900_000_000 };

/** A contract that publishes whatever it is told to. */
function publisher(changes: Partial<Awaited<ReturnType<DomainPublisher["eip712Domain"]>>>): DomainPublisher {
  const published = { ...domain, fields: "0x0f", salt: `0x${"00".repeat(32)}`, extensions: [], ...changes };
  return { getAddress: async () => REGISTRY, eip712Domain: async () => published };
}

describe("domainOf", () => {
  it("reads from every contract the domain that the library would compute", async () => {
    const world = await loadFixture(enrolled);
    const { chainId, recordRegistry, consentRegistry, medicalCoin, accountCenter } = world;
    const addressOf = (contract: { getAddress(): Promise<string> }) => contract.getAddress();
    expect(await domainOf(recordRegistry)).to.deep.equal(recordDomain(chainId, await addressOf(recordRegistry)));
    expect(await domainOf(consentRegistry)).to.deep.equal(consentDomain(chainId, await addressOf(consentRegistry)));
    expect(await domainOf(medicalCoin)).to.deep.equal(coinDomain(chainId, await addressOf(medicalCoin)));
    expect(await domainOf(accountCenter)).to.deep.equal(certificateDomain(chainId, await addressOf(accountCenter)));
  });

  it("keeps a salt", async () => {
    const salt = `0x${"cd".repeat(32)}`;
    expect(await domainOf(publisher({ salt, fields: "0x1f" }))).to.deep.equal({ ...domain, salt });
  });

  it("refuses another contract's domain, and extensions", async () => {
    expect(await rejection(domainOf(publisher({ verifyingContract: OTHER })))).to.be.instanceOf(DomainRefused);
    expect(await rejection(domainOf(publisher({ extensions: [1n] })))).to.be.instanceOf(DomainRefused);
  });
});

describe("typedDomain", () => {
  it("refuses what is no chain and no address", () => {
    expect(() => typedDomain("X", 0n, REGISTRY)).to.throw(InvalidChainId);
    expect(() => typedDomain("X", 1n, "registry.eth")).to.throw(InvalidAddress);
  });
});

describe("a typed signature", () => {
  it("gives its signer back, for this statement in this domain only", async () => {
    const signature = await signTyped(signer, domain, acceptanceStatement, word);
    expect(signerOfTyped(domain, acceptanceStatement, word, signature)).to.equal(signer.address);
    expect(() => requireSignedBy(signer.address, domain, acceptanceStatement, word, signature)).not.to.throw();

    const elsewhere = [recordDomain(1n, REGISTRY), recordDomain(31337n, OTHER), consentDomain(31337n, REGISTRY)];
    for (const other of elsewhere) {
      expect(() => requireSignedBy(signer.address, other, acceptanceStatement, word, signature)).to.throw(NotSignedBy);
    }
    const later = { ...word, deadline: word.deadline + 1 };
    expect(() => requireSignedBy(signer.address, domain, acceptanceStatement, later, signature)).to.throw(NotSignedBy);
    expect(() => requireSignedBy(signer.address, domain, repudiationStatement, word, signature)).to.throw(NotSignedBy);
    expect(() => requireSignedBy(OTHER, domain, acceptanceStatement, word, signature)).to.throw(NotSignedBy, OTHER);
  });

  it("is nobody's if it is no 65 bytes", () => {
    for (const signature of ["", "0x", "0x1234", `0x${"00".repeat(65)}`, `0x${"00".repeat(64)}`]) {
      expect(signerOfTyped(domain, acceptanceStatement, word, signature)).to.equal(undefined);
    }
  });
});
