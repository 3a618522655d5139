import { LogarithmUndefined } from "./pricingErrors.js";

/** The quotient rounded up, of a dividend that is not negative and a positive divisor. */
export function ceilDiv(dividend: bigint, divisor: bigint): bigint {
  return (dividend + divisor - 1n) / divisor;
}

/** The square root rounded up, of a number that is not negative. */
export function sqrtUp(square: bigint): bigint {
  if (square === 0n) return 0n;
  const root = sqrtDown(square);
  return root * root < square ? root + 1n : root;
}

/** Newton's iteration: from any start above the root it falls, and stops falling at the root rounded down. */
function sqrtDown(square: bigint): bigint {
  let root = 1n << BigInt((bitLength(square) + 1) >> 1);
  for (;;) {
    const next = (root + square / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}

/**
 * The natural logarithm in WAD, of a WAD from 1 to 2^255 - 1. It is solady's `lnWad`, step by step, so that the result is
 * the contract's in every bit: a quotient of two polynomials on [1, 2), after the powers of two are taken out.
 *
 * @throws {LogarithmUndefined} if x is 0 or less.
 */
export function lnWad(x: bigint): bigint {
  if (x <= 0n) throw new LogarithmUndefined(x);
  const exponent = BigInt(bitLength(x) - 1);
  // 1 to 2, as a number with 96 bits behind the point.
  const m = exponent > 96n ? x >> (exponent - 96n) : x << (96n - exponent);
  const ratio = numerator(m) / denominator(m);
  return (ratio * SCALE + LN_2 * (exponent - 96n) + LN_UNIT) >> 174n;
}

const BITS = 96n;
const SCALE = 1677202110996718588342820967067443963516166n;
/** ln(2) * 5^18 * 2^192. */
const LN_2 = 16597577552685614221487285958193947469193820559219878177908093499208371n;
/** ln(2^96 / 10^18) * 5^18 * 2^192. */
const LN_UNIT = 600920179829731861736702779321621459595472258049074101567377883020018308n;

function numerator(m: bigint): bigint {
  let p = m + 3273285459638523848632254066296n;
  p = ((p * m) >> BITS) + 24828157081833163892658089445524n;
  p = ((p * m) >> BITS) + 43456485725739037958740375743393n;
  p = ((p * m) >> BITS) - 11111509109440967052023855526967n;
  p = ((p * m) >> BITS) - 45023709667254063763336534515857n;
  p = ((p * m) >> BITS) - 14706773417378608786704636184526n;
  return p * m - (795164235651350426258249787498n << BITS);
}

function denominator(m: bigint): bigint {
  let q = m + 5573035233440673466300451813936n;
  q = ((q * m) >> BITS) + 71694874799317883764090561454958n;
  q = ((q * m) >> BITS) + 283447036172924575727196451306956n;
  q = ((q * m) >> BITS) + 401686690394027663651624208769553n;
  q = ((q * m) >> BITS) + 204048457590392012362485061816622n;
  q = ((q * m) >> BITS) + 31853899698501571402653359427138n;
  return ((q * m) >> BITS) + 909429971244387300277376558375n;
}

function bitLength(value: bigint): number {
  return value.toString(2).length;
}
