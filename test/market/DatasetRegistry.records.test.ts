import { expect } from "chai";
import { ZeroHash } from "ethers";
import { grantKeyTag } from "../../src/market/grantKeyTag.js";
import type { DatasetRegistry } from "../../types/ethers-contracts/index.js";
import { assertRecord, fresh, headerFor, loadFixture, Role, register, signRecord, time, wordOf } from "../fixture.js";
import { ALL, bits, oneRecord, toInstitution, toRole, toWallet } from "../records/patientActions.js";
import {
  consent,
  emptyMarket,
  fieldsOf,
  gasOf,
  HMARKT,
  HRESCH,
  idsOf,
  keysOf,
  LISTING,
  type Market,
  market,
  recordAt,
  registerMany,
  SECTIONS,
} from "./world.js";

/** Dataset 1 of the hospital, without records, and the patient's consent. */
async function listed() {
  const world = await loadFixture(emptyMarket);
  const provider = world.datasetRegistry.connect(world.hospital);
  await provider.list(LISTING);
  const key = await consent(world, world.patient, toInstitution(1));
  return { ...world, world, provider, key };
}

/** The {@link market} with what most tests use of it. */
async function onSale() {
  const world = await loadFixture(market);
  const provider = world.datasetRegistry.connect(world.hospital);
  return { ...world, world, provider, key: recordAt(world, 0).key };
}

const holdsIn = (registry: DatasetRegistry, id: string, versions: readonly number[], dataset = 1) =>
  Promise.all(versions.map(async (version) => (await registry.keyTagOf(dataset, version, id)) !== 0n));

const membershipOf = async ({ datasetRegistry }: Market, id: string) => {
  const { dataset, joined, left, weight, ordinal, rewarded } = await datasetRegistry.membershipOf(id);
  return { dataset, joined, left, weight, ordinal, rewarded };
};

