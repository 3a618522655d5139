import { expect } from "chai";
import { type Customer, type MarketSetting, playMarket } from "../../../scripts/simulate/market.js";
import { wad } from "../../../scripts/simulate/wad.js";

const fixed = (value: number) => ({ first: wad(value), least: wad(value), most: wad(value) });
const customer: Customer = { dMin: wad(100), maxPrice: wad(1000), needs: () => 0n };

/** One institution with 1,000 records, of which 100 are expected to be ordered, and a consumer with dMin = c. */
const setting: MarketSetting = {
  periods: 3,
  institutions: [{ name: "A", records: 1000n, joins: 1, leaves: 4 }],
  customers: [customer],
  gamma: wad(10),
  lambdaMin: wad(12),
  lambdaMax: wad(60),
  ceiling: wad(50),
  alpha: fixed(10_000),
  c: fixed(100),
  reactivity: 10_000n,
  turnover: 1000n,
};

describe("the market over periods", () => {
  it("raises a ceiling by an eighth at most while more is ordered than expected, up to the provider's bound", () => {
    const played = playMarket(setting);
    expect(played.map(({ datasets }) => datasets[0]?.ceiling)).to.deep.equal([wad(50), wad(56.25), wad(60)]);
    // 100 + 10,000 / 50 - 100 records, in whole ones.
    expect(played[0]).to.deep.include({ demand: 200n, orders: 1, payments: 200n * wad(50), supply: 1000n });
    expect(played[1]?.demand).to.equal(178n);
  });

  it("lowers it while nobody orders, and moves no published number then", () => {
    const numbers = { first: wad(100), least: wad(50), most: wad(200) };
    const played = playMarket({ ...setting, c: numbers, customers: [{ ...customer, maxPrice: wad(11) }] });
    expect(played.map(({ datasets }) => datasets[0]?.ceiling)).to.deep.equal([wad(50), wad(43.75), wad(38.28125)]);
    expect(played.map(({ c }) => c)).to.deep.equal([wad(100), wad(100), wad(100)]);
  });

  it("sells nothing of a stock that is smaller than the least amount", () => {
    const played = playMarket({ ...setting, customers: [{ ...customer, dMin: wad(1001) }] });
    expect(played.map(({ orders }) => orders)).to.deep.equal([0, 0, 0]);
  });

  it("asks no more than the maximum price, and sells for it", () => {
    const [first] = playMarket({ ...setting, customers: [{ ...customer, maxPrice: wad(20) }] });
    expect(first?.payments).to.equal(500n * wad(20));
  });

  it("sends an order to the owner of the record that it needs", () => {
    const institutions = [
      { name: "A", records: 1000n, joins: 1, leaves: 3 },
      { name: "B", records: 500n, joins: 2, leaves: 4 },
    ];
    const played = playMarket({ ...setting, institutions, customers: [{ ...customer, needs: () => 1200n }] });
    const orders = played.map(({ datasets }) => datasets.map((one) => `${one.institution}${one.orders}`).join(" "));
    expect(orders).to.deep.equal(["A1", "A0 B1", "B1"]);
  });

  it("moves alpha down and c up when less is ordered than expected of all records, and the other way round", () => {
    const alpha = { first: wad(10_000), least: wad(8000), most: wad(20_000) };
    const c = { first: wad(100), least: wad(50), most: wad(110) };
    const played = playMarket({ ...setting, alpha, c, turnover: 10_000n });
    expect(played.map((one) => one.alpha)).to.deep.equal([wad(10_000), wad(8750), wad(8000)]);
    expect(played.map((one) => one.c)).to.deep.equal([wad(100), wad(110), wad(110)]);
    const rising = playMarket({ ...setting, alpha, c });
    expect(rising.map((one) => one.alpha)).to.deep.equal([wad(10_000), wad(11_250), wad(12_656.25)]);
    expect(rising.map((one) => one.c)).to.deep.equal([wad(100), wad(87.5), wad(76.5625)]);
  });
});
