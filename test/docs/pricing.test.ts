import { readFile } from "node:fs/promises";
import { expect } from "chai";
import { Draw } from "../../scripts/fixtures/draw.js";
import { ALPHA, CASES, TABLE_TWO } from "../../scripts/simulate/consumers.js";
import { SMALL_MINIMUM } from "../../scripts/simulate/figures/consumers.js";
import { LIAR, LIAR_CEILING } from "../../scripts/simulate/figures/misreport.js";
import { CEILING } from "../../scripts/simulate/figures/utilityByAlpha.js";
import { LOW_CEILING } from "../../scripts/simulate/settings.js";
import { committedSeed } from "../../scripts/simulate/simulate.js";
import { jsonOf, type Summary, summaryOf } from "../../scripts/simulate/summary.js";

const root = new URL("../../", import.meta.url);

const coins = (value: number) => Math.round(value).toLocaleString("en-US").replace("-", "−");
const price = (value: number) => value.toFixed(2);
const one = (value: number) => value.toFixed(1).replace("-", "−");
const percent = (part: number) => `${(100 * part).toFixed(1)} %`;

/** What the page says of the one consumer of section 2 to 4. */
function statedOfOneConsumer({ tableTwo, interior, shape, eq10, algorithmOne }: Summary): string[] {
  return [
    `At price ${coins(tableTwo.price)} it gives consumer A ${one(tableTwo.demandEq10)} records, below its minimum of ${tableTwo.demand}, and consumer B ${one(eq10.demandOfB)}`,
    `it rises to ${coins(interior.profit)} at price ${price(interior.price)}, falls to ${coins(shape.atKink)} at price 35, and has risen to ${coins(shape.beyond)} at price 60`,
    `at λmax it is at least ${coins(tableTwo.profit)}. With λmax 35 it holds for consumer C: ${price(interior.price)}`,
    `gets price ${algorithmOne.belowC.price} and ${algorithmOne.belowC.demand} records; the provider forgoes ${coins(algorithmOne.belowC.bestProfit)}`,
    `so it stops after ${algorithmOne.aboveC.looked} price. Consumer A: price ${coins(algorithmOne.aboveC.price)} with ${one(algorithmOne.aboveC.demand)} records, a profit of ${coins(algorithmOne.aboveC.profit)}; with d ≥ dMin the same price brings ${coins(algorithmOne.aboveC.bestProfit)}`,
    `it looks at ${algorithmOne.meantBelowC.looked} prices and ends at price ${algorithmOne.meantBelowC.price} for consumer C with Table II, because it uses eq. (10): a profit of ${coins(algorithmOne.meantBelowC.profit)} where ${coins(algorithmOne.meantBelowC.bestProfit)} is to be had`,
    `Consumer C's ${one(interior.demand)} records held, price 35 would bring ${coins(interior.profitAtCeilingWithSameAmount)} instead of ${coins(interior.profit)}.`,
    `consumer A loses ${coins(tableTwo.utilityLostOnLastCoin)} on the last coin up to ${coins(tableTwo.price)}. With eq. (10) it loses ${one(tableTwo.utilityLostOnLastCoinEq10)}`,
    `Consumer A: ${coins(tableTwo.profit)} at price ${coins(tableTwo.price)}. Not always: consumer C with λmax 35 brings most at ${price(interior.price)}`,
    `${coins(tableTwo.profit)} − ${coins(-tableTwo.utility)} = ${coins(tableTwo.welfare)}`,
    `Consumer A: ${coins(tableTwo.welfare)} instead of ${coins(tableTwo.firstBestWelfare)}, a loss of ${percent(tableTwo.loss)}.`,
    `Consumer A has ${coins(tableTwo.utility)}, and would lose nothing up to a price of ${price(tableTwo.reservationPrice)}.`,
    `that is best, ${price(interior.price)} with ${one(interior.demand)} records.`,
    `at a ceiling above ${price(interior.ceilingThatEarnsAsMuch)} is asked the ceiling`,
    `the equilibrium's welfare is ${coins(interior.welfare)}, and ${coins(interior.firstBestWelfare)} at price γ: a loss of ${percent(interior.loss)}`,
  ];
}