describe("DatasetRegistry: addRecords", () => {
  it("notes records for the next version, each with its class's weight", async () => {
    const { world, provider, datasetRegistry, key } = await listed();
    const ids = [await register(world), await register(world, { dataClass: 25 })];
    await expect(provider.addRecords(1, ids, [key, key]))
      .to.emit(datasetRegistry, "RecordsListed")
      .withArgs(1, 1, ids, [key, key]);
    expect(await datasetRegistry.joiningOf(1)).to.deep.equal([2, 4]);
    expect(await datasetRegistry.stockOf(1)).to.deep.equal([0, 0, 0, true]);
    expect(await datasetRegistry.supplyOf(24)).to.equal(0);
    const first = { dataset: 1n, joined: 1n, left: 0n, weight: 1n, ordinal: 0n, rewarded: false };
    expect(await membershipOf(world, ids[0] ?? "")).to.deep.equal(first);
    expect(await membershipOf(world, ids[1] ?? "")).to.deep.equal({ ...first, weight: 3n });
    await provider.addRecords(1, [await register(world)], [key]);
    expect(await datasetRegistry.joiningOf(1)).to.deep.equal([3, 5]);
  });

  for (const [records, keys] of [
    [0, 0],
    [101, 101],
    [2, 1],
    [1, 2],
  ] as const) {
    it(`refuses ${records} records with ${keys} keys`, async () => {
      const { provider, datasetRegistry } = await listed();
      const words = Array.from({ length: 102 }, (_, i) => wordOf(i + 1));
      await expect(provider.addRecords(1, words.slice(0, records), words.slice(0, keys)))
        .to.be.revertedWithCustomError(datasetRegistry, "RecordCountInvalid")
        .withArgs(records, keys);
    });
  }

  it("refuses records that are unknown, not accepted, repudiated, superseded, or of another institution", async () => {
    const { world, provider, datasetRegistry, recordRegistry, patient, clinic, colleague, key } = await listed();
    const asserted = await assertRecord(world);
    const repudiated = await assertRecord(world);
    await recordRegistry.connect(patient).repudiate(repudiated);
    const superseded = await register(world);
    const amended = await headerFor(world);
    const signatures = await signRecord(world, amended, { supersedes: superseded });
    await recordRegistry.connect(world.hospital).amend(amended, world.doctor, superseded, signatures);
    const foreign = await register(world, { doctor: colleague.address }, { doctor: colleague, institution: clinic });
    const wrong = [
      [wordOf(fresh()), 0],
      [asserted, 1],
      [repudiated, 2],
      [superseded, 4],
      [foreign, 3],
    ] as const;
    for (const [id, state] of wrong) {
      await expect(provider.addRecords(1, [await register(world), id], [key, key]))
        .to.be.revertedWithCustomError(datasetRegistry, "RecordNotListable")
        .withArgs(id, 1, state);
    }
    expect(await datasetRegistry.joiningOf(1)).to.deep.equal([0, 0]);
  });

  it("refuses a class that the dataset does not take", async () => {
    const { world, provider, datasetRegistry, key } = await listed();
    const id = await register(world, { dataClass: 26 });
    await expect(provider.addRecords(1, [id], [key]))
      .to.be.revertedWithCustomError(datasetRegistry, "RecordClassNotTaken")
      .withArgs(id, 26);
  });

  it("refuses a record that is in a dataset, also in the same call", async () => {
    const { world, provider, datasetRegistry, key } = await listed();
    await provider.list(LISTING);
    const id = await register(world);
    await expect(provider.addRecords(1, [id, id], [key, key]))
      .to.be.revertedWithCustomError(datasetRegistry, "RecordAlreadyListed")
      .withArgs(id, 1);
    await provider.addRecords(2, [id], [key]);
    for (const open of [false, true]) {
      if (open) await provider.openVersion(2);
      for (const dataset of [1, 2]) {
        await expect(provider.addRecords(dataset, [id], [key]))
          .to.be.revertedWithCustomError(datasetRegistry, "RecordAlreadyListed")
          .withArgs(id, 2);
      }
    }
  });

  it("takes the keys of all scopes, for the institution or all institutions", async () => {
    const { world, provider, patient } = await listed();
    const ids = [await register(world), await register(world), await register(world)];
    const keys = [
      await consent(world, patient, toRole(Role.Institution)),
      await consent(world, patient, toInstitution(1), {}, { kind: 2, value: wordOf(24) }),
      await consent(world, patient, toInstitution(1), {}, oneRecord(ids[2] ?? "")),
    ];
    await provider.addRecords(1, ids, keys);
    expect(await world.datasetRegistry.joiningOf(1)).to.deep.equal([3, 3]);
  });

  it("refuses what the grant under the key does not cover", async () => {
    const { world, provider, datasetRegistry, patient, hospital } = await listed();
    const id = await register(world);
    const scope = oneRecord(id);
    const later = (await time.latest()) + 1_000;
    const refuse = async (key: string) => {
      await expect(provider.addRecords(1, [id], [key]))
        .to.be.revertedWithCustomError(datasetRegistry, "ConsentMissing")
        .withArgs(id, key);
    };
    await refuse(ZeroHash);
    await refuse(await consent(world, patient, toInstitution(2), {}, scope));
    await refuse(await consent(world, patient, toWallet(hospital.address), {}, scope));
    await refuse(await consent(world, patient, toRole(Role.Researcher), {}, scope));
    await refuse(await consent(world, world.neighbour, toInstitution(1)));
    for (const terms of [
      { purposes: bits(HRESCH) },
      { purposes: bits(HMARKT) },
      { dataClasses: bits(3) },
      { from: later },
    ]) {
      await refuse(await consent(world, patient, toInstitution(1), terms, scope));
    }
    const key = await consent(world, patient, toInstitution(1), {}, scope);
    await world.consentRegistry.connect(patient).revoke(scope, toInstitution(1));
    await refuse(key);
    expect(await datasetRegistry.joiningOf(1)).to.deep.equal([0, 0]);
  });

  it("takes 100 records in one call, and less than half a block's gas", async () => {
    const { world, provider, datasetRegistry, consentRegistry, patient, stranger, key } = await listed();
    const ids = await registerMany(world, 100);
    const keys = ids.map(() => key);
    expect(await gasOf(provider.addRecords(1, ids, keys))).to.be.lessThan(15_000_000n);
    expect(await datasetRegistry.joiningOf(1)).to.deep.equal([100, 100]);
    await provider.openVersion(1);
    await consentRegistry.connect(patient).revokeAll();
    expect(await gasOf(datasetRegistry.connect(stranger).prune(1, ids, keys))).to.be.lessThan(15_000_000n);
    expect(await datasetRegistry.stockOf(1)).to.deep.equal([2, 0, 0, true]);
  });
});

