import { equilibrium, withMaxPrice } from "../../../src/market/pricing.js";
import { utilityOf } from "../../../src/market/pricingGains.js";
import { termsOf } from "../consumers.js";
import { gainsOf, LIAR, LIAR_CEILING, REPORTS } from "../figures/misreport.js";
import { atAlpha, CEILING } from "../figures/utilityByAlpha.js";
import { unitsOf } from "../wad.js";

/** What a consumer gains by saying another alpha, or a low maximum price. */
export function misreports() {
  const gains = REPORTS.map((report) => ({ report, ...gainsOf(LIAR, LIAR_CEILING, report) }));
  const best = gains.reduce((a, b) => (b.asReported > a.asReported ? b : a));
  const bestFreely = gains.reduce((a, b) => (b.freely > a.freely ? b : a));
  return {
    bestReport: best.report,
    bestGain: best.asReported,
    bestReportFreely: bestFreely.report,
    bestGainFreely: bestFreely.freely,
    maximumPrice: maximumPrice(),
  };
}

/** Fig. 7 in numbers: consumer A at both ends of alpha, with Table II and with the low ceiling. */
export function byAlpha() {
  const low = atAlpha("A", 10_100, 1000);
  const high = atAlpha("A", 11_000, 1000);
  return {
    utilityLow: low.utility,
    utilityHigh: high.utility,
    demandLow: low.demand,
    demandHigh: high.demand,
    change: (high.utility - low.utility) / Math.abs(low.utility),
    utilityLowCeiling: atAlpha("A", 10_100, CEILING).utility,
    jumpBefore: atAlpha("E", 10_380, CEILING),
    jumpAfter: atAlpha("E", 10_400, CEILING),
  };
}

/** The consumer of the misreports, honest and with a maximum price at the provider's lowest. */
function maximumPrice() {
  const terms = termsOf(LIAR, { lambdaMax: LIAR_CEILING });
  const honest = equilibrium(terms).lambda;
  const low = equilibrium(withMaxPrice(terms, terms.lambdaMin)).lambda;
  return {
    price: unitsOf(honest),
    utility: unitsOf(utilityOf(terms, honest)),
    lowPrice: unitsOf(low),
    lowUtility: unitsOf(utilityOf(terms, low)),
  };
}