/** What it says of consumers that are drawn, and of what consumers say themselves. */
function statedOfConsumers({ drawn, ten, alpha, misreport }: Summary): string[] {
  const draws = `of ${coins(drawn.count)} draws`;
  const { tableTwo, smallMinimum } = ten;
  return [
    `"${coins(drawn.count)} draws" are ${coins(drawn.count)} consumers`,
    `In ${coins(drawn.atBothBounds)} ${draws} the best price is λmax`,
    `It is the usual case: ${coins(drawn.dMinAboveC)} ${draws}`,
    `${coins(drawn.atBothBounds)} ${draws} end at λmax and dMin`,
    `In ${coins(drawn.lowestWelfare)} ${draws} no price in the range has a lower welfare than the equilibrium; the loss is up to ${percent(drawn.greatestLoss)}, its median ${percent(drawn.medianLoss)}`,
    `In ${coins(drawn.losing)} ${draws} the utility is negative at the equilibrium, at best ${coins(drawn.greatestUtility)}.`,
    `consumer A's utility goes from ${coins(alpha.utilityLow)} to ${coins(alpha.utilityHigh)}, by ${percent(alpha.change)}. The ceiling does more: with λmax 30 it is ${coins(alpha.utilityLowCeiling)}`,
    `a consumer gains ${coins(misreport.bestGain)} by saying ${price(misreport.bestReport)} of its α`,
    `up to an α of ${coins(alpha.jumpBefore.alpha)} the provider asks ${alpha.jumpBefore.price} for ${alpha.jumpBefore.demand} records, from ${coins(alpha.jumpAfter.alpha)} on ${price(alpha.jumpAfter.price)} for ${one(alpha.jumpAfter.demand)}, and the utility goes from ${coins(alpha.jumpBefore.utility)} to ${coins(alpha.jumpAfter.utility)}`,
    `pays ${price(misreport.maximumPrice.price)} if it tells the truth. If it says ${price(misreport.bestReport)} of its α, it gains ${coins(misreport.bestGain)}`,
    `${price(misreport.bestReportFreely)} is best for it, and brings ${coins(misreport.bestGainFreely)}`,
    `all ten are asked ${coins(tableTwo.lowestPrice)}, though every one of them loses above ${price(tableTwo.highestReservationPrice)}, and one already above ${price(tableTwo.lowestReservationPrice)}. Together they lose ${coins(-tableTwo.utility)}, and the provider gains ${coins(tableTwo.profit)}`,
    `${smallMinimum.interior} of the ten get a price of eq. (15), the lowest of them ${price(smallMinimum.lowestPrice)}; for ${smallMinimum.atCeiling} their minimum`,
    `pays ${misreport.maximumPrice.lowPrice} instead of ${price(misreport.maximumPrice.price)} by naming ${misreport.maximumPrice.lowPrice}, and its utility rises from ${coins(misreport.maximumPrice.utility)} to ${coins(misreport.maximumPrice.lowUtility)}`,
  ];
}

