import { expect } from "chai";
import { fresh, healthchain, loadFixture, Role, wordOf } from "../fixture.js";
import { domainOf } from "../signatures.js";
import { ALL, ofClass, oneRecord, toInstitution, toRole, toWallet } from "./patientActions.js";

describe("ConsentRegistry", () => {
  it("publishes the domain of its signatures (ERC-5267)", async () => {
    const { consentRegistry } = await loadFixture(healthchain);
    const { name, version, chainId, verifyingContract } = await consentRegistry.eip712Domain();
    expect({ name, version, chainId, verifyingContract }).to.deep.equal(
      domainOf("Healthchain ConsentRegistry", await consentRegistry.getAddress()),
    );
  });

  describe("grantKeyOf", () => {
    it("tells in its lowest byte which kinds of scope and recipient the key is for", async () => {
      const { consentRegistry, patient, stranger } = await loadFixture(healthchain);
      const scopes = [ALL, ofClass(24), oneRecord(wordOf(7))];
      const recipients = [toWallet(stranger.address), toInstitution(1), toRole(Role.Doctor)];
      const keys = new Set<string>();
      for (const scope of scopes) {
        for (const recipient of recipients) {
          const key = await consentRegistry.grantKeyOf(patient, scope, recipient);
          expect(BigInt(key) & 0xffn).to.equal(BigInt(scope.kind * 16 + recipient.kind));
          keys.add(key);
        }
      }
      expect(keys.size).to.equal(9);
    });

    it("differs by patient, by scope and by recipient", async () => {
      const { consentRegistry, patient, neighbour } = await loadFixture(healthchain);
      const keys = [
        await consentRegistry.grantKeyOf(patient, ofClass(24), toInstitution(1)),
        await consentRegistry.grantKeyOf(neighbour, ofClass(24), toInstitution(1)),
        await consentRegistry.grantKeyOf(patient, ofClass(25), toInstitution(1)),
        await consentRegistry.grantKeyOf(patient, ofClass(24), toInstitution(2)),
      ];
      expect(new Set(keys).size).to.equal(4);
    });
  });

  describe("grantOf, patientOf and consentNonce", () => {
    it("are zero before a patient acts", async () => {
      const { consentRegistry, patient } = await loadFixture(healthchain);
      expect(await consentRegistry.grantOf(wordOf(fresh()))).to.equal(0n);
      expect(await consentRegistry.patientOf(patient)).to.deep.equal([0n, 0n, false]);
      expect(await consentRegistry.consentNonce(patient)).to.equal(0n);
    });

    it("leave the nonces of a revocation of all apart", async () => {
      const { consentRegistry, patient } = await loadFixture(healthchain);
      expect(await consentRegistry.revocationNonce(patient)).to.equal((2n ** 192n - 1n) << 64n);
    });
  });
});
