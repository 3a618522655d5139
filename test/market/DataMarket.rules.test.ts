import { expect } from "chai";
import { DAY, ethers, loadFixture, Role, time } from "../fixture.js";
import {
  ALPHA,
  BOUNDS,
  bigintsOf,
  C,
  coins,
  deadlineOf,
  emptyMarket,
  fieldsOf,
  market,
  placeOrder,
  RULES,
} from "./world.js";

const { Researcher, Company, Insurer } = Role;
const HOUR = 3_600;

const wrongRules = {
  "another period": { periodLength: 31 * DAY },
  "too little time to deliver": { deliveryTime: HOUR - 1 },
  "too much time to deliver": { deliveryTime: 90 * DAY + 1 },
  "too short a window": { disputeWindow: HOUR - 1 },
  "too long a window": { disputeWindow: 90 * DAY + 1 },
  "too little time to rule": { arbitrationTime: HOUR - 1 },
  "too much time to rule": { arbitrationTime: 366 * DAY + 1 },
  "no turnover": { turnover: 0 },
  "too strong a reaction": { reactivity: 10_001 },
};

describe("DataMarket: setRules", () => {
  it("takes the bounds themselves, for what is ordered and delivered from now on", async () => {
    const world = await loadFixture(market);
    const { dataMarket, operator } = world;
    await placeOrder(world);
    const before = await deadlineOf(world, 1);
    const least = {
      ...RULES,
      deliveryTime: HOUR,
      disputeWindow: HOUR,
      arbitrationTime: HOUR,
      turnover: 1,
      reactivity: 0,
    };
    const most = {
      ...RULES,
      deliveryTime: 90 * DAY,
      disputeWindow: 90 * DAY,
      arbitrationTime: 366 * DAY,
      turnover: 65_535,
      reactivity: 10_000,
    };
    for (const rules of [least, most]) {
      await expect(dataMarket.connect(operator).setRules(rules))
        .to.emit(dataMarket, "MarketRulesSet")
        .withArgs(Object.values(rules));
      expect(fieldsOf(await dataMarket.marketRules())).to.deep.equal(bigintsOf(rules));
    }
    expect(await deadlineOf(world, 1)).to.equal(before);
    await placeOrder(world);
    expect(await deadlineOf(world, 2)).to.be.greaterThan(before + 82 * DAY);
  });

  for (const [what, wrong] of Object.entries(wrongRules)) {
    it(`refuses ${what}`, async () => {
      const { dataMarket, operator } = await loadFixture(emptyMarket);
      const rules = { ...RULES, ...wrong };
      await expect(dataMarket.connect(operator).setRules(rules))
        .to.be.revertedWithCustomError(dataMarket, "MarketRulesInvalid")
        .withArgs(Object.values(rules));
    });
  }

  it("is for operators", async () => {
    const { dataMarket, pauser } = await loadFixture(emptyMarket);
    await expect(dataMarket.connect(pauser).setRules(RULES))
      .to.be.revertedWithCustomError(dataMarket, "AccessManagedUnauthorized")
      .withArgs(pauser.address);
  });
});

describe("DataMarket: the rules it is deployed with", () => {
  for (const periodLength of [HOUR - 1, 366 * DAY + 1]) {
    it(`are in bounds: no period of ${periodLength} seconds`, async () => {
      const world = await loadFixture(emptyMarket);
      const { consortium, datasetRegistry, quoter, consentRegistry, recordRegistry, accountCenter, medicalCoin } =
        world;
      const contracts = [
        consortium,
        datasetRegistry,
        quoter,
        consentRegistry,
        recordRegistry,
        accountCenter,
        medicalCoin,
      ];
      const rules = { ...RULES, periodLength };
      await expect(ethers.deployContract("DataMarket", [...contracts, rules]))
        .to.be.revertedWithCustomError(world.dataMarket, "MarketRulesInvalid")
        .withArgs(Object.values(rules));
    });
  }
});

describe("DataMarket: publishNumbers", () => {
  it("publishes numbers and bounds for a class and a role, and begins to count anew", async () => {
    const { dataMarket, operator } = await loadFixture(emptyMarket);
    const period = await dataMarket.currentPeriod();
    for (const [dataClass, role] of [
      [24, Company],
      [31, Insurer],
      [24, Researcher],
    ] as const) {
      const sent = dataMarket.connect(operator).publishNumbers(dataClass, role, BOUNDS.alphaMax, BOUNDS.cMin, BOUNDS);
      await expect(sent).to.emit(dataMarket, "NumberBoundsSet").withArgs(dataClass, role, Object.values(BOUNDS));
      await expect(sent)
        .to.emit(dataMarket, "NumbersPublished")
        .withArgs(dataClass, role, period, BOUNDS.alphaMax, BOUNDS.cMin);
      expect(await dataMarket.numbersOf(dataClass, role)).to.deep.equal([
        BOUNDS.alphaMax,
        BOUNDS.cMin,
        await time.latest(),
        0,
        0,
      ]);
      expect(await dataMarket.numberBoundsOf(dataClass, role)).to.deep.equal(Object.values(BOUNDS));
    }
    expect(await dataMarket.numbersOf(25, Company)).to.deep.equal([0, 0, 0, 0, 0]);
  });

  const wrongNumbers = [
    ["a class of sections", 23, Researcher, ALPHA, C, {}],
    ["a class above the last", 32, Researcher, ALPHA, C, {}],
    ["a role that does not buy", 24, Role.Patient, ALPHA, C, {}],
    ["institutions", 24, Role.Institution, ALPHA, C, {}],
    ["banks", 24, Role.Bank, ALPHA, C, {}],
    ["too small an alpha", 24, Researcher, BOUNDS.alphaMin - 1n, C, {}],
    ["too large an alpha", 24, Researcher, BOUNDS.alphaMax + 1n, C, {}],
    ["too small a cost", 24, Researcher, ALPHA, BOUNDS.cMin - 1n, {}],
    ["too large a cost", 24, Researcher, ALPHA, BOUNDS.cMax + 1n, {}],
    ["no cost", 24, Researcher, ALPHA, 0n, { cMin: 0n }],
    ["bounds from no cost on", 24, Researcher, ALPHA, C, { cMin: 0n }],
    ["bounds of alpha that cross", 24, Researcher, ALPHA, C, { alphaMin: coins(41), alphaMax: coins(39) }],
    ["bounds of the cost that cross", 24, Researcher, ALPHA, C, { cMin: coins(5), cMax: coins(3) }],
  ] as const;
  for (const [what, dataClass, role, alpha, c, bounds] of wrongNumbers) {
    it(`refuses ${what}`, async () => {
      const { dataMarket, operator } = await loadFixture(emptyMarket);
      await expect(dataMarket.connect(operator).publishNumbers(dataClass, role, alpha, c, { ...BOUNDS, ...bounds }))
        .to.be.revertedWithCustomError(dataMarket, "NumbersInvalid")
        .withArgs(dataClass, role, alpha, c);
    });
  }

  it("is for operators", async () => {
    const { dataMarket, researcher } = await loadFixture(emptyMarket);
    await expect(dataMarket.connect(researcher).publishNumbers(24, Researcher, ALPHA, C, BOUNDS))
      .to.be.revertedWithCustomError(dataMarket, "AccessManagedUnauthorized")
      .withArgs(researcher.address);
  });
});
