import { expect } from "chai";
import { type Actor, fresh, loadFixture, register, wordOf } from "../fixture.js";
import { bits, toInstitution } from "../records/patientActions.js";
import { bigintsOf, consent, emptyMarket, fieldsOf, LISTING, type Market, market, recordAt } from "./world.js";

const U80 = 2n ** 80n - 1n;

/** One thing wrong with each. */
const wrongListings = {
  "a floor below the consortium's": { floor: 0n },
  "a class of a section": { dataClass: 23 },
  "a class above the last": { dataClass: 32, weights: 2n ** 64n - 1n },
  "a class without weight": { dataClass: 26 },
  "no section class": { sectionClasses: 0 },
  "a class of records as section class": { sectionClasses: bits(3, 24) },
  "no purpose": { purposes: 0 },
  "an unknown purpose": { purposes: bits(24) },
  "no cost": { gamma: 0n },
  "a lowest price that does not pay for cost and floor": { lambdaMin: LISTING.gamma + LISTING.floor - 1n },
  "cost and floor that together overflow a price": { gamma: U80, floor: U80, lambdaMin: U80, lambdaMax: U80 },
  "a highest price below the lowest": { lambdaMax: LISTING.lambdaMin - 1n },
  "no share for patients": { patientShare: 0 },
  "shares of more than all": { patientShare: 9_000, doctorShare: 1_001 },
};

const listingOf = async ({ datasetRegistry }: Market, dataset: number) => {
  const { listing, institution } = await datasetRegistry.listingOf(dataset);
  return { listing: fieldsOf(listing), institution };
};

describe("DatasetRegistry: list", () => {
  it("lists a dataset of the calling institution, open and without records", async () => {
    const world = await loadFixture(emptyMarket);
    const { datasetRegistry, hospital, clinic } = world;
    await expect(datasetRegistry.connect(hospital).list(LISTING))
      .to.emit(datasetRegistry, "DatasetListed")
      .withArgs(1, 1, 24, Object.values(LISTING));
    await datasetRegistry.connect(clinic).list({ ...LISTING, dataClass: 25 });
    expect(await datasetRegistry.datasetCount()).to.equal(2);
    expect(await listingOf(world, 1)).to.deep.equal({ listing: bigintsOf(LISTING), institution: 1n });
    expect(await listingOf(world, 2)).to.deep.equal({
      listing: bigintsOf({ ...LISTING, dataClass: 25 }),
      institution: 2n,
    });
    expect(await datasetRegistry.stockOf(1)).to.deep.equal([0, 0, 0, true]);
    expect(await datasetRegistry.stockOf(3)).to.deep.equal([0, 0, 0, false]);
  });

  it("takes the bounds themselves", async () => {
    const world = await loadFixture(emptyMarket);
    const tight = {
      ...LISTING,
      dataClass: 31,
      weights: 2n ** 64n - 1n,
      sectionClasses: 2 ** 24 - 1,
      purposes: 2 ** 24 - 1,
      gamma: U80 - 1n,
      floor: 1n,
      lambdaMin: U80,
      lambdaMax: U80,
      patientShare: 1,
      doctorShare: 9_999,
    };
    const free = {
      ...LISTING,
      gamma: 1n,
      floor: 1n,
      lambdaMin: 2n,
      lambdaMax: 2n,
      patientShare: 10_000,
      doctorShare: 0,
    };
    for (const listing of [tight, free]) await world.datasetRegistry.connect(world.clinic).list(listing);
    expect((await listingOf(world, 1)).listing).to.deep.equal(bigintsOf(tight));
    expect((await listingOf(world, 2)).listing).to.deep.equal(bigintsOf(free));
  });

  for (const [what, wrong] of Object.entries(wrongListings)) {
    it(`refuses ${what}`, async () => {
      const { datasetRegistry, hospital } = await loadFixture(emptyMarket);
      const listing = { ...LISTING, ...wrong };
      await expect(datasetRegistry.connect(hospital).list(listing))
        .to.be.revertedWithCustomError(datasetRegistry, "ListingInvalid")
        .withArgs(Object.values(listing));
      expect(await datasetRegistry.datasetCount()).to.equal(0);
    });
  }

  it("is for active institutions", async () => {
    const { datasetRegistry, accountCenter, registrar, hospital, doctor, stranger } = await loadFixture(emptyMarket);
    await expect(datasetRegistry.connect(doctor).list(LISTING))
      .to.be.revertedWithCustomError(datasetRegistry, "AccountRoleMismatch")
      .withArgs(doctor.address, 2, 3);
    await expect(datasetRegistry.connect(stranger).list(LISTING))
      .to.be.revertedWithCustomError(datasetRegistry, "AccountNotCertified")
      .withArgs(stranger.address);
    await accountCenter.connect(registrar).suspend(hospital, 0);
    await expect(datasetRegistry.connect(hospital).list(LISTING))
      .to.be.revertedWithCustomError(datasetRegistry, "AccountSuspended")
      .withArgs(hospital.address);
  });
});

