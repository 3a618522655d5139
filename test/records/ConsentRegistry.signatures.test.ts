import { expect } from "chai";
import type { ContractTransactionResponse } from "ethers";
import { type Actor, healthchain, loadFixture, Role, time, type World } from "../fixture.js";
import { domainOf, sign } from "../signatures.js";
import {
  ALL,
  bits,
  ofClass,
  Purpose,
  type Recipient,
  type Scope,
  type Seal,
  seal,
  type Terms,
  termsFor,
  toInstitution,
  toRole,
} from "./patientActions.js";

/** What a signature waits for: its turn among the nonces of its counter, the counter alone, or its turn among its own kind. */
type Order = "nonce" | "counter" | "own";

/** All that the five kinds of signature can say. */
interface Fields {
  readonly patient: string;
  readonly scope: Scope;
  readonly recipient: Recipient;
  readonly terms: Terms;
  readonly purposes: number;
  readonly dataClasses: number;
  readonly until: number;
  readonly optedOut: boolean;
}

interface Action {
  readonly type: "Grant" | "Narrowing" | "Revocation" | "RevocationOfAll" | "BreakGlassOptOut";
  readonly signed: readonly (keyof Fields)[];
  readonly order: Order;
  send(world: World, fields: Fields, seal: Seal): Promise<ContractTransactionResponse>;
}

const actions: Record<string, Action> = {
  grantBySig: {
    type: "Grant",
    signed: ["scope", "recipient", "terms"],
    order: "nonce",
    send: ({ consentRegistry }, { patient, scope, recipient, terms }, { nonce, deadline, signature }) =>
      consentRegistry.grantBySig(patient, scope, recipient, terms, nonce, deadline, signature),
  },
  narrowBySig: {
    type: "Narrowing",
    signed: ["scope", "recipient", "purposes", "dataClasses", "until"],
    order: "counter",
    send: (
      { consentRegistry },
      { patient, scope, recipient, purposes, dataClasses, until },
      { nonce, deadline, signature },
    ) =>
      consentRegistry.narrowBySig(patient, scope, recipient, purposes, dataClasses, until, nonce, deadline, signature),
  },
  revokeBySig: {
    type: "Revocation",
    signed: ["scope", "recipient"],
    order: "counter",
    send: ({ consentRegistry }, { patient, scope, recipient }, { nonce, deadline, signature }) =>
      consentRegistry.revokeBySig(patient, scope, recipient, nonce, deadline, signature),
  },
  revokeAllBySig: {
    type: "RevocationOfAll",
    signed: [],
    order: "own",
    send: ({ consentRegistry }, { patient }, { nonce, deadline, signature }) =>
      consentRegistry.revokeAllBySig(patient, nonce, deadline, signature),
  },
  "setBreakGlassOptOutBySig, forbidding": {
    type: "BreakGlassOptOut",
    signed: ["optedOut"],
    order: "counter",
    send: ({ consentRegistry }, { patient, optedOut }, { nonce, deadline, signature }) =>
      consentRegistry.setBreakGlassOptOutBySig(patient, optedOut, nonce, deadline, signature),
  },
  "setBreakGlassOptOutBySig, allowing": {
    type: "BreakGlassOptOut",
    signed: ["optedOut"],
    order: "nonce",
    send: ({ consentRegistry }, { patient, optedOut }, { nonce, deadline, signature }) =>
      consentRegistry.setBreakGlassOptOutBySig(patient, optedOut, nonce, deadline, signature),
  },
};

/** A world in which each action is possible: its patient granted research on all records. */
async function granted() {
  const world = await healthchain();
  const recipient = toRole(Role.Researcher);
  const terms = await termsFor();
  await world.consentRegistry.connect(world.patient).grant(ALL, recipient, terms);
  const fields: Fields = {
    patient: world.patient.address,
    scope: ALL,
    recipient,
    terms,
    purposes: bits(Purpose.TREAT),
    dataClasses: bits(3),
    until: terms.until,
    optedOut: true,
  };
  return { world, fields, consentRegistry: world.consentRegistry, patient: world.patient };
}

/** The part of the fields that an action's signature says. */
function saidBy(action: Action, fields: Fields): object {
  return Object.fromEntries(action.signed.map((name) => [name, fields[name]]));
}

