import { expect } from "chai";
import { ZeroHash } from "ethers";
import { assertRecord, fresh, headerFor, loadFixture, Role, register, signRecord, time, wordOf } from "../fixture.js";
import { recorded } from "./asking.js";
import {
  ALL,
  bits,
  ofClass,
  oneRecord,
  Purpose,
  type Recipient,
  type Scope,
  toInstitution,
  toRole,
  toWallet,
} from "./patientActions.js";

/** What a grant by `termsFor` covers. */
const PURPOSES = bits(Purpose.TREAT, Purpose.HRESCH);
const CLASSES = bits(3, 5);

/** An accepted record of the hospital, institution 1; questions about institution 1 unless said otherwise. */
async function asked() {
  const found = await recorded();
  const { consentRegistry, id } = found;
  const covers = (key: string, institution = 1, purposes = PURPOSES, classes = CLASSES, record = id) =>
    consentRegistry.coversInstitution(key, record, institution, purposes, classes);
  const isRefuted = (key: string, at: number, institution = 1, record = id) =>
    consentRegistry.isRefuted(key, record, institution, at);
  return { ...found, covers, isRefuted, own: consentRegistry.connect(found.patient) };
}

const scopes: Record<string, (id: string) => Scope> = {
  all: () => ALL,
  "one class": () => ofClass(24),
  "one record": oneRecord,
};
const recipients: Record<string, Recipient> = {
  "the institution": toInstitution(1),
  "all institutions": toRole(Role.Institution),
};

describe("ConsentRegistry: coversInstitution", () => {
  for (const [scopeName, scopeOf] of Object.entries(scopes)) {
    for (const [recipientName, recipient] of Object.entries(recipients)) {
      it(`says yes for a grant of ${scopeName} to ${recipientName}, from its start to its end`, async () => {
        const { id, covers, grant } = await loadFixture(asked);
        const from = (await time.latest()) + 100;
        const key = await grant(scopeOf(id), recipient, { from, until: from + 200 });
        expect(await covers(key)).to.equal(false);
        await time.increaseTo(from);
        expect(await covers(key)).to.equal(true);
        expect(await covers(key, 2)).to.equal(recipientName === "all institutions");
        await time.increaseTo(from + 199);
        expect(await covers(key)).to.equal(true);
        await time.increaseTo(from + 200);
        expect(await covers(key)).to.equal(false);
      });
    }
  }

  it("asks for all purposes and all classes", async () => {
    const { covers, grant } = await loadFixture(asked);
    const key = await grant(ALL, toInstitution(1));
    expect(await covers(key, 1, bits(Purpose.HRESCH), bits(5))).to.equal(true);
    expect(await covers(key, 1, PURPOSES | bits(1), CLASSES)).to.equal(false);
    expect(await covers(key, 1, PURPOSES, CLASSES | bits(4))).to.equal(false);
    expect(await covers(key, 1, 2 ** 32 - 1, 2 ** 32 - 1)).to.equal(false);
  });

  it("says no to what was revoked, alone or with all, narrowed, or never granted", async () => {
    const { own, covers, grant, keyOf } = await loadFixture(asked);
    const never = await keyOf(ALL, toInstitution(1));
    expect(await covers(never)).to.equal(false);
    expect(await covers(never, 1, 0, 0)).to.equal(false);
    const key = await grant(ALL, toInstitution(1));
    await own.narrow(ALL, toInstitution(1), bits(Purpose.HRESCH), bits(3), (await time.latest()) + 1_000);
    expect(await covers(key)).to.equal(false);
    expect(await covers(key, 1, bits(Purpose.HRESCH), bits(3))).to.equal(true);
    await own.revoke(ALL, toInstitution(1));
    expect(await covers(key, 1, bits(Purpose.HRESCH), bits(3))).to.equal(false);
    await grant(ALL, toInstitution(1));
    expect(await covers(key)).to.equal(true);
    await own.revokeAll();
    expect(await covers(key)).to.equal(false);
  });

  it("says no to keys of other recipients, patients and records", async () => {
    const { world, id, hospital, neighbour, covers, grant, keyOf } = await loadFixture(asked);
    const other = await register(world, { dataClass: 25 });
    const keys = [
      ZeroHash,
      await grant(ALL, toInstitution(2)),
      await grant(ALL, toWallet(hospital.address)),
      await grant(ALL, toRole(Role.Doctor)),
      await grant(ofClass(25), toInstitution(1)),
      await grant(oneRecord(other), toInstitution(1)),
      await keyOf(ALL, toInstitution(1), neighbour),
    ];
    for (const key of keys) expect(await covers(key)).to.equal(false);
    // A key is the hash with its kinds: other kinds under the same hash are none.
    const key = await grant(oneRecord(id), toInstitution(1));
    for (const kinds of ["11", "22", "33", "02", "42"]) {
      expect(await covers(key.slice(0, -2) + kinds)).to.equal(false);
    }
    expect(await covers(key)).to.equal(true);
  });

  it("says no to records that are unknown or that the patient did not accept, and yes to superseded ones", async () => {
    const { world, id, recordRegistry, hospital, doctor, covers, grant } = await loadFixture(asked);
    const key = await grant(ALL, toInstitution(1));
    const coversRecord = (record: string) => covers(key, 1, PURPOSES, CLASSES, record);
    expect(await coversRecord(wordOf(fresh()))).to.equal(false);
    const asserted = await assertRecord(world);
    expect(await coversRecord(asserted)).to.equal(false);
    await recordRegistry.connect(world.patient).repudiate(asserted);
    expect(await coversRecord(asserted)).to.equal(false);
    const amended = await headerFor(world);
    const signatures = await signRecord(world, amended, { supersedes: id });
    await recordRegistry.connect(hospital).amend(amended, doctor, id, signatures);
    expect(await coversRecord(id)).to.equal(true);
  });
});