describe("DatasetRegistry: openVersion", () => {
  it("puts on sale what waits, besides what is", async () => {
    const { world, provider, datasetRegistry, key } = await onSale();
    const ids = [await register(world, { dataClass: 25 }), await register(world)];
    await provider.addRecords(1, ids, [key, key]);
    expect(await datasetRegistry.stockOf(1)).to.deep.equal([1, 6, 8, true]);
    await expect(provider.openVersion(1)).to.emit(datasetRegistry, "VersionOpened").withArgs(1, 2, 8, 12);
    expect(await datasetRegistry.stockOf(1)).to.deep.equal([2, 8, 12, true]);
    expect(await datasetRegistry.joiningOf(1)).to.deep.equal([0, 0]);
    expect(await datasetRegistry.supplyOf(24)).to.equal(8);
    expect(await datasetRegistry.supplyOf(25)).to.equal(0);
    expect(await holdsIn(datasetRegistry, ids[0] ?? "", [1, 2, 3])).to.deep.equal([false, true, true]);
  });

  it("needs records that wait", async () => {
    const { provider, datasetRegistry } = await onSale();
    await expect(provider.openVersion(1)).to.be.revertedWithCustomError(datasetRegistry, "NothingJoining").withArgs(1);
  });
});

describe("DatasetRegistry: withdrawRecords", () => {
  it("takes records out with a new version, and leaves the former versions as they were", async () => {
    const { world, provider, datasetRegistry, records } = await onSale();
    const ids = [recordAt(world, 0).id, recordAt(world, 4).id];
    const sent = provider.withdrawRecords(1, ids);
    await expect(sent).to.emit(datasetRegistry, "RecordsLeft").withArgs(1, 2, ids);
    await expect(sent).to.emit(datasetRegistry, "VersionOpened").withArgs(1, 2, 4, 4);
    expect(await datasetRegistry.stockOf(1)).to.deep.equal([2, 4, 4, true]);
    expect(await datasetRegistry.supplyOf(24)).to.equal(4);
    for (const { id } of records) {
      expect(await holdsIn(datasetRegistry, id, [0, 1, 2])).to.deep.equal([false, true, !ids.includes(id)]);
    }
    const former = { dataset: 1n, joined: 1n, left: 2n, weight: 1n, ordinal: 0n, rewarded: false };
    expect(await membershipOf(world, recordAt(world, 0).id)).to.deep.equal(former);
  });

  it("takes what waits into the version, but for what is withdrawn itself", async () => {
    const { world, provider, datasetRegistry, key } = await onSale();
    const ids = [await register(world, { dataClass: 25 }), await register(world)];
    await provider.addRecords(1, ids, [key, key]);
    await provider.withdrawRecords(1, [ids[0] ?? "", recordAt(world, 4).id]);
    expect(await datasetRegistry.stockOf(1)).to.deep.equal([2, 6, 6, true]);
    expect(await datasetRegistry.joiningOf(1)).to.deep.equal([0, 0]);
    expect(await datasetRegistry.supplyOf(24)).to.equal(6);
    expect(await holdsIn(datasetRegistry, ids[0] ?? "", [1, 2, 3])).to.deep.equal([false, false, false]);
    expect(await holdsIn(datasetRegistry, ids[1] ?? "", [1, 2, 3])).to.deep.equal([false, true, true]);
  });

  it("can leave a version without records", async () => {
    const { provider, datasetRegistry, records } = await onSale();
    await provider.withdrawRecords(1, idsOf(records));
    expect(await datasetRegistry.stockOf(1)).to.deep.equal([2, 0, 0, true]);
    expect(await datasetRegistry.supplyOf(24)).to.equal(0);
  });

  it("refuses no record, too many, strangers to the dataset, and the same twice", async () => {
    const { world, provider, datasetRegistry, key } = await onSale();
    for (const count of [0, 101]) {
      await expect(provider.withdrawRecords(1, Array<string>(count).fill(key)))
        .to.be.revertedWithCustomError(datasetRegistry, "RecordCountInvalid")
        .withArgs(count, count);
    }
    await provider.list(LISTING);
    const elsewhere = await register(world);
    await provider.addRecords(2, [elsewhere], [key]);
    const { id } = recordAt(world, 0);
    for (const [wrong, ids] of [
      [wordOf(7), [id, wordOf(7)]],
      [elsewhere, [elsewhere]],
      [id, [id, id]],
    ] as const) {
      await expect(provider.withdrawRecords(1, [...ids]))
        .to.be.revertedWithCustomError(datasetRegistry, "RecordNotListed")
        .withArgs(wrong, 1);
    }
    await provider.withdrawRecords(1, [id]);
    await expect(provider.withdrawRecords(1, [id]))
      .to.be.revertedWithCustomError(datasetRegistry, "RecordNotListed")
      .withArgs(id, 1);
  });
});

