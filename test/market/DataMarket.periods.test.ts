import { expect } from "chai";
import { loadFixture, Role, time } from "../fixture.js";
import { ALPHA, BOUNDS, C, coins, deliver, idsOf, LISTING, market, placeOrder, quoted, RULES, sell } from "./world.js";

const { lambdaMax } = LISTING;

async function onSale() {
  const world = await loadFixture(market);
  const { dataMarket, stranger } = world;
  const period = Number(await dataMarket.currentPeriod());
  /** The first second of a period from now: 1 for the next. */
  const enter = async (periods: number) => {
    const next = Number(await dataMarket.currentPeriod()) + periods;
    await time.increaseTo(next * RULES.periodLength);
    return next;
  };
  const moving = dataMarket.connect(stranger);
  const wait = (since: bigint, periods: number) =>
    time.setNextBlockTimestamp(Number(since) + Math.floor(periods * RULES.periodLength));
  /** Moves the ceiling so many periods' lengths after it last moved or first sold. */
  const moveCeiling = async (periods: number) => {
    await wait((await dataMarket.ceilingOf(1)).since, periods);
    return moving.advanceCeiling(1);
  };
  /** Moves the researchers' numbers so many periods' lengths after they last moved or were published. */
  const moveNumbers = async (periods: number) => {
    await wait((await dataMarket.numbersOf(24, Role.Researcher)).since, periods);
    return moving.advanceNumbers(24, Role.Researcher);
  };
  return { ...world, world, period, enter, moving, moveCeiling, moveNumbers };
}

/** `value (1 + step)`, where the step is k (demand - target) / target, at most an eighth either way; all in WAD. */
function moved(value: bigint, demand: bigint, target: bigint): bigint {
  const most = coins(1) / 8n;
  const wanted = ((demand - target) * coins(1) * BigInt(RULES.reactivity)) / (target * 10_000n);
  const step = wanted > most ? most : wanted < -most ? -most : wanted;
  return (value * (coins(1) + step)) / coins(1);
}

describe("DataMarket: currentPeriod", () => {
  it("counts from 1970 by the length of a period", async () => {
    const { dataMarket, enter, period } = await onSale();
    expect(period).to.equal(Math.floor((await time.latest()) / RULES.periodLength));
    const next = await enter(1);
    expect([next, await dataMarket.currentPeriod()]).to.deep.equal([period + 1, BigInt(next)]);
  });
});

