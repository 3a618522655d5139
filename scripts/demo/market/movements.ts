import { getAddress, type Result, ZeroAddress } from "ethers";
import { unpackRecord } from "../../../src/records/indexedRecord.js";
import type { Consortium } from "../consortium.js";
import { blocksOf, type Span } from "./ledger.js";

/** Coin of one account that an event tells of, in wei. */
type Movement = readonly [account: string, delta: bigint];

interface Told {
  readonly event: string;
  readonly args: Result;
  readonly transaction: string;
}

/** What the contracts' events say that each account gained or lost, by checksummed address. Without what comes to 0. */
export async function toldChanges(consortium: Consortium, span: Span): Promise<Map<string, bigint>> {
  const events = await eventsIn(consortium, span);
  const narrator = new Narrator(consortium, events);
  const movements = (await Promise.all(events.map((event) => narrator.movementsOf(event)))).flat();
  const sums = new Map<string, bigint>();
  for (const [account, delta] of movements) sums.set(account, (sums.get(account) ?? 0n) + delta);
  return new Map([...sums].filter(([, delta]) => delta !== 0n));
}

async function eventsIn({ contracts, provider }: Consortium, span: Span): Promise<Told[]> {
  const { dataMarket, datasetRegistry, marketClearing, medicalCoin } = contracts;
  const told = [dataMarket, datasetRegistry, marketClearing, medicalCoin].map(async (contract) => {
    const logs = await provider.getLogs({ address: await contract.getAddress(), ...blocksOf(span) });
    return logs.flatMap((log) => {
      const parsed = contract.interface.parseLog(log);
      return parsed ? [{ event: parsed.name, args: parsed.args, transaction: log.transactionHash }] : [];
    });
  });
  return (await Promise.all(told)).flat();
}

/** Reads the market's events as payments from one to another. Of the coin's own events it believes only what an operator mints. */
class Narrator {
  readonly #consortium: Consortium;
  readonly #clearedOrders: ReadonlySet<bigint>;
  readonly #rewards: ReadonlySet<string>;

  constructor(consortium: Consortium, events: readonly Told[]) {
    this.#consortium = consortium;
    const filled = events.filter(({ event }) => event === "BidFilled");
    this.#clearedOrders = new Set(filled.flatMap(({ args }) => [...args.orders]));
    const rewards = events.filter(({ event }) => event === "SharingRewardClaimed");
    this.#rewards = new Set(rewards.map(({ transaction }) => transaction));
  }

  async movementsOf({ event, args, transaction }: Told): Promise<Movement[]> {
    const { accountCenter, dataMarket, marketClearing } = this.#consortium.contracts;
    const [market, clearing] = await Promise.all([dataMarket.getAddress(), marketClearing.getAddress()]);
    switch (event) {
      case "Transfer":
        // The rewards' coin is told of by their own event.
        return args.from === ZeroAddress && !this.#rewards.has(transaction) ? this.#emitted([args.to, args.value]) : [];
      case "SharingRewardClaimed":
        return this.#emitted(...(await this.#creators(args)), [await this.#provider(args), args.institution]);
      case "OrderPlaced":
        return paid(
          this.#clearedOrders.has(args.order) ? clearing : args.buyer,
          market,
          BigInt(args.price) * BigInt(args.amount),
        );
      case "EscrowRefunded":
        return paid(market, args.buyer, args.amount);
      case "ShareClaimed":
        return (await this.#creators(args)).flatMap(([account, amount]) => paid(market, account, amount));
      case "IncomeClaimed":
        return paid(market, args.wallet, args.amount);
      case "BidPlaced":
        return paid(await accountCenter.professionalWallet(args.bidder), clearing, args.escrow);
      case "RefundClaimed":
        return paid(clearing, args.wallet, args.amount);
      default:
        return [];
    }
  }

  async #emitted(...movements: Movement[]): Promise<Movement[]> {
    const coin = await this.#consortium.contracts.medicalCoin.getAddress();
    return movements.flatMap(([account, amount]) => paid(coin, account, amount));
  }

  /** A record's patient and doctor, each with the event's part. */
  async #creators(args: Result): Promise<Movement[]> {
    const { patient, doctor } = await this.#record(args);
    const wallet = await this.#consortium.contracts.accountCenter.professionalWallet(doctor);
    return [
      [patient, args.patient],
      [wallet, args.doctor],
    ];
  }

  async #provider(args: Result): Promise<string> {
    const { institution } = await this.#record(args);
    return this.#consortium.contracts.accountCenter.institutionWallet(institution);
  }

  async #record({ recordId }: Result) {
    return unpackRecord(BigInt(await this.#consortium.contracts.recordRegistry.records(recordId)));
  }
}

function paid(from: string, to: string, amount: bigint): Movement[] {
  return [
    [getAddress(from), -amount],
    [getAddress(to), amount],
  ];
}
