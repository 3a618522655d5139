/** Where an order stands, as `contracts/market/Order.sol` numbers it. */
export const OrderState = { None: 0, Ordered: 1, Delivered: 2, Disputed: 3, Released: 4, Refunded: 5 } as const;

export type OrderStateName = keyof typeof OrderState;

/** The number is no state of an order. */
export class InvalidOrderState extends Error {
  override readonly name = "InvalidOrderState";

  constructor(code: number | bigint) {
    super(`An order has no state ${code}: give 0 (None) to 5 (Refunded), and check that contract and library fit.`);
  }
}

/**
 * The name of an order's state.
 *
 * @param code 0 to 5; a bigint as contracts return it is fine.
 * @throws {InvalidOrderState}
 */
export function orderStateName(code: number | bigint): OrderStateName {
  const names = Object.keys(OrderState) as OrderStateName[];
  const name = names.find((candidate) => OrderState[candidate] === Number(code));
  if (name === undefined) throw new InvalidOrderState(code);
  return name;
}
