import type { Quoter } from "../../types/ethers-contracts/index.js";
import { withChainErrors } from "../chainError.js";
import { type Equilibrium, type PricingTerms, REGIMES } from "./pricing.js";

/** The contract answers with a regime that this library does not know. */
export class RegimeUnknown extends Error {
  override readonly name = "RegimeUnknown";

  constructor(code: bigint) {
    super(`The contract answers with the regime ${code}, and there are 0 to 3: check that contract and library fit.`);
  }
}

/** An equilibrium with what it costs. */
export interface PricedEquilibrium extends Equilibrium {
  /** `lambda d`, in wei of coin, rounded up. */
  readonly payment: bigint;
}

/**
 * The equilibrium of the pricing game as the chain computes it, from `Quoter`, without a transaction.
 *
 * @param terms in WAD, each from 0 to 2^256 - 1; the contract refuses those that are no game.
 * @throws {ChainError} with the contract's error, {@link RegimeUnknown}, and what the node throws.
 */
export async function chainEquilibrium(quoter: Quoter, terms: PricingTerms): Promise<PricedEquilibrium> {
  const { equilibrium, payment } = await withChainErrors(() => quoter.equilibriumOf({ ...terms }));
  const { lambda, d, regime } = equilibrium;
  return { lambda, d, payment, regime: regimeName(regime) };
}

/**
 * The name of a regime that a contract answers with.
 *
 * @throws {RegimeUnknown}
 */
export function regimeName(code: bigint): Equilibrium["regime"] {
  const name = REGIMES[Number(code)];
  if (name === undefined) throw new RegimeUnknown(code);
  return name;
}
