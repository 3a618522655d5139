import { readFileSync } from "node:fs";
import { parseUnits } from "ethers";
import fc from "fast-check";
import { demandAt, PRICING_LIMIT, type PricingTerms, type Regime, WAD } from "../../src/market/pricing.js";

interface Vector {
  readonly id: number;
  readonly tag: string;
  readonly inputs: PricingTerms;
  /** In units, with 40 digits. */
  readonly outputs: {
    readonly regime: Regime;
    readonly lambda: string;
    readonly d: string;
    readonly rL: string;
    readonly rF: string;
    readonly welfare: string;
    readonly firstBestD: string;
    readonly firstBestWelfare: string;
  };
  readonly extra: {
    readonly tieMarginRel: string | null;
    readonly dTolWei: string;
    readonly reservationPriceU0: string;
  };
}

type Stored<Case> = Omit<Case, "inputs"> & { readonly inputs: Readonly<Record<keyof PricingTerms, string>> };

/** The exact results, see `test/data/pricing/README.md`. */
export const vectors = read<Vector>("vectors.json");

/** Terms that are no game. */
export const invalid = read<{ readonly tag: string; readonly inputs: PricingTerms }>("invalid_inputs.json");

function read<Case extends { readonly inputs: PricingTerms }>(file: string) {
  const text = readFileSync(new URL(`../data/pricing/${file}`, import.meta.url), "utf8");
  const { cases }: { readonly cases: readonly Stored<Case>[] } = JSON.parse(text);
  return cases.map((stored) => ({ ...stored, inputs: termsOf(stored.inputs) }));
}

function termsOf({
  alpha,
  c,
  dMin,
  gamma,
  lambdaMin,
  lambdaMax,
}: Readonly<Record<keyof PricingTerms, string>>): PricingTerms {
  return {
    alpha: BigInt(alpha),
    c: BigInt(c),
    dMin: BigInt(dMin),
    gamma: BigInt(gamma),
    lambdaMin: BigInt(lambdaMin),
    lambdaMax: BigInt(lambdaMax),
  };
}

/** A decimal number of units in wei, cut after the 18th digit. */
export function wei(units: string): bigint {
  return parseUnits(/^-?\d+(\.\d{1,18})?/.exec(units)?.[0] ?? "", 18);
}

/** Table II's provider, and a consumer for whom the price of eq. (15) exists. */
export const TABLE_TWO = inUnits({ alpha: 10_500, c: 300, dMin: 200, gamma: 10, lambdaMin: 10, lambdaMax: 1000 });

/** Terms of whole coins and records. */
export function inUnits(units: Readonly<Record<keyof PricingTerms, number>>): PricingTerms {
  const wad = (value: number) => BigInt(value) * WAD;
  return {
    alpha: wad(units.alpha),
    c: wad(units.c),
    dMin: wad(units.dMin),
    gamma: wad(units.gamma),
    lambdaMin: wad(units.lambdaMin),
    lambdaMax: wad(units.lambdaMax),
  };
}

/** From 1 to the largest input, of any order of magnitude. */
export const anyInput = fc
  .tuple(fc.bigInt(0n, PRICING_LIMIT), fc.integer({ min: 0, max: 119 }))
  .map(([value, shift]) => (value >> BigInt(shift)) | 1n);

/** Terms of any order of magnitude each. */
const anyTerms = fc
  .record({
    alpha: fc.oneof(anyInput, fc.constant(0n)),
    c: anyInput,
    dMin: anyInput,
    prices: fc.array(anyInput, three()),
  })
  .map(({ prices, ...consumer }) => ({ ...consumer, ...priced(prices) }));

/**
 * Terms whose bounds are at, or a wei beside, the prices where the game turns: eq. (15)'s, the kink above which the
 * consumer takes only dMin, and the price above the kink that earns as much as eq. (15)'s.
 */
const turningTerms = fc
  .record({
    consumer: fc.record({ alpha: anyInput, c: anyInput, dMin: anyInput }),
    gamma: anyInput,
    picks: fc.array(fc.tuple(fc.integer({ min: 0, max: 4 }), fc.bigInt(-1n, 1n)), { minLength: 2, maxLength: 2 }),
  })
  .map(({ consumer, gamma, picks }) => {
    const { alpha, dMin } = consumer;
    const c = consumer.c > dMin ? consumer.c : consumer.c + dMin;
    const interior = root((gamma * alpha * WAD) / (c - dMin));
    const kink = (alpha * WAD) / c;
    const price = between(gamma, interior);
    const even = gamma + ((price - gamma) * demandAt({ alpha, c, dMin }, price)) / dMin;
    const turns = [gamma, interior, kink, even, PRICING_LIMIT];
    const prices = picks.map(([turn, beside]) => between(gamma, (turns[turn] ?? gamma) + beside));
    return { alpha, c: between(1n, c), dMin, ...priced([gamma, ...prices]) };
  });

/** Terms of a game, hostile ones among them. */
export const game: fc.Arbitrary<PricingTerms> = fc.oneof(anyTerms, turningTerms);

function three() {
  return { minLength: 3, maxLength: 3 };
}

function priced(prices: readonly bigint[]) {
  const [gamma = 1n, lambdaMin = gamma, lambdaMax = lambdaMin] = prices.toSorted((a, b) => (a < b ? -1 : 1));
  return { gamma, lambdaMin, lambdaMax };
}

/** The value, or the least or the largest input. */
function between(least: bigint, value: bigint): bigint {
  if (value < least) return least;
  return value < PRICING_LIMIT ? value : PRICING_LIMIT;
}

/** The square root rounded down, bit by bit. */
export function root(square: bigint): bigint {
  let found = 0n;
  for (let bit = 1n << 180n; bit > 0n; bit >>= 1n) {
    if ((found + bit) ** 2n <= square) found += bit;
  }
  return found;
}
