import { expect } from "chai";
import { healthchain, loadFixture, Role, type World } from "../fixture.js";
import { ALL, bits, ofClass, Purpose, type Scope, seal, type Terms, termsFor, toRole } from "./patientActions.js";

/** Signatures of the world's patient about researchers: each is made when it is asked for, and sent by calling what comes back. */
function signaturesOf(world: World, terms: Terms) {
  const { consentRegistry, patient } = world;
  const wallet = patient.address;
  const recipient = toRole(Role.Researcher);
  const [purposes, dataClasses, until] = [bits(Purpose.TREAT), bits(3), terms.until];
  const signed = (type: Parameters<typeof seal>[3], said: object, options: { nonce?: bigint } = {}) =>
    seal(world, patient, wallet, type, said, options);
  return {
    async grant(scope: Scope, options?: { nonce: bigint }) {
      const { nonce, deadline, signature } = await signed("Grant", { scope, recipient, terms }, options);
      return () => consentRegistry.grantBySig(wallet, scope, recipient, terms, nonce, deadline, signature);
    },
    async narrow() {
      const said = { scope: ALL, recipient, purposes, dataClasses, until };
      const { nonce, deadline, signature } = await signed("Narrowing", said);
      return () =>
        consentRegistry.narrowBySig(wallet, ALL, recipient, purposes, dataClasses, until, nonce, deadline, signature);
    },
    async revoke() {
      const { nonce, deadline, signature } = await signed("Revocation", { scope: ALL, recipient });
      return () => consentRegistry.revokeBySig(wallet, ALL, recipient, nonce, deadline, signature);
    },
    async revokeAll() {
      const next = { nonce: await consentRegistry.revocationNonce(wallet) };
      const { nonce, deadline, signature } = await signed("RevocationOfAll", {}, next);
      return () => consentRegistry.revokeAllBySig(wallet, nonce, deadline, signature);
    },
    async optOut(optedOut = true) {
      const { nonce, deadline, signature } = await signed("BreakGlassOptOut", { optedOut });
      return () => consentRegistry.setBreakGlassOptOutBySig(wallet, optedOut, nonce, deadline, signature);
    },
  };
}

/** A world in which each of them is possible: its patient granted research on all records. */
async function granted() {
  const world = await healthchain();
  const { consentRegistry, patient } = world;
  const terms = await termsFor();
  await consentRegistry.connect(patient).grant(ALL, toRole(Role.Researcher), terms);
  return { consentRegistry, patient, sign: signaturesOf(world, terms) };
}

/** What takes access away. */
const takings = ["narrow", "revoke", "revokeAll", "optOut"] as const;

describe("ConsentRegistry: consentNonce", () => {
  it("lets signed grants follow one another after a revocation of all, in place of what it ended too", async () => {
    const { consentRegistry, patient, sign } = await loadFixture(granted);
    await consentRegistry.connect(patient).revokeAll();
    const first = await consentRegistry.consentNonce(patient);
    for (const [index, scope] of [ALL, ofClass(24), ALL].entries()) {
      const send = await sign.grant(scope, { nonce: first + BigInt(index) });
      await send();
    }
  });

  it("counts signatures under one counter, and starts again under the next", async () => {
    const { consentRegistry, patient, sign } = await loadFixture(granted);
    for (const [index, recordClass] of [24, 25, 26].entries()) {
      expect(await consentRegistry.consentNonce(patient)).to.equal(BigInt(index));
      const send = await sign.grant(ofClass(recordClass));
      await send();
    }
    await consentRegistry.connect(patient).revokeAll();
    expect(await consentRegistry.consentNonce(patient)).to.equal(1n << 64n);
  });
});

describe("ConsentRegistry: signatures that were made at the same time", () => {
  for (const taking of takings) {
    it(`${taking} is not held up by a grant that is sent first`, async () => {
      const { sign } = await loadFixture(granted);
      const grant = await sign.grant(ofClass(24));
      const take = await sign[taking]();
      await grant();
      await take();
    });

    it(`${taking} voids a grant, and what lets emergencies in again`, async () => {
      const { consentRegistry, sign } = await loadFixture(granted);
      const giving = [await sign.grant(ofClass(24)), await sign.optOut(false)];
      const take = await sign[taking]();
      await take();
      for (const give of giving) {
        await expect(give()).to.be.revertedWithCustomError(consentRegistry, "ConsentSignatureRevoked").withArgs(0, 1);
      }
    });

    if (taking !== "revokeAll") {
      it(`revokeAll is not held up by ${taking} that is sent first, which it voids`, async () => {
        const { consentRegistry, patient, sign } = await loadFixture(granted);
        const take = await sign[taking]();
        const again = await sign[taking]();
        const revokeAll = await sign.revokeAll();
        await take();
        await revokeAll();
        expect((await consentRegistry.patientOf(patient)).counter).to.equal(2n);
        await expect(again()).to.be.revertedWithCustomError(consentRegistry, "ConsentSignatureRevoked").withArgs(0, 2);
      });
    }
  }

  it("letting emergencies in again voids nothing", async () => {
    const { sign } = await loadFixture(granted);
    const [letIn, revoke] = [await sign.optOut(false), await sign.revoke()];
    await letIn();
    await revoke();
  });

  it("of two grants with one nonce, the first that is sent counts", async () => {
    const { consentRegistry, patient, sign } = await loadFixture(granted);
    const [first, second] = [await sign.grant(ofClass(24)), await sign.grant(ofClass(25))];
    await second();
    await expect(first())
      .to.be.revertedWithCustomError(consentRegistry, "InvalidAccountNonce")
      .withArgs(patient.address, 1);
  });
});