describe("DatasetRegistry: setPrices", () => {
  it("moves the bounds, and nothing else", async () => {
    const world = await loadFixture(market);
    const { datasetRegistry, hospital } = world;
    const [lambdaMin, lambdaMax] = [LISTING.gamma + LISTING.floor, U80];
    await expect(datasetRegistry.connect(hospital).setPrices(1, lambdaMin, lambdaMax))
      .to.emit(datasetRegistry, "PricesSet")
      .withArgs(1, lambdaMin, lambdaMax);
    expect(await listingOf(world, 1)).to.deep.equal({
      listing: bigintsOf({ ...LISTING, lambdaMin, lambdaMax }),
      institution: 1n,
    });
    await datasetRegistry.connect(hospital).setPrices(1, U80, U80);
    expect((await datasetRegistry.saleOf(1)).lambdaMin).to.equal(U80);
  });

  it("refuses prices that do not pay for cost and floor, or that cross", async () => {
    const { datasetRegistry, hospital } = await loadFixture(market);
    const least = LISTING.gamma + LISTING.floor;
    for (const [lambdaMin, lambdaMax] of [
      [least - 1n, U80],
      [U80, U80 - 1n],
      [0n, 0n],
    ] as const) {
      await expect(datasetRegistry.connect(hospital).setPrices(1, lambdaMin, lambdaMax))
        .to.be.revertedWithCustomError(datasetRegistry, "PricesInvalid")
        .withArgs(lambdaMin, lambdaMax, least);
    }
  });
});

describe("DatasetRegistry: closeDataset", () => {
  it("takes the dataset off sale and its records out of the supply, for good", async () => {
    const world = await loadFixture(market);
    const { datasetRegistry, hospital } = world;
    const provider = datasetRegistry.connect(hospital);
    expect(await datasetRegistry.supplyOf(24)).to.equal(6);
    await expect(provider.closeDataset(1)).to.emit(datasetRegistry, "DatasetClosed").withArgs(1);
    expect(await datasetRegistry.supplyOf(24)).to.equal(0);
    expect(await datasetRegistry.stockOf(1)).to.deep.equal([1, 6, 8, false]);
    for (const again of [
      provider.closeDataset(1),
      provider.openVersion(1),
      provider.addRecords(1, [wordOf(fresh())], [recordAt(world, 0).key]),
    ]) {
      await expect(again).to.be.revertedWithCustomError(datasetRegistry, "DatasetNotOpen").withArgs(1);
    }
  });

  it("is for anyone once the institution is revoked, and not while it is suspended", async () => {
    const { datasetRegistry, accountCenter, registrar, hospital, stranger } = await loadFixture(market);
    const closing = datasetRegistry.connect(stranger);
    const refuse = () =>
      expect(closing.closeDataset(1))
        .to.be.revertedWithCustomError(datasetRegistry, "AccountNotCertified")
        .withArgs(stranger.address);
    await refuse();
    await accountCenter.connect(registrar).suspend(hospital, 0);
    await refuse();
    await accountCenter.connect(registrar).revoke(hospital, 0);
    await expect(closing.closeDataset(2)).to.be.revertedWithCustomError(datasetRegistry, "DatasetUnknown").withArgs(2);
    await expect(closing.closeDataset(1)).to.emit(datasetRegistry, "DatasetClosed").withArgs(1);
    expect(await datasetRegistry.supplyOf(24)).to.equal(0);
    await expect(closing.closeDataset(1)).to.be.revertedWithCustomError(datasetRegistry, "DatasetNotOpen").withArgs(1);
  });

  it("lets records that waited, and records of the version, go to another dataset", async () => {
    const world = await loadFixture(market);
    const { datasetRegistry, hospital, patient } = world;
    const provider = datasetRegistry.connect(hospital);
    const key = await consent(world, patient, toInstitution(1));
    const waiting = await register(world);
    await provider.addRecords(1, [waiting], [key]);
    await provider.closeDataset(1);
    const ids = [waiting, recordAt(world, 0).id];
    await provider.withdrawRecords(1, ids);
    expect(await datasetRegistry.supplyOf(24)).to.equal(0);
    expect(await datasetRegistry.stockOf(1)).to.deep.equal([2, 5, 7, false]);
    await provider.list(LISTING);
    await provider.addRecords(2, ids, [key, key]);
    await provider.openVersion(2);
    expect(await datasetRegistry.stockOf(2)).to.deep.equal([1, 2, 2, true]);
    expect(await datasetRegistry.supplyOf(24)).to.equal(2);
  });
});

