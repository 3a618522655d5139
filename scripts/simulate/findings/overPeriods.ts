import type { Draw } from "../../fixtures/draw.js";
import { averagePrice } from "../figures/periods.js";
import { type Period, playMarket } from "../market.js";
import { marketSetting } from "../marketSetting.js";
import { unitsOf } from "../wad.js";

/** How prices, supply and published numbers moved while institutions joined and left. */
export function overPeriods(draw: Draw) {
  const played = playMarket(marketSetting(draw));
  const mean = (first: number, last: number) => meanPrice(played.slice(first - 1, last));
  const { least, most } = marketSetting(draw).alpha;
  const reached = (bound: bigint, after: number) =>
    played.find(({ period, alpha }) => period > after && alpha === bound)?.period ?? 0;
  const low = reached(least, 0);
  return {
    priceBeforeB: mean(5, 8),
    priceWithABC: mean(29, 32),
    priceAfterALeft: mean(45, 48),
    priceAfterDJoined: mean(61, 64),
    alphaFirst: unitsOf(played[0]?.alpha ?? 0n),
    alphaLeast: unitsOf(least),
    alphaMost: unitsOf(most),
    alphaHighBy: reached(most, 0),
    alphaLowBy: low,
    alphaHighAgainBy: reached(most, low),
    largestCeilingStep: largestStep(played),
  };
}

function meanPrice(periods: readonly Period[]): number {
  return periods.reduce((sum, one) => sum + averagePrice(one), 0) / periods.length;
}

/** The largest relative move of any ceiling from one period to the next. */
function largestStep(played: readonly Period[]): number {
  const steps = played.slice(1).flatMap(({ datasets }, index) =>
    datasets.map(({ institution, ceiling }) => {
      const before = played[index]?.datasets.find((dataset) => dataset.institution === institution);
      return before === undefined ? 0 : Math.abs(unitsOf(ceiling) / unitsOf(before.ceiling) - 1);
    }),
  );
  return Math.max(...steps);
}
