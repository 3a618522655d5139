import type { Draw } from "../fixtures/draw.js";
import { ALPHA, TABLE_TWO } from "./consumers.js";
import type { Customer, MarketSetting } from "./market.js";
import { wad } from "./wad.js";

const CUSTOMERS = 40;

/** Who sells when: A alone, then B and C join, A leaves, D joins. */
export const INSTITUTIONS = [
  { name: "A", records: 3000n, joins: 1, leaves: 33 },
  { name: "B", records: 2000n, joins: 9, leaves: 65 },
  { name: "C", records: 1500n, joins: 17, leaves: 65 },
  { name: "D", records: 3000n, joins: 49, leaves: 65 },
] as const;

/** c at first, in records. */
export const FIRST_C = 80;

/** The periods' market, with consumers drawn from the seed. */
export function marketSetting(draw: Draw): MarketSetting {
  return {
    periods: 64,
    institutions: INSTITUTIONS,
    customers: Array.from({ length: CUSTOMERS }, (_, index) => customerOf(draw, index)),
    gamma: wad(TABLE_TWO.gamma),
    lambdaMin: wad(12),
    lambdaMax: wad(250),
    ceiling: wad(60),
    alpha: { first: wad(ALPHA), least: wad(7000), most: wad(14_000) },
    c: { first: wad(FIRST_C), least: wad(60), most: wad(160) },
    reactivity: 2500n,
    turnover: 16_000n,
  };
}

function customerOf(draw: Draw, index: number): Customer {
  return {
    dMin: wad(draw.integer(`customer/${index}/dMin`, 60, 150)),
    maxPrice: wad(draw.integer(`customer/${index}/maxPrice`, 60, 200)),
    needs: (period) => BigInt(draw.integer(`customer/${index}/period/${period}`, 0, 2 ** 40)),
  };
}
