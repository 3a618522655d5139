import { equilibrium, type PricingTerms, WAD } from "../../../src/market/pricing.js";
import { firstBest, profitOf, reservationPrice } from "../../../src/market/pricingGains.js";
import { type Answer, algorithmOne, algorithmOneAsMeant } from "../algorithmOne.js";
import { CASES, termsOf } from "../consumers.js";
import { interior, type Setting, tableTwo } from "../settings.js";
import { atPrice, sweep } from "../sweep.js";
import { unitsOf } from "../wad.js";

/** What the game of one consumer ends at, with Table II and in the interior; figures 5 and 6 in numbers. */
export function oneConsumer() {
  return { tableTwo: gameOf(tableTwo), interior: gameOf(interior), shape: shapeOfProfit(), eq10: belowZero() };
}

/** What Algorithm 1 answers, to the letter and as it seems to be meant, and what the best price earns. */
export function algorithms() {
  const wide = termsOf(CASES.C);
  return {
    aboveC: answered(tableTwo.terms, algorithmOne),
    belowC: answered(interior.terms, algorithmOne),
    meantBelowC: answered(wide, algorithmOneAsMeant),
    meantInterior: answered(interior.terms, algorithmOneAsMeant),
  };
}

function gameOf({ terms }: Setting) {
  const { lambda, d, regime } = equilibrium(terms);
  const best = unitsOf(firstBest(terms).welfare);
  const reached = atPrice(terms, unitsOf(lambda));
  const ceiling = unitsOf(terms.lambdaMax);
  return {
    ...reached,
    regime,
    firstBestDemand: unitsOf(firstBest(terms).d),
    firstBestWelfare: best,
    loss: 1 - reached.welfare / best,
    reservationPrice: unitsOf(reservationPrice(terms, 0n)),
    // From this ceiling on, dMin at the ceiling earns as much.
    ceilingThatEarnsAsMuch: unitsOf(terms.gamma) + reached.profit / unitsOf(terms.dMin),
    // With the amount held, a higher price earns more: why an interior point is no Nash equilibrium.
    profitAtCeilingWithSameAmount: unitsOf(((terms.lambdaMax - terms.gamma) * d) / WAD),
    // The slope of the utility at the ceiling, on the last coin.
    utilityLostOnLastCoin: atPrice(terms, ceiling - 1).utility - atPrice(terms, ceiling).utility,
    utilityLostOnLastCoinEq10: atPrice(terms, ceiling - 1).utilityEq10 - atPrice(terms, ceiling).utilityEq10,
  };
}

/** The profit rises, falls, and rises again behind the price at which the demand reaches dMin. */
function shapeOfProfit() {
  const [kink, beyond] = sweep(interior.terms, [35, 60]);
  return { atKink: kink?.profit ?? 0, beyond: beyond?.profit ?? 0 };
}

function belowZero() {
  return { demandOfB: atPrice(termsOf(CASES.B), 1000).demandEq10 };
}

function answered(terms: PricingTerms, algorithm: (terms: PricingTerms) => Answer) {
  const { lambda, d, profit, looked } = algorithm(terms);
  return {
    price: unitsOf(lambda),
    demand: unitsOf(d),
    profit: unitsOf(profit),
    looked,
    bestProfit: unitsOf(profitOf(terms, equilibrium(terms).lambda)),
  };
}
