import type { DataMarket } from "../../types/ethers-contracts/index.js";
import type { RoleCode } from "../accounts/role.js";
import { receiptEvent } from "../consensus/receiptEvent.js";
import { type Mined, mined } from "../transaction.js";

/** The numbers of eq. (2) that the market takes for the consumers of a role. */
export interface ConsumerNumbers {
  /** In WAD of coin, below 2^88. */
  readonly alpha: bigint;
  /** In WAD of records, below 2^80; above 0. */
  readonly c: bigint;
}

/** Between what the numbers move, as {@link ConsumerNumbers}; `cMin` above 0. */
export interface NumberBounds {
  readonly alphaMin: bigint;
  readonly alphaMax: bigint;
  readonly cMin: bigint;
  readonly cMax: bigint;
}

/** Who wants what. */
export interface NumbersSubject {
  /** The record class, 24 to 31. */
  readonly dataClass: number;
  /** A role that buys: Researcher, Company, Insurer. */
  readonly role: RoleCode;
}

/** What is published, and what moves it. */
export interface PublishedNumbers extends ConsumerNumbers, NumberBounds {
  /** When they were published or last moved, in seconds since 1970: `demand` and `orders` count from there. */
  readonly since: number;
  /** Records in the orders that were released since then. */
  readonly demand: number;
  /** Orders that were released since then. */
  readonly orders: number;
}

/** What is published for a class and a role; undefined if nothing is. @throws what the node throws. */
export async function numbersOf(
  market: DataMarket,
  { dataClass, role }: NumbersSubject,
): Promise<PublishedNumbers | undefined> {
  const [{ alpha, c, since, demand, orders }, bounds] = await Promise.all([
    market.numbersOf(dataClass, role),
    market.numberBoundsOf(dataClass, role),
  ]);
  if (c === 0n) return undefined;
  const { alphaMin, alphaMax, cMin, cMax } = bounds;
  const counted = { since: Number(since), demand: Number(demand), orders: Number(orders) };
  return { alpha, c, alphaMin, alphaMax, cMin, cMax, ...counted };
}

/**
 * Publishes numbers and their bounds for a class and a role. The market's runner is an operator of the consortium.
 *
 * @throws {ChainError} if the market refuses: not an operator, or numbers that do not fit.
 */
export function publishNumbers(
  market: DataMarket,
  { dataClass, role }: NumbersSubject,
  { alpha, c, alphaMin, alphaMax, cMin, cMax }: ConsumerNumbers & NumberBounds,
): Promise<Mined> {
  const bounds = { alphaMin, alphaMax, cMin, cMax };
  return mined(market, () => market.publishNumbers(dataClass, role, alpha, c, bounds));
}

/** Numbers that were moved by the demand. */
export interface AdvancedNumbers extends Mined, ConsumerNumbers {
  /** The market period in which they moved. */
  readonly period: number;
}

/**
 * Moves the published numbers by the demand since they last moved, by at most an eighth. Anyone may, a period's length later.
 *
 * @throws {ChainError} if the market refuses: nothing published, or moved less than a period's length ago.
 */
export async function advanceNumbers(
  market: DataMarket,
  { dataClass, role }: NumbersSubject,
): Promise<AdvancedNumbers> {
  const { receipt } = await mined(market, () => market.advanceNumbers(dataClass, role));
  const { args } = await receiptEvent(market, receipt, "NumbersPublished");
  const period = Number(args.period);
  return { period, alpha: BigInt(String(args.alpha)), c: BigInt(String(args.c)), receipt };
}

/** A ceiling that was moved by the demand. */
export interface AdvancedCeiling extends Mined {
  /** The market period in which it moved. */
  readonly period: number;
  /** In wei of coin a record. */
  readonly ceiling: bigint;
}

/**
 * Moves the ceiling of a dataset's price by the demand since it last moved, by at most an eighth. Anyone may, a period's
 * length later; the first time begins the count where no sale did.
 *
 * @throws {ChainError} if the market refuses: not on sale, or moved less than a period's length ago.
 */
export async function advanceCeiling(market: DataMarket, dataset: number): Promise<AdvancedCeiling> {
  const { receipt } = await mined(market, () => market.advanceCeiling(dataset));
  const { args } = await receiptEvent(market, receipt, "CeilingMoved");
  return { period: Number(args.period), ceiling: BigInt(String(args.ceiling)), receipt };
}