describe("DatasetRegistry: whose dataset it is", () => {
  const actions = {
    addRecords: (world: Market, by: Actor, dataset: number) =>
      world.datasetRegistry.connect(by).addRecords(dataset, [wordOf(1)], [wordOf(1)]),
    openVersion: (world: Market, by: Actor, dataset: number) => world.datasetRegistry.connect(by).openVersion(dataset),
    withdrawRecords: (world: Market, by: Actor, dataset: number) =>
      world.datasetRegistry.connect(by).withdrawRecords(dataset, [recordAt(world, 0).id]),
    setPrices: (world: Market, by: Actor, dataset: number) =>
      world.datasetRegistry.connect(by).setPrices(dataset, U80, U80),
    closeDataset: (world: Market, by: Actor, dataset: number) =>
      world.datasetRegistry.connect(by).closeDataset(dataset),
  };
  for (const [name, act] of Object.entries(actions)) {
    it(`matters for ${name}: another institution, others, and the suspended provider are refused`, async () => {
      const world = await loadFixture(market);
      const { datasetRegistry, accountCenter, registrar, hospital, clinic, doctor } = world;
      await expect(act(world, hospital, 2))
        .to.be.revertedWithCustomError(datasetRegistry, "DatasetUnknown")
        .withArgs(2);
      await expect(act(world, hospital, 0))
        .to.be.revertedWithCustomError(datasetRegistry, "DatasetUnknown")
        .withArgs(0);
      await expect(act(world, clinic, 1))
        .to.be.revertedWithCustomError(datasetRegistry, "DatasetNotOf")
        .withArgs(1, 1);
      await expect(act(world, doctor, 1))
        .to.be.revertedWithCustomError(datasetRegistry, "AccountRoleMismatch")
        .withArgs(doctor.address, 2, 3);
      await accountCenter.connect(registrar).suspend(hospital, 0);
      await expect(act(world, hospital, 1))
        .to.be.revertedWithCustomError(datasetRegistry, "AccountSuspended")
        .withArgs(hospital.address);
    });
  }
});

describe("DatasetRegistry: saleOf", () => {
  it("says what the market needs to know", async () => {
    const { datasetRegistry } = await loadFixture(market);
    const { gamma, floor, lambdaMin, lambdaMax } = LISTING;
    expect(fieldsOf(await datasetRegistry.saleOf(1))).to.deep.equal({
      institution: 1n,
      version: 1n,
      records: 6n,
      weight: 8n,
      open: true,
      dataClass: 24n,
      purposes: 256n,
      gamma,
      floor,
      lambdaMin,
      lambdaMax,
      patientShare: 3_000n,
      doctorShare: 1_500n,
    });
  });
});

describe("DatasetRegistry: pause", () => {
  it("is for pausers", async () => {
    const { datasetRegistry, operator, hospital } = await loadFixture(market);
    for (const by of [operator, hospital]) {
      for (const act of ["pause", "unpause"] as const) {
        await expect(datasetRegistry.connect(by)[act]())
          .to.be.revertedWithCustomError(datasetRegistry, "AccessManagedUnauthorized")
          .withArgs(by.address);
      }
    }
  });

  it("stops listing, adding and opening, and ends", async () => {
    const world = await loadFixture(market);
    const { datasetRegistry, pauser, hospital } = world;
    const provider = datasetRegistry.connect(hospital);
    await datasetRegistry.connect(pauser).pause();
    for (const stopped of [
      provider.list(LISTING),
      provider.addRecords(1, [recordAt(world, 0).id], [recordAt(world, 0).key]),
      provider.openVersion(1),
    ]) {
      await expect(stopped).to.be.revertedWithCustomError(datasetRegistry, "EnforcedPause");
    }
    await datasetRegistry.connect(pauser).unpause();
    await provider.list(LISTING);
    expect(await datasetRegistry.datasetCount()).to.equal(2);
  });

  it("stops nothing by which records leave, prices move, rewards are paid", async () => {
    const world = await loadFixture(market);
    const { datasetRegistry, consentRegistry, pauser, hospital, neighbour, stranger } = world;
    await datasetRegistry.connect(pauser).pause();
    const provider = datasetRegistry.connect(hospital);
    const last = recordAt(world, 5);
    await consentRegistry.connect(neighbour).revokeAll();
    await datasetRegistry.connect(stranger).prune(1, [last.id], [last.key]);
    await provider.withdrawRecords(1, [recordAt(world, 0).id]);
    await provider.setPrices(1, U80, U80);
    await datasetRegistry.connect(stranger).claimSharingRewards([recordAt(world, 1).id]);
    await provider.closeDataset(1);
    expect(await datasetRegistry.stockOf(1)).to.deep.equal([3, 4, 6, false]);
  });
});
