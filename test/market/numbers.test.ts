import { expect } from "chai";
import { Role } from "../../src/accounts/role.js";
import { advanceNumbers, numbersOf, publishNumbers } from "../../src/market/numbers.js";
import { loadFixture, time } from "../enrolled.js";
import { coins, expectRefusal, NUMBERS, ordered, RESEARCHERS, sell } from "./trading.js";

describe("publishNumbers", () => {
  it("publishes for a class and a role, as an operator", async () => {
    const { dataMarket, hospital } = await loadFixture(ordered);
    const companies = { ...RESEARCHERS, role: Role.Company };
    expect(await numbersOf(dataMarket, companies)).to.equal(undefined);
    await publishNumbers(dataMarket, companies, NUMBERS);
    const since = await time.latest();
    expect(await numbersOf(dataMarket, companies)).to.deep.equal({ ...NUMBERS, since, demand: 0, orders: 0 });
    const refused = [
      publishNumbers(dataMarket, { ...companies, role: Role.Patient }, NUMBERS),
      publishNumbers(dataMarket, companies, { ...NUMBERS, alpha: NUMBERS.alphaMax + 1n }),
    ];
    for (const work of refused) await expectRefusal(work, "NumbersInvalid");
    await expectRefusal(publishNumbers(dataMarket.connect(hospital), companies, NUMBERS), "AccessManagedUnauthorized");
  });
});

describe("advanceNumbers", () => {
  it("moves them by the demand, once a period, by anyone", async () => {
    const world = await loadFixture(ordered);
    const { dataMarket, relayer } = world;
    await sell(world, 1);
    expect(await numbersOf(dataMarket, RESEARCHERS)).to.include({ demand: 3, orders: 1 });
    const anyone = dataMarket.connect(relayer);
    await expectRefusal(advanceNumbers(anyone, RESEARCHERS), "PeriodNotOver");
    await time.setNextBlockTimestamp(((await numbersOf(dataMarket, RESEARCHERS))?.since ?? 0) + 30 * 86_400);
    const moved = await advanceNumbers(anyone, RESEARCHERS);
    // Three records were sold where two were expected: as much as one move can be.
    expect(moved).to.include({ alpha: coins(18), c: coins(1.75), period: Number(await anyone.currentPeriod()) });
    await expectRefusal(advanceNumbers(anyone, { ...RESEARCHERS, role: Role.Insurer }), "NumbersNotPublished");
  });
});
