import type { ContractTransactionReceipt, LogDescription } from "ethers";
import type { MarketClearing } from "../../types/ethers-contracts/index.js";
import { chainErrorOf } from "../chainError.js";
import { mined } from "../transaction.js";
import { clearingRoundOf } from "./clearingRound.js";

/** Bids of one transaction by default: well within a block's gas, with any offers. */
const BIDS_AT_ONCE = 20;

/** An order that the market refused: what it would have cost is refunded. */
export interface RefusedOrder {
  readonly dataset: number;
  /** Records. */
  readonly amount: number;
  /** The name of the market's error; its data if it is none of ours. */
  readonly error: string;
}

/** What became of a bid. */
export interface SettledBid {
  /** The bid's number. */
  readonly index: number;
  /** The bidder's professional number. */
  readonly bidder: number;
  /** Ordered in full, or in part, or left out by the price, or refused by the market altogether. */
  readonly outcome: "filled" | "partly filled" | "left out" | "failed";
  /** Records ordered. */
  readonly amount: number;
  /** Paid for them, in wei of coin; the rest of the escrow is refunded. */
  readonly payment: bigint;
  /** The numbers of the orders in the market. */
  readonly orders: readonly number[];
  /** The orders that the market did not take. */
  readonly refused: readonly RefusedOrder[];
}

/**
 * Settles all bids of a cleared round that are not settled yet, in as many transactions as it takes. Anyone may.
 *
 * @param round its number.
 * @param bidsAtOnce how many bids a transaction settles, 1 to 65,535.
 * @returns what became of each, in order of number.
 * @throws {ChainError} if the clearing refuses, what came before is done; {@link RoundUnknown}.
 */
export async function settleRound(
  clearing: MarketClearing,
  round: number,
  bidsAtOnce: number = BIDS_AT_ONCE,
): Promise<SettledBid[]> {
  const { bids, settled } = await clearingRoundOf(clearing, round);
  const outcomes: SettledBid[] = [];
  for (let next = settled; next < bids.length; next += bidsAtOnce) {
    const { receipt } = await mined(clearing, () => clearing.settle(round, bidsAtOnce));
    outcomes.push(...outcomesIn(clearing, receipt));
  }
  return outcomes;
}

function outcomesIn(clearing: MarketClearing, receipt: ContractTransactionReceipt): SettledBid[] {
  const events = receipt.logs.flatMap((log) => clearing.interface.parseLog(log) ?? []);
  const refusals = events.filter(({ name }) => name === "OrderRefused");
  const settled = events.filter(({ name }) => name === "BidFilled" || name === "BidLeftOut");
  return settled.map(({ name, args }) => {
    const refused = refusals.filter(({ args: { index } }) => index === args.index).map(refusedOrder);
    const { index, bidder, amount = 0n, payment = 0n, orders = [] } = args.toObject();
    return {
      index: Number(index),
      bidder: Number(bidder),
      outcome: name === "BidLeftOut" ? "left out" : outcomeOf(Number(amount), refused),
      amount: Number(amount),
      payment: BigInt(payment),
      orders: [...orders].map(Number),
      refused,
    };
  });
}

function refusedOrder({ args }: LogDescription): RefusedOrder {
  const { dataset, amount, reason } = args.toObject();
  return { dataset: Number(dataset), amount: Number(amount), error: chainErrorOf(reason)?.errorName ?? String(reason) };
}

function outcomeOf(amount: number, refused: readonly RefusedOrder[]): SettledBid["outcome"] {
  if (refused.length === 0) return "filled";
  return amount === 0 ? "failed" : "partly filled";
}