describe("ConsentRegistry: isRefuted", () => {
  for (const [scopeName, scopeOf] of Object.entries(scopes)) {
    for (const [recipientName, recipient] of Object.entries(recipients)) {
      it(`goes by start and end of a grant of ${scopeName} to ${recipientName}`, async () => {
        const { id, isRefuted, grant } = await loadFixture(asked);
        const from = (await time.latest()) + 100;
        const until = from + 200;
        const key = await grant(scopeOf(id), recipient, { from, until });
        // Before it was granted, another grant may have held in its place.
        const granted = await time.latest();
        for (const at of [0, granted - 1, from, until - 1]) expect(await isRefuted(key, at), `${at}`).to.equal(false);
        for (const at of [granted, from - 1, until, until + 1, 2 ** 40 - 1])
          expect(await isRefuted(key, at), `${at}`).to.equal(true);
        expect(await isRefuted(key, from, 2)).to.equal(recipientName !== "all institutions");
      });
    }
  }

  for (const how of ["revoke", "revokeAll"] as const) {
    it(`takes the time of ${how} for the end, also of a grant that would go on`, async () => {
      const { own, isRefuted, grant } = await loadFixture(asked);
      const key = await grant(ALL, toInstitution(1));
      const from = await time.latest();
      const at = from + 500;
      await time.setNextBlockTimestamp(at);
      await (how === "revoke" ? own.revoke(ALL, toInstitution(1)) : own.revokeAll());
      expect([await isRefuted(key, from), await isRefuted(key, at - 1)]).to.deep.equal([false, false]);
      expect([await isRefuted(key, at), await isRefuted(key, at + 1)]).to.deep.equal([true, true]);
    });
  }

  it("takes the first of several ends", async () => {
    const { own, isRefuted, grant } = await loadFixture(asked);
    const until = (await time.latest()) + 1_000;
    const key = await grant(ALL, toInstitution(1), { until });
    await own.narrow(ALL, toInstitution(1), PURPOSES, CLASSES, until - 500);
    expect([await isRefuted(key, until - 501), await isRefuted(key, until - 500)]).to.deep.equal([false, true]);
    await time.setNextBlockTimestamp(until - 700);
    await own.revoke(ALL, toInstitution(1));
    await time.setNextBlockTimestamp(until - 600);
    await own.revokeAll();
    expect([await isRefuted(key, until - 701), await isRefuted(key, until - 700)]).to.deep.equal([false, true]);
  });

  it("takes the first revocation of everything since the grant, of the last five", async () => {
    const { own, isRefuted, grant } = await loadFixture(asked);
    await own.revokeAll();
    const key = await grant(ALL, toInstitution(1));
    const ends: number[] = [];
    for (let count = 1; count <= 6; count += 1) {
      await time.increase(10);
      await own.revokeAll();
      ends.push(await time.latest());
      const known = ends[Math.max(0, count - 5)] ?? 0;
      expect([await isRefuted(key, known - 1), await isRefuted(key, known)], `${count}`).to.deep.equal([false, true]);
    }
  });

  it("finds nothing in what was narrowed but not ended", async () => {
    const { own, isRefuted, grant } = await loadFixture(asked);
    const key = await grant(ALL, toInstitution(1));
    const until = (await time.latest()) + 1_000;
    await own.narrow(ALL, toInstitution(1), bits(Purpose.HRESCH), bits(3), until);
    expect(await isRefuted(key, until - 1)).to.equal(false);
  });

  it("forgets an end once the grant is made again: it proves nothing about the time before", async () => {
    const { own, isRefuted, grant } = await loadFixture(asked);
    const key = await grant(ALL, toInstitution(1));
    await own.revoke(ALL, toInstitution(1));
    const revokedAt = await time.latest();
    expect(await isRefuted(key, revokedAt)).to.equal(true);
    await time.increase(100);
    await grant(ALL, toInstitution(1));
    expect(await isRefuted(key, revokedAt)).to.equal(false);
    await own.revokeAll();
    expect(await isRefuted(key, revokedAt)).to.equal(false);
    expect(await isRefuted(key, await time.latest())).to.equal(true);
  });

  it("refutes what was never granted, keys of others, and records that do not exist, at any time", async () => {
    const { hospital, neighbour, isRefuted, grant, keyOf } = await loadFixture(asked);
    const now = await time.latest();
    const valid = await grant(ALL, toRole(Role.Institution));
    const keys = [
      ZeroHash,
      await keyOf(ALL, toInstitution(1)),
      await keyOf(ALL, toRole(Role.Institution), neighbour),
      await grant(ALL, toInstitution(2)),
      await grant(ALL, toWallet(hospital.address)),
      await grant(ALL, toRole(Role.Researcher)),
      await grant(ofClass(25), toInstitution(1)),
    ];
    for (const at of [0, now, 2 ** 40 - 1]) {
      for (const key of keys) expect(await isRefuted(key, at)).to.equal(true);
      expect(await isRefuted(valid, at, 1, wordOf(fresh()))).to.equal(true);
    }
    expect(await isRefuted(valid, now)).to.equal(false);
  });
});