describe("DatasetRegistry: prune", () => {
  it("lets anybody take out records whose consent is over", async () => {
    const { world, datasetRegistry, consentRegistry, neighbour, stranger } = await onSale();
    const { id, key } = recordAt(world, 5);
    await consentRegistry.connect(neighbour).revokeAll();
    const sent = datasetRegistry.connect(stranger).prune(1, [id], [key]);
    await expect(sent).to.emit(datasetRegistry, "RecordsLeft").withArgs(1, 2, [id]);
    await expect(sent).to.emit(datasetRegistry, "VersionOpened").withArgs(1, 2, 5, 7);
    expect(await datasetRegistry.supplyOf(24)).to.equal(5);
    expect(await holdsIn(datasetRegistry, id, [1, 2])).to.deep.equal([true, false]);
  });

  it("goes for consents that ended, were narrowed or replaced by less, but not while they hold", async () => {
    const { world, datasetRegistry, consentRegistry, neighbour, stranger } = await onSale();
    const { id, key } = recordAt(world, 5);
    const to = toRole(Role.Institution);
    const own = consentRegistry.connect(neighbour);
    const until = (await time.latest()) + 1_000;
    const prune = () => datasetRegistry.connect(stranger).prune.staticCall(1, [id], [key]);
    const refuse = () =>
      expect(prune()).to.be.revertedWithCustomError(datasetRegistry, "ConsentStillValid").withArgs(id);
    await refuse();
    await own.narrow(ALL, to, bits(HMARKT, HRESCH), SECTIONS, until);
    await refuse();
    await time.increaseTo(until);
    await prune();
    await consent(world, neighbour, to, { dataClasses: SECTIONS | 1 });
    await refuse();
    await own.narrow(ALL, to, bits(HRESCH), SECTIONS, until + 1_000);
    await prune();
    await consent(world, neighbour, to, { purposes: bits(HMARKT) });
    await prune();
  });

  it("goes for records that were superseded, though the consent holds", async () => {
    const { world, datasetRegistry, recordRegistry, hospital, doctor, stranger } = await onSale();
    const { id, key } = recordAt(world, 0);
    const amended = await headerFor(world);
    const signatures = await signRecord(world, amended, { supersedes: id });
    await recordRegistry.connect(hospital).amend(amended, doctor, id, signatures);
    await datasetRegistry.connect(stranger).prune(1, [id], [key]);
    expect(await datasetRegistry.stockOf(1)).to.deep.equal([2, 5, 7, true]);
  });

  it("takes records out that wait, and closed datasets' too", async () => {
    const { world, provider, datasetRegistry, consentRegistry, patient, stranger, key } = await onSale();
    const waiting = await register(world);
    await provider.addRecords(1, [waiting], [key]);
    await consentRegistry.connect(patient).revokeAll();
    const pruning = datasetRegistry.connect(stranger);
    await pruning.prune(1, [waiting], [key]);
    expect(await datasetRegistry.stockOf(1)).to.deep.equal([2, 6, 8, true]);
    await provider.closeDataset(1);
    await pruning.prune(1, [recordAt(world, 0).id], [key]);
    expect(await datasetRegistry.stockOf(1)).to.deep.equal([3, 5, 7, false]);
    expect(await datasetRegistry.supplyOf(24)).to.equal(0);
  });

  it("refuses another key than that under which the record was listed, whatever became of its grant", async () => {
    const { world, datasetRegistry, patient, stranger } = await onSale();
    const { id } = recordAt(world, 0);
    const other = datasetRegistry.connect(stranger);
    for (const key of [await consent(world, patient, toRole(Role.Institution)), recordAt(world, 5).key, ZeroHash]) {
      await expect(other.prune(1, [id], [key]))
        .to.be.revertedWithCustomError(datasetRegistry, "GrantKeyMismatch")
        .withArgs(id, key);
    }
  });

  it("refuses no record, too many, missing keys, other datasets, and what left already", async () => {
    const { world, datasetRegistry, consentRegistry, patient, stranger, key } = await onSale();
    const pruning = datasetRegistry.connect(stranger);
    const { id } = recordAt(world, 0);
    for (const [ids, keys] of [
      [0, 0],
      [1, 0],
      [101, 101],
    ] as const) {
      await expect(pruning.prune(1, Array<string>(ids).fill(id), Array<string>(keys).fill(key)))
        .to.be.revertedWithCustomError(datasetRegistry, "RecordCountInvalid")
        .withArgs(ids, keys);
    }
    await consentRegistry.connect(patient).revokeAll();
    await expect(pruning.prune(2, [id], [key]))
      .to.be.revertedWithCustomError(datasetRegistry, "RecordNotListed")
      .withArgs(id, 2);
    await expect(pruning.prune(1, [id, id], [key, key]))
      .to.be.revertedWithCustomError(datasetRegistry, "RecordNotListed")
      .withArgs(id, 1);
    await pruning.prune(1, [id], [key]);
    await expect(pruning.prune(1, [id], [key]))
      .to.be.revertedWithCustomError(datasetRegistry, "RecordNotListed")
      .withArgs(id, 1);
  });

  it("takes out all or none", async () => {
    const { world, datasetRegistry, consentRegistry, neighbour, stranger, records } = await onSale();
    await consentRegistry.connect(neighbour).revokeAll();
    await expect(datasetRegistry.connect(stranger).prune(1, idsOf(records).reverse(), keysOf(records).reverse()))
      .to.be.revertedWithCustomError(datasetRegistry, "ConsentStillValid")
      .withArgs(recordAt(world, 4).id);
    expect(await datasetRegistry.stockOf(1)).to.deep.equal([1, 6, 8, true]);
  });
});

