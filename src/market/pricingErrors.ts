const inWei = "Numbers of the pricing game are in wei (1e18 is one)";

/** alpha is negative. */
export class PricingAlphaInvalid extends Error {
  override readonly name = "PricingAlphaInvalid";

  constructor(readonly alpha: bigint) {
    super(`alpha is ${alpha}: give 0 or more. ${inWei}.`);
  }
}

/** The consumer's cost is not positive. */
export class PricingCostInvalid extends Error {
  override readonly name = "PricingCostInvalid";

  constructor(readonly c: bigint) {
    super(`The consumer's cost c is ${c}: give at least 1. ${inWei}.`);
  }
}

/** The least amount is not positive. */
export class PricingDemandInvalid extends Error {
  override readonly name = "PricingDemandInvalid";

  constructor(readonly dMin: bigint) {
    super(`The least amount dMin is ${dMin}: give at least 1. ${inWei}.`);
  }
}

/** The provider's cost is not positive. */
export class PricingGammaInvalid extends Error {
  override readonly name = "PricingGammaInvalid";

  constructor(readonly gamma: bigint) {
    super(`The provider's cost gamma is ${gamma}: give at least 1. ${inWei}.`);
  }
}

/** The least price does not cover the provider's cost. */
export class PricingFloorInvalid extends Error {
  override readonly name = "PricingFloorInvalid";

  constructor(
    readonly lambdaMin: bigint,
    readonly gamma: bigint,
  ) {
    super(`The least price ${lambdaMin} is below the cost ${gamma}: raise lambdaMin to at least gamma. ${inWei}.`);
  }
}

/** The greatest price is below the least. */
export class PricingCeilingInvalid extends Error {
  override readonly name = "PricingCeilingInvalid";

  constructor(
    readonly lambdaMax: bigint,
    readonly lambdaMin: bigint,
  ) {
    super(`The greatest price ${lambdaMax} is below the least, ${lambdaMin}: give lambdaMin <= lambdaMax. ${inWei}.`);
  }
}

/** An input is larger than the contract's arithmetic is exact for. */
export class PricingInputTooLarge extends Error {
  override readonly name = "PricingInputTooLarge";

  constructor(
    readonly value: bigint,
    readonly limit: bigint,
  ) {
    super(`${value} is above ${limit}, the largest number that the pricing game takes. ${inWei}.`);
  }
}

/** The consumer takes more than there is at any price up to the greatest. */
export class SupplyInsufficient extends Error {
  override readonly name = "SupplyInsufficient";

  constructor(
    readonly supply: bigint,
    readonly needed: bigint,
  ) {
    super(`There are ${supply} of ${needed}: lower dMin, raise lambdaMax, or wait for more records. ${inWei}.`);
  }
}

/** The consumer pays less than the least price. */
export class NoTrade extends Error {
  override readonly name = "NoTrade";

  constructor(
    readonly maxPrice: bigint,
    readonly lambdaMin: bigint,
  ) {
    super(
      `The maximum price ${maxPrice} is below the least price: offer at least ${lambdaMin}, or stay out. ${inWei}.`,
    );
  }
}

/** There is no logarithm of what is not positive. */
export class LogarithmUndefined extends Error {
  override readonly name = "LogarithmUndefined";

  constructor(readonly x: bigint) {
    super(`There is no logarithm of ${x}: give an amount d >= dMin, and a cost c of at least 1. ${inWei}.`);
  }
}