/** What it says of markets. */
function statedOfMarkets({ periods, clearing }: Summary): string[] {
  return [
    `goes from ${price(periods.priceBeforeB)} to ${price(periods.priceWithABC)} after two institutions joined, to ${price(periods.priceAfterALeft)} after one left, and to ${price(periods.priceAfterDJoined)} after`,
    `costs ${price(periods.priceBeforeB)} in the last four periods in which A sells alone, ${price(periods.priceWithABC)} in the last four with A, B and C, ${price(periods.priceAfterALeft)} in the last four before D joins, and ${price(periods.priceAfterDJoined)} in the last four of all. No ceiling moves by more than ${percent(periods.largestCeilingStep)} a period`,
    `α is at its highest, ${coins(periods.alphaMost)}, by period ${periods.alphaHighBy}, at its lowest, ${coins(periods.alphaLeast)}, by period ${periods.alphaLowBy}, and at its highest again by period ${periods.alphaHighAgainBy}`,
    `at one price of ${price(clearing.price)} the welfare is ${coins(clearing.welfare)}, and no allocation has more than ${coins(clearing.best)}`,
    `The price is ${price(clearing.price)}, all ${clearing.served} consumers are served with ${coins(clearing.sold)} of ${coins(clearing.supply)} records, and each gains at least ${coins(clearing.leastUtility)}`,
    `${coins(clearing.equilibriumSold)} records), out of the same cheapest offers, reach ${coins(clearing.equilibriumWelfare)}`,
  ];
}

/** What the page says about what was put in. */
function inputs(): string[] {
  const { lambdaMin, lambdaMax, gamma } = TABLE_TWO;
  const { c, dMin } = SMALL_MINIMUM.ranges;
  const consumers = Object.entries(CASES).map(([name, one]) => `| ${name} | ${one.c} | ${one.dMin} |`);
  return [
    `here it is ${committedSeed}`,
    `λ from ${lambdaMin} to ${lambdaMax}, α above 10000 up to 11000, dMin 200 to 2000, c above 100 up to 1000, γ ${gamma}`,
    `all with α ${coins(ALPHA)} unless`,
    `From α 10,100 to 11,000`,
    `A consumer with α ${coins(LIAR.alpha)}, c ${LIAR.c}, dMin ${LIAR.dMin} and λmax ${LIAR_CEILING}`,
    `(c ${c[0]} to ${c[1]}, dMin ${dMin[0]} to ${dMin[1]}, λmax ${SMALL_MINIMUM.lambdaMax})`,
    `with λmax ${LOW_CEILING} its best price`,
    `with λmax ${CEILING} its α decides`,
    "40 consumers order once a period",
    "k is 1/4.",
    "than is on sale: 160 % of it",
    "with costs 10 to 40 offer 2,500 records each",
    ...consumers,
  ];
}

/** What numbers the page's own parts: headings, lists, and rows of the table of statements. */
const numbering = [/^#+ .*$/gm, /^\d+\. (?:\[.*$)?/gm, /^\| \d+ +\|/gm];

/** Where the paper, a section or a file is cited, and what the formulas say. */
const citations = [
  /\(figures\/[^)]*\)|\(#[^)]*\)|`[^`]*`/g,
  /Figs?\. \d|[Ee]q\. \(\d+\)(?: to \(\d+\))?|[Ss]ection \d|[Ll]ines? \d+(?: and \d+)?|Algorithm 1|Theorem 1/g,
  /max\(0, |"< 0"|price and demand to 0/g,
  /λmax (?:30|35)\b|a ceiling of 30|at most 11,000/g,
];

describe("docs/pricing.md", () => {
  const summary = summaryOf(committedSeed, new Draw(committedSeed));
  const stated = [...statedOfOneConsumer(summary), ...statedOfConsumers(summary), ...statedOfMarkets(summary)];

  it("has the summary beside its figures", async () => {
    expect(jsonOf(summary)).to.equal(await readFile(new URL("docs/figures/summary.json", root), "utf8"));
  });

  it("states nothing that the simulation does not find", async () => {
    let page = await readFile(new URL("docs/pricing.md", root), "utf8");
    for (const number of numbering) page = page.replace(number, "");
    page = page.replace(/\s+/g, " ");
    for (const sentence of [...stated, ...inputs()]) {
      expect(page, "the page does not say what was found").to.include(sentence);
      page = page.replaceAll(sentence, "");
    }
    for (const citation of citations) page = page.replace(citation, "");
    expect(page.match(/.{0,40}\d.{0,40}/g) ?? [], "numbers that nothing shows").to.deep.equal([]);
  });
});