describe("DatasetRegistry: listing again", () => {
  it("keeps the former listings, and knows the versions of each", async () => {
    const { world, provider, datasetRegistry, patient } = await onSale();
    const { id } = recordAt(world, 4);
    const key = await consent(world, patient, toRole(Role.Institution));
    await provider.withdrawRecords(1, [id]);
    await provider.list({ ...LISTING, weights: 0x0501n });
    await provider.addRecords(2, [id], [key]);
    await provider.openVersion(2);
    await provider.withdrawRecords(2, [id]);
    await provider.addRecords(1, [id], [key]);
    await provider.openVersion(1);

    const base = { ordinal: 0n, rewarded: false };
    const listings = [
      { ...base, dataset: 1n, joined: 1n, left: 2n, weight: 3n },
      { ...base, dataset: 2n, joined: 1n, left: 2n, weight: 5n, ordinal: 1n },
      { ...base, dataset: 1n, joined: 3n, left: 0n, weight: 3n, ordinal: 2n },
    ];
    for (const [ordinal, expected] of listings.entries()) {
      expect(fieldsOf(await datasetRegistry.membershipAt(id, ordinal))).to.deep.include(expected);
    }
    expect(fieldsOf(await datasetRegistry.membershipAt(id, 3)).joined).to.equal(0n);
    expect(await membershipOf(world, id)).to.deep.equal(listings[2]);
    expect(await holdsIn(datasetRegistry, id, [1, 2, 3, 4])).to.deep.equal([true, false, true, true]);
    expect(await holdsIn(datasetRegistry, id, [1, 2], 2)).to.deep.equal([true, false]);
  });

  it("needs the key of the listing that is to be pruned", async () => {
    const { world, provider, datasetRegistry, consentRegistry, patient, stranger, key } = await onSale();
    const { id } = recordAt(world, 0);
    await provider.withdrawRecords(1, [id]);
    const later = await consent(world, patient, toRole(Role.Institution));
    await provider.addRecords(1, [id], [later]);
    await consentRegistry.connect(patient).revoke(ALL, toInstitution(1));
    const pruning = datasetRegistry.connect(stranger);
    await expect(pruning.prune(1, [id], [key]))
      .to.be.revertedWithCustomError(datasetRegistry, "GrantKeyMismatch")
      .withArgs(id, key);
    await expect(pruning.prune(1, [id], [later]))
      .to.be.revertedWithCustomError(datasetRegistry, "ConsentStillValid")
      .withArgs(id);
  });

  it("has an end after eight times", async () => {
    const { world, provider, datasetRegistry, key } = await onSale();
    const { id } = recordAt(world, 0);
    for (let times = 1; times < 8; times += 1) {
      await provider.withdrawRecords(1, [id]);
      await provider.addRecords(1, [id], [key]);
    }
    await provider.withdrawRecords(1, [id]);
    await expect(provider.addRecords(1, [id], [key]))
      .to.be.revertedWithCustomError(datasetRegistry, "RecordListedTooOften")
      .withArgs(id);
    expect((await datasetRegistry.membershipOf(id)).ordinal).to.equal(7);
    expect(await datasetRegistry.keyTagOf(1, 1, id)).to.equal(grantKeyTag(key));
    expect(await datasetRegistry.keyTagOf(1, 2, id)).to.equal(0);
  });
});