for (const [name, action] of Object.entries(actions)) {
  describe(`ConsentRegistry: ${name}`, () => {
    const optedOut = action.order === "counter";
    const fieldsOf = (fields: Fields): Fields => ({ ...fields, optedOut });

    const nextNonce = ({ consentRegistry, patient }: World): Promise<bigint> =>
      action.order === "own" ? consentRegistry.revocationNonce(patient) : consentRegistry.consentNonce(patient);

    async function sealed(change: { ahead?: bigint; nonce?: bigint; chainId?: bigint } = {}, signer?: Actor) {
      const { world, fields: all, consentRegistry, patient } = await loadFixture(granted);
      const fields = fieldsOf(all);
      const nonce = change.nonce ?? (await nextNonce(world)) + (change.ahead ?? 0n);
      const options = { nonce, ...(change.chainId === undefined ? {} : { chainId: change.chainId }) };
      const given = await seal(world, signer ?? patient, patient.address, action.type, saidBy(action, fields), options);
      const send = (changes: Partial<Fields> = {}, sealChanges: Partial<Seal> = {}) =>
        action.send(world, { ...fields, ...changes }, { ...given, ...sealChanges });
      return { world, fields, consentRegistry, patient, given, send };
    }

    it("can be sent by anyone", async () => {
      const { world, fields, given } = await sealed();
      const registry = world.consentRegistry.connect(world.stranger);
      await action.send({ ...world, consentRegistry: registry }, fields, given);
    });

    it("counts once", async () => {
      const { consentRegistry, patient, given, send } = await sealed();
      await send();
      if (action.order === "counter") {
        await expect(send()).to.be.revertedWithCustomError(consentRegistry, "ConsentSignatureRevoked").withArgs(0, 1);
      } else {
        await expect(send())
          .to.be.revertedWithCustomError(consentRegistry, "InvalidAccountNonce")
          .withArgs(patient.address, given.nonce + 1n);
      }
    });

    it("counts at its deadline", async () => {
      const { given, send } = await sealed();
      await time.setNextBlockTimestamp(given.deadline);
      await send();
    });

    it("does not count a second later", async () => {
      const { consentRegistry, given, send } = await sealed();
      await time.setNextBlockTimestamp(given.deadline + 1);
      await expect(send())
        .to.be.revertedWithCustomError(consentRegistry, "ConsentSignatureExpired")
        .withArgs(given.deadline);
    });

    it("is refused from another signer", async () => {
      const world = await loadFixture(healthchain);
      const { consentRegistry, patient, send } = await sealed({}, world.neighbour);
      await expect(send())
        .to.be.revertedWithCustomError(consentRegistry, "ConsentSignatureInvalid")
        .withArgs(patient.address);
    });

    it("is refused for another patient", async () => {
      const { world, consentRegistry, send } = await sealed();
      await expect(send({ patient: world.neighbour.address }))
        .to.be.revertedWithCustomError(consentRegistry, "ConsentSignatureInvalid")
        .withArgs(world.neighbour.address);
    });

    it("is refused for another chain", async () => {
      const { consentRegistry, patient, send } = await sealed({ chainId: 1n });
      await expect(send())
        .to.be.revertedWithCustomError(consentRegistry, "ConsentSignatureInvalid")
        .withArgs(patient.address);
    });

    it("is refused for another contract", async () => {
      const { world, fields, consentRegistry, patient, given, send } = await sealed();
      const here = await consentRegistry.getAddress();
      const { nonce, deadline } = given;
      const message = { patient: patient.address, ...saidBy(action, fields), nonce, deadline };
      for (const domain of [
        domainOf("Healthchain ConsentRegistry", await world.recordRegistry.getAddress()),
        domainOf("Healthchain RecordRegistry", here),
      ]) {
        await expect(send({}, { signature: await sign(patient, domain, action.type, message) }))
          .to.be.revertedWithCustomError(consentRegistry, "ConsentSignatureInvalid")
          .withArgs(patient.address);
      }
    });

    it("covers nonce and deadline", async () => {
      const { consentRegistry, patient, given, send } = await sealed();
      for (const change of [{ nonce: given.nonce + 1n }, { deadline: given.deadline + 1 }]) {
        await expect(send({}, change))
          .to.be.revertedWithCustomError(consentRegistry, "ConsentSignatureInvalid")
          .withArgs(patient.address);
      }
    });

    const changes: Partial<Fields> = {
      scope: ofClass(30),
      recipient: toInstitution(1),
      terms: { purposes: 1, dataClasses: 1, from: 1, until: 2 ** 39 },
      purposes: bits(Purpose.HRESCH),
      dataClasses: bits(5),
      until: 2 ** 39,
      optedOut: !optedOut,
    };
    for (const field of action.signed) {
      it(`covers ${field}`, async () => {
        const { consentRegistry, patient, send } = await sealed();
        await expect(send({ [field]: changes[field] }))
          .to.be.revertedWithCustomError(consentRegistry, "ConsentSignatureInvalid")
          .withArgs(patient.address);
      });
    }

    if (action.type === "Grant") {
      for (const part of ["purposes", "dataClasses", "from", "until"] as const) {
        it(`covers the terms' ${part}`, async () => {
          const { fields, consentRegistry, patient, send } = await sealed();
          await expect(send({ terms: { ...fields.terms, [part]: fields.terms[part] + 1 } }))
            .to.be.revertedWithCustomError(consentRegistry, "ConsentSignatureInvalid")
            .withArgs(patient.address);
        });
      }
    }

    if (action.order === "counter") {
      it("waits for no signature before it", async () => {
        const { send } = await sealed({ ahead: 5n });
        await send();
      });
    } else {
      it("waits for its turn", async () => {
        const { world, fields, consentRegistry, patient, given, send } = await sealed({ ahead: 1n });
        await expect(send())
          .to.be.revertedWithCustomError(consentRegistry, "InvalidAccountNonce")
          .withArgs(patient.address, given.nonce - 1n);
        const said = saidBy(action, fields);
        const first = { nonce: given.nonce - 1n };
        await action.send(world, fields, await seal(world, patient, patient.address, action.type, said, first));
        await send();
      });
    }

    const endings: Record<string, (world: World, fields: Fields) => Promise<unknown>> = {
      revoke: ({ consentRegistry, patient }, { recipient }) => consentRegistry.connect(patient).revoke(ALL, recipient),
      narrow: ({ consentRegistry, patient }, { recipient, until }) =>
        consentRegistry.connect(patient).narrow(ALL, recipient, bits(Purpose.TREAT), bits(3, 5), until),
      revokeAll: ({ consentRegistry, patient }) => consentRegistry.connect(patient).revokeAll(),
      "replacing a live grant": ({ consentRegistry, patient }, { recipient, terms }) =>
        consentRegistry.connect(patient).grant(ALL, recipient, terms),
      "an opt-out": ({ consentRegistry, patient }) => consentRegistry.connect(patient).setBreakGlassOptOut(true),
    };
    for (const [ending, end] of Object.entries(endings)) {
      it(`is ${action.order === "own" ? "good" : "void"} after ${ending}`, async () => {
        const { world, fields, consentRegistry, send } = await sealed();
        await end(world, fields);
        if (action.order === "own") await send();
        else {
          await expect(send()).to.be.revertedWithCustomError(consentRegistry, "ConsentSignatureRevoked").withArgs(0, 1);
        }
      });
    }

    if (action.order === "own") {
      it("is refused with a nonce that is for other signatures", async () => {
        for (const nonce of [0n, 1n << 64n, (2n ** 192n - 2n) << 64n]) {
          const { consentRegistry, send } = await sealed({ nonce });
          await expect(send()).to.be.revertedWithCustomError(consentRegistry, "ConsentNonceInvalid").withArgs(nonce);
        }
      });
    } else {
      it("cannot be made for a counter that is not the present one", async () => {
        for (const counter of [1n, 1n << 32n, 2n ** 192n - 1n]) {
          const { consentRegistry, send } = await sealed({ nonce: counter << 64n });
          await expect(send())
            .to.be.revertedWithCustomError(consentRegistry, "ConsentSignatureRevoked")
            .withArgs(counter, 0);
        }
      });
    }
  });
}

describe("ConsentRegistry: signatures of a patient that is a contract", () => {
  it("follow the contract's owner", async () => {
    const world = await loadFixture(healthchain);
    const { consentRegistry, smartWallet, keeper, stranger } = world;
    const wallet = await smartWallet.getAddress();
    const first = { nonce: await consentRegistry.revocationNonce(wallet) };
    const old = await seal(world, keeper, wallet, "RevocationOfAll", {}, first);
    await smartWallet.connect(keeper).getFunction("setOwner")(stranger.address);
    await expect(consentRegistry.revokeAllBySig(wallet, old.nonce, old.deadline, old.signature))
      .to.be.revertedWithCustomError(consentRegistry, "ConsentSignatureInvalid")
      .withArgs(wallet);
    const now = await seal(world, stranger, wallet, "RevocationOfAll", {}, first);
    await consentRegistry.revokeAllBySig(wallet, now.nonce, now.deadline, now.signature);
  });
});
