import { expect } from "chai";
import fc from "fast-check";
import { ChainError } from "../../src/chainError.js";
import { domainOf } from "../../src/eip712.js";
import { type SignedConsent, verifyConsent } from "../../src/records/consentSignatures.js";
import { fanOutGrant, NothingToFanOut, relayConsents, shuffleAcross } from "../../src/records/fanOut.js";
import { grantKeyOf, institution, oneRecord, recordsOfClass } from "../../src/records/grant.js";
import { unpackGrant } from "../../src/records/terms.js";
import { isWholeDay } from "../../src/utcDay.js";
import { type Enrolled, enrolled, inDays, loadFixture, rejection } from "../enrolled.js";

const recipient = institution(1);

async function request() {
  const [until, deadline] = [await inDays(30.3), await inDays(1.7)];
  return { recipient, purposes: ["TREAT"] as const, dataClasses: "all" as const, until, deadline };
}

async function fannedOut(world: Enrolled) {
  const asked = await request();
  return {
    ofPatient: await fanOutGrant(world.consentRegistry, world.patient, asked),
    ofNeighbour: await fanOutGrant(world.consentRegistry, world.neighbour, asked),
  };
}

/** A repeatable source of random numbers: the constants are those of a common linear congruential generator. */
function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

describe("fanOutGrant", () => {
  it("signs once by each wallet, with the same whole days", async () => {
    const world = await loadFixture(enrolled);
    const domain = await domainOf(world.consentRegistry);
    const { ofPatient } = await fannedOut(world);
    expect(ofPatient.map(({ message }) => message.patient)).to.deep.equal(world.patient.map(({ address }) => address));
    for (const signed of ofPatient) {
      verifyConsent(domain, signed);
      const { terms, deadline } = signed.message;
      expect([terms.from, terms.until, deadline].every(isWholeDay)).to.equal(true);
      expect({ terms, deadline }).to.deep.equal({
        terms: ofPatient[0]?.message.terms,
        deadline: ofPatient[0]?.message.deadline,
      });
    }
  });

  it("also grants one class of records, but not one record", async () => {
    const { consentRegistry, patient } = await loadFixture(enrolled);
    const asked = await request();
    const [signed] = await fanOutGrant(consentRegistry, patient, { ...asked, scope: recordsOfClass(24) });
    expect(signed?.message.scope).to.deep.equal(recordsOfClass(24));
    const scope = oneRecord(`0x${"ab".repeat(32)}`);
    expect(await rejection(fanOutGrant(consentRegistry, patient, { ...asked, scope }))).to.be.instanceOf(
      NothingToFanOut,
    );
  });
});

describe("shuffleAcross", () => {
  it("keeps every statement, once", () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.nat())), fc.nat(), (patients, seed) => {
        const shuffled = shuffleAcross(patients, seeded(seed));
        expect([...shuffled].sort()).to.deep.equal(patients.flat().sort());
      }),
    );
  });

  it("can give every order, each as often as the next", () => {
    // All the choices that the shuffle makes for three statements, once each: every order must come out exactly once.
    const orders = [0, 1].flatMap((second) =>
      [0, 1, 2].map((third) => {
        const choices = [0, second, third];
        return shuffleAcross([["a", "b"], ["c"]], () => choices.shift() ?? 0).join("");
      }),
    );
    expect(orders.sort()).to.deep.equal(["abc", "acb", "bac", "bca", "cab", "cba"]);
  });

  it("mixes patients", () => {
    const patients = ["p", "q", "r"].map((patient) => Array.from({ length: 8 }, () => patient));
    const neighbours = [1, 2, 3, 4, 5].map((seed) => {
      const order = shuffleAcross(patients, seeded(seed));
      return order.filter((patient, i) => patient === order[i + 1]).length;
    });
    // In patients' order, 21 of 23 neighbours belong to one patient; at random, 7 on average.
    for (const same of neighbours) expect(same).to.be.below(14);
  });
});

describe("relayConsents", () => {
  it("submits each in a transaction of its own, in the shuffled order, by anyone", async () => {
    const world = await loadFixture(enrolled);
    const { ofPatient, ofNeighbour } = await fannedOut(world);
    const order = shuffleAcross([ofPatient, ofNeighbour], seeded(7));
    const results = await relayConsents(world.consentRegistry.connect(world.relayer), order);

    expect(results.map(({ signed }) => signed)).to.deep.equal(order);
    const hashes = results.map((result) => ("receipt" in result ? result.receipt.hash : undefined));
    expect(new Set(hashes).size).to.equal(6);
    for (const { message } of order) {
      const key = grantKeyOf(message.patient, message.scope, recipient);
      const grant = unpackGrant(BigInt(await world.consentRegistry.grantOf(key)));
      expect(grant).to.include({ until: message.terms.until, revokedAt: 0 });
    }
  });

  it("goes on after one that is refused, and says why", async () => {
    const world = await loadFixture(enrolled);
    const { ofPatient } = await fannedOut(world);
    const [first, second] = ofPatient;
    if (!first || !second) throw new Error("Nothing was fanned out.");
    const statements: SignedConsent[] = [first, first, second];
    const results = await relayConsents(world.consentRegistry.connect(world.relayer), statements);
    expect(results.map((result) => "receipt" in result)).to.deep.equal([true, false, true]);
    const [, refused] = results;
    expect(refused && "error" in refused ? refused.error : undefined)
      .to.be.instanceOf(ChainError)
      .with.property("errorName", "InvalidAccountNonce");
  });
});
