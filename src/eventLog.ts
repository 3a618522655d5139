import type { BaseContract, BlockTag, EventFragment, Log } from "ethers";
import { decoded } from "./decoded.js";
import { blockAt, providerOf } from "./provider.js";

/** The blocks in which to look. */
export interface BlockRange {
  /** Default: the first. */
  readonly fromBlock?: BlockTag;
  /** Default: the newest. */
  readonly toBlock?: BlockTag;
}

/** One event of a contract. */
export interface LoggedEvent {
  /** The event's name in the contract's interface. */
  readonly event: string;
  /** Its arguments by name. */
  readonly args: Readonly<Record<string, unknown>>;
  /** Address of the contract. */
  readonly contract: string;
  readonly block: number;
  /** Place in the block. */
  readonly index: number;
  /** Hash of the transaction. */
  readonly transaction: string;
}

/** An event with its block's time. */
export interface TimedEvent extends LoggedEvent {
  /** In seconds since 1970. */
  readonly time: number;
}

/**
 * All events of a contract that have an indexed parameter `parameter` with this value, whatever their names.
 *
 * @throws {ProviderMissing}, and what the node throws.
 */
export async function eventsAbout(
  contract: BaseContract,
  parameter: string,
  value: string,
  { fromBlock = 0, toBlock = "latest" }: BlockRange = {},
): Promise<LoggedEvent[]> {
  const provider = providerOf(contract);
  const address = await contract.getAddress();
  const found = await Promise.all(
    eventsWith(contract, parameter).map((fragment) => {
      const values = fragment.inputs.map(({ name }) => (name === parameter ? value : null));
      const topics = contract.interface.encodeFilterTopics(fragment, values);
      return provider.getLogs({ address, topics, fromBlock, toBlock });
    }),
  );
  return found.flat().flatMap((log) => readLog(contract, log));
}

/**
 * The events in the order in which they happened, with the time of each block.
 *
 * @param contract any contract on their chain, for its node.
 * @throws {ProviderMissing}, {@link BlockUnknown}, and what the node throws.
 */
export async function inOrder(contract: BaseContract, events: readonly LoggedEvent[]): Promise<TimedEvent[]> {
  const provider = providerOf(contract);
  const numbers = [...new Set(events.map(({ block }) => block))];
  const blocks = await Promise.all(numbers.map((number) => blockAt(provider, number)));
  const times = new Map(blocks.map(({ number, timestamp }) => [number, timestamp]));
  return events
    .map((event) => ({ ...event, time: times.get(event.block) ?? 0 }))
    .sort((a, b) => a.block - b.block || a.index - b.index);
}

function eventsWith(contract: BaseContract, parameter: string): EventFragment[] {
  const events: EventFragment[] = [];
  contract.interface.forEachEvent((fragment) => {
    if (fragment.inputs.some(({ name, indexed }) => name === parameter && indexed)) events.push(fragment);
  });
  return events;
}

function readLog(contract: BaseContract, log: Log): LoggedEvent[] {
  const parsed = contract.interface.parseLog(log);
  if (parsed === null) return [];
  return [
    {
      event: parsed.name,
      args: decoded(parsed.args, parsed.fragment.inputs),
      contract: log.address,
      block: log.blockNumber,
      index: log.index,
      transaction: log.transactionHash,
    },
  ];
}