describe("DataMarket: advanceCeiling", () => {
  it("starts the count where nothing was sold: the ceiling is the provider's highest price", async () => {
    const { dataMarket, moving, period } = await onSale();
    await expect(moving.advanceCeiling(1)).to.emit(dataMarket, "CeilingMoved").withArgs(1, period, lambdaMax);
    expect(await dataMarket.ceilingOf(1)).to.deep.equal([lambdaMax, await time.latest(), 0]);
  });

  it("lowers the ceiling when less was sold than the turnover, by an eighth at most", async () => {
    const { world, dataMarket, moveCeiling, hospital, datasetRegistry } = await onSale();
    // Two records sold, three expected.
    await datasetRegistry.connect(hospital).setPrices(1, coins(4), coins(10));
    await dataMarket.connect(world.operator).publishNumbers(24, Role.Researcher, 0, C, { ...BOUNDS, alphaMin: 0n });
    await sell(world);
    const lower = moved(lambdaMax, 2n, 3n);
    expect(lower).to.equal((lambdaMax * 916_666_666_666_666_667n) / coins(1));
    const sent = await moveCeiling(1);
    await expect(sent)
      .to.emit(dataMarket, "CeilingMoved")
      .withArgs(1, await dataMarket.currentPeriod(), lower);
    expect((await quoted(world, { dataset: 1, dMin: 2, maxPrice: coins(10) })).price).to.equal(lower);
    await moveCeiling(1);
    expect((await dataMarket.ceilingOf(1)).lambda).to.equal((lower * 7n) / 8n);
  });

  it("takes the average of the time that passed, in a period's length", async () => {
    const { world, dataMarket, moveCeiling } = await onSale();
    await sell(world);
    const { demand } = await dataMarket.ceilingOf(1);
    expect(demand).to.equal(5);
    await moveCeiling(2.5);
    expect((await dataMarket.ceilingOf(1)).lambda).to.equal(moved(lambdaMax, 2n, 3n));
    // Nothing is rounded to whole records: 20 in 8 periods are two and a half in one.
    await sell(world);
    await sell(world);
    await sell(world);
    await sell(world);
    await moveCeiling(8);
    expect((await dataMarket.ceilingOf(1)).lambda).to.equal(moved(moved(lambdaMax, 2n, 3n), 5n, 6n));
  });

  it("takes no seconds around the end of a calendar period for a period without sales", async () => {
    const { world, dataMarket, moving, enter, moveCeiling } = await onSale();
    await sell(world);
    const end = (await enter(2)) * RULES.periodLength + RULES.periodLength;
    await time.setNextBlockTimestamp(end - 30);
    await moving.advanceCeiling(1);
    await time.setNextBlockTimestamp(end);
    await expect(moving.advanceCeiling(1))
      .to.be.revertedWithCustomError(dataMarket, "PeriodNotOver")
      .withArgs(end - 30 + RULES.periodLength);
    await sell(world);
    await moveCeiling(1);
    expect((await dataMarket.ceilingOf(1)).lambda).to.equal(lambdaMax);
  });

  it("raises it again, up to the provider's highest price and no further", async () => {
    const { world, dataMarket, moving, moveCeiling } = await onSale();
    await moving.advanceCeiling(1);
    for (let i = 0; i < 2; i += 1) await moveCeiling(1);
    const low = (((lambdaMax * 7n) / 8n) * 7n) / 8n;
    expect((await dataMarket.ceilingOf(1)).lambda).to.equal(low);
    await sell(world);
    await moveCeiling(1);
    expect((await dataMarket.ceilingOf(1)).lambda).to.equal((low * 9n) / 8n);
    for (let i = 0; i < 2; i += 1) {
      await sell(world);
      await moveCeiling(1);
    }
    expect((await dataMarket.ceilingOf(1)).lambda).to.equal(lambdaMax);
  });

  it("stays within the bounds that the provider sets, also those set later", async () => {
    const { dataMarket, datasetRegistry, moving, moveCeiling, hospital } = await onSale();
    const provider = datasetRegistry.connect(hospital);
    const ceiling = async () => (await dataMarket.quoteWith(1, 0, 1, 1, coins(100))).price;
    await moving.advanceCeiling(1);
    await provider.setPrices(1, coins(4), coins(20));
    expect(await ceiling()).to.equal(lambdaMax);
    await provider.setPrices(1, coins(4), coins(9));
    expect(await ceiling()).to.equal(coins(9));
    await provider.setPrices(1, coins(12), coins(20));
    expect(await ceiling()).to.equal(coins(12));
    await moveCeiling(1);
    expect((await dataMarket.ceilingOf(1)).lambda).to.equal(coins(12));
  });

  it("waits for a whole period", async () => {
    const { dataMarket, moving, moveCeiling } = await onSale();
    await moving.advanceCeiling(1);
    for (let i = 0; i < 2; i += 1) {
      const end = (await time.latest()) + RULES.periodLength;
      await time.setNextBlockTimestamp(end - 1);
      await expect(moving.advanceCeiling(1)).to.be.revertedWithCustomError(dataMarket, "PeriodNotOver").withArgs(end);
      await moveCeiling(1);
    }
  });

  it("counts a sale from its release on, and waits for a period from there", async () => {
    const { world, dataMarket, moving, moveCeiling, hospital } = await onSale();
    for (let order = 1n; order <= 2n; order += 1n) await placeOrder(world);
    await dataMarket.connect(hospital).refund(1);
    await deliver(world, 2n, world.records.slice(0, 4));
    expect(await dataMarket.ceilingOf(1)).to.deep.equal([0, 0, 0]);
    await dataMarket.connect(world.researcher).confirm(2);
    const since = await time.latest();
    expect(await dataMarket.ceilingOf(1)).to.deep.equal([0, since, 4]);
    await expect(moving.advanceCeiling(1))
      .to.be.revertedWithCustomError(dataMarket, "PeriodNotOver")
      .withArgs(since + RULES.periodLength);
    await moveCeiling(1);
    expect((await dataMarket.ceilingOf(1)).lambda).to.equal(lambdaMax);
  });

  it("needs a dataset that is on sale: an empty or closed one keeps its ceiling", async () => {
    const { dataMarket, datasetRegistry, moving, hospital, records } = await onSale();
    const provider = datasetRegistry.connect(hospital);
    const refuse = (dataset: number) =>
      expect(moving.advanceCeiling(dataset))
        .to.be.revertedWithCustomError(dataMarket, "DatasetNotOnSale")
        .withArgs(dataset);
    for (const unknown of [0, 2]) await refuse(unknown);
    await provider.list(LISTING);
    await refuse(2);
    await moving.advanceCeiling(1);
    await provider.withdrawRecords(1, idsOf(records));
    await refuse(1);
    await provider.closeDataset(1);
    await refuse(1);
    expect((await dataMarket.ceilingOf(1)).lambda).to.equal(lambdaMax);
  });
});

describe("DataMarket: advanceNumbers", () => {
  const { Researcher, Company } = Role;

  it("raises alpha and lowers c when more was bought than the turnover of the class", async () => {
    const { world, dataMarket, moveNumbers } = await onSale();
    await sell(world);
    expect((await dataMarket.numbersOf(24, Researcher)).demand).to.equal(5);
    const [alpha, c] = [(ALPHA * 9n) / 8n, (C * 7n) / 8n];
    const sent = await moveNumbers(1);
    await expect(sent)
      .to.emit(dataMarket, "NumbersPublished")
      .withArgs(24, Researcher, await dataMarket.currentPeriod(), alpha, c);
    expect(await dataMarket.numbersOf(24, Researcher)).to.deep.equal([alpha, c, await time.latest(), 0, 0]);
  });

  it("lowers alpha and raises c when less was, by the same bounded step", async () => {
    const { world, dataMarket, moveNumbers } = await onSale();
    await placeOrder(world);
    await deliver(world, 1n, world.records.slice(0, 2));
    await dataMarket.connect(world.researcher).confirm(1);
    await moveNumbers(1);
    const { alpha, c } = await dataMarket.numbersOf(24, Researcher);
    expect(alpha).to.equal(moved(ALPHA, 2n, 3n));
    expect(c).to.equal(moved(C, 4n, 3n));
  });

  it("takes the average of the time that passed, in a period's length", async () => {
    const { world, dataMarket, moveNumbers } = await onSale();
    await sell(world, { dMin: 6 });
    await moveNumbers(2);
    expect((await dataMarket.numbersOf(24, Researcher)).alpha).to.equal(ALPHA);
  });

  it("keeps both within their bounds", async () => {
    const { world, dataMarket, operator, moveNumbers } = await onSale();
    const tight = { alphaMin: ALPHA, alphaMax: ALPHA + 1n, cMin: C - 1n, cMax: C };
    await dataMarket.connect(operator).publishNumbers(24, Researcher, ALPHA, C, tight);
    await sell(world);
    await moveNumbers(1);
    let { alpha, c } = await dataMarket.numbersOf(24, Researcher);
    expect([alpha, c]).to.deep.equal([ALPHA + 1n, C - 1n]);
    await sell(world);
    await moveNumbers(9);
    ({ alpha, c } = await dataMarket.numbersOf(24, Researcher));
    expect([alpha, c]).to.deep.equal([ALPHA, C]);
  });

  it("moves nothing without a sale", async () => {
    const { dataMarket, moveNumbers } = await onSale();
    const sent = await moveNumbers(1);
    await expect(sent)
      .to.emit(dataMarket, "NumbersPublished")
      .withArgs(24, Researcher, await dataMarket.currentPeriod(), ALPHA, C);
  });

  it("waits for a whole period since the publication, and since the last move", async () => {
    const { dataMarket, moving, moveNumbers } = await onSale();
    for (let i = 0; i < 2; i += 1) {
      const end = Number((await dataMarket.numbersOf(24, Researcher)).since) + RULES.periodLength;
      await time.setNextBlockTimestamp(end - 1);
      await expect(moving.advanceNumbers(24, Researcher))
        .to.be.revertedWithCustomError(dataMarket, "PeriodNotOver")
        .withArgs(end);
      await moveNumbers(1);
    }
  });

  it("needs published numbers", async () => {
    const { dataMarket, moving } = await onSale();
    for (const [dataClass, role] of [
      [24, Company],
      [25, Researcher],
    ] as const) {
      await expect(moving.advanceNumbers(dataClass, role))
        .to.be.revertedWithCustomError(dataMarket, "NumbersNotPublished")
        .withArgs(dataClass, role);
    }
  });

  it("counts a sale of a role without numbers for nothing", async () => {
    const { world, dataMarket, operator, clearing, company, moving } = await onSale();
    await dataMarket.connect(clearing).orderFor(company, 1, 3, coins(5), 8);
    await deliver(world, 1n);
    await dataMarket.connect(company).confirm(1);
    await expect(moving.advanceNumbers(24, Company)).to.be.revertedWithCustomError(dataMarket, "NumbersNotPublished");
    await dataMarket.connect(operator).publishNumbers(24, Company, ALPHA, C, BOUNDS);
    expect(await dataMarket.numbersOf(24, Company)).to.deep.equal([ALPHA, C, await time.latest(), 0, 0]);
  });
});
