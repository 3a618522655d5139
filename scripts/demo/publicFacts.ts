import type { Interface, JsonRpcProvider, Log, ParamType, Result, TransactionResponse } from "ethers";
import { dataSlice, getAddress, isHexString, toBeHex, ZeroAddress } from "ethers";
import type { Healthchain } from "../../ignition/deploy.js";
import { unpackAccount } from "../../src/accounts/certifiedAccount.js";
import { unpackRecord } from "../../src/records/indexedRecord.js";
import { unpackGrant } from "../../src/records/terms.js";

/** What anybody can read of the chain, fact by fact: `where=value`. */
export type Facts = ReadonlyMap<string, ReadonlySet<string>>;

/** A contract as it is read: its interface, and how a word of its storage comes apart. */
interface Reader {
  readonly name: string;
  readonly abi: Interface;
  readonly unpack: (word: bigint) => object | undefined;
}

/** What a transaction changed, contract by contract. */
interface Changes {
  readonly post: Readonly<Record<string, { readonly storage?: Readonly<Record<string, string>> }>>;
}

/** One value of a transaction, an event or a storage slot, and where it stands. */
type Value = readonly [where: string, value: string];

/**
 * Every fact that the chain tells about each wallet: all arguments of every transaction that names it, its records or its grants, all
 * events and all storage that those wrote.
 *
 * @param wallets the wallets of interest, checksummed
 */
export async function factsOf(
  provider: JsonRpcProvider,
  contracts: Healthchain,
  wallets: ReadonlySet<string>,
): Promise<Facts> {
  const readers = await readersOf(contracts);
  const collector = new Collector(wallets);
  const last = await provider.getBlockNumber();
  for (let number = 0; number <= last; number += 1) {
    const block = await provider.getBlock(number, true);
    for (const transaction of block?.prefetchedTransactions ?? []) {
      const reader = readers.get(getAddress(transaction.to ?? ZeroAddress));
      if (reader) await readTransaction(provider, readers, reader, transaction, collector);
    }
  }
  return collector.facts;
}

async function readersOf(contracts: Healthchain): Promise<ReadonlyMap<string, Reader>> {
  const unpackers: Partial<Record<keyof Healthchain, Reader["unpack"]>> = {
    accountCenter: (word) => (word >> 96n === 0n ? unpackAccount(word) : undefined),
    recordRegistry: unpackRecord,
    consentRegistry: unpackGrant,
  };
  const readers = Object.entries(contracts).map(async ([name, contract]) => {
    const unpack = unpackers[name as keyof Healthchain] ?? (() => undefined);
    return [await contract.getAddress(), { name, abi: contract.interface, unpack }] as const;
  });
  return new Map(await Promise.all(readers));
}

async function readTransaction(
  provider: JsonRpcProvider,
  readers: ReadonlyMap<string, Reader>,
  reader: Reader,
  transaction: TransactionResponse,
  collector: Collector,
): Promise<void> {
  const call = reader.abi.parseTransaction(transaction);
  const receipt = await provider.getTransactionReceipt(transaction.hash);
  if (!call || !receipt) return;
  const sender: Value = [`${call.name}.sender`, transaction.from];
  const events = receipt.logs.map((log) => eventValues(readers, log));
  const { common, items } = argumentsOf(call.name, call.args, call.fragment.inputs);
  if (items.length > 0) {
    // A batch: what is said of one record is no fact about the others.
    for (const item of items) collector.add([sender, ...common, ...item]);
    for (const event of events) collector.add(event);
    return;
  }
  const storage = await storageValues(provider, readers, transaction.hash);
  collector.add([sender, ...common, ...events.flat(), ...storage]);
}

function argumentsOf(name: string, args: Result, inputs: readonly ParamType[]): { common: Value[]; items: Value[][] } {
  const common: Value[] = [];
  const items: Value[][] = [];
  for (const [index, input] of inputs.entries()) {
    const where = `${name}.${input.name}`;
    const { arrayChildren: child } = input;
    if (!child || !isBatch(input)) {
      common.push(...flatten(where, args[index], input));
      continue;
    }
    // What several lists say at one place is said of one record.
    for (const [place, item] of [...args[index]].entries()) {
      items[place] = [...(items[place] ?? []), ...flatten(where, item, child)];
    }
  }
  return { common, items };
}

/** Whether an argument lists records: whole structs, or their ids or grant keys. */
function isBatch({ name, arrayChildren }: ParamType): boolean {
  return Boolean(arrayChildren?.components) || name === "ids" || name === "keys";
}

/** A value, or the values of a struct by the names of its fields. */
function flatten(where: string, value: unknown, type: ParamType): Value[] {
  if (!type.components) return [[where, String(value)]];
  return type.components.flatMap((field, index) => flatten(`${where}.${field.name}`, (value as Result)[index], field));
}

function eventValues(readers: ReadonlyMap<string, Reader>, log: Log): Value[] {
  const event = readers.get(getAddress(log.address))?.abi.parseLog(log);
  if (!event) return log.topics.map((topic, index) => [`topic${index}`, topic]);
  return event.fragment.inputs.flatMap((input, index) =>
    flatten(`${event.name}.${input.name}`, event.args[index], input),
  );
}

/** Every word that the transaction changed, whole and in its fields. */
async function storageValues(
  provider: JsonRpcProvider,
  readers: ReadonlyMap<string, Reader>,
  hash: string,
): Promise<Value[]> {
  const tracer = { tracer: "prestateTracer", tracerConfig: { diffMode: true, disableCode: true } };
  const { post } = (await provider.send("debug_traceTransaction", [hash, tracer])) as Changes;
  return Object.entries(post).flatMap(([address, { storage = {} }]) => {
    const reader = readers.get(getAddress(address));
    return reader === undefined ? [] : Object.values(storage).flatMap((word) => wordValues(reader, BigInt(word)));
  });
}

function wordValues(reader: Reader, word: bigint): Value[] {
  const fields = Object.entries(fieldsOf(reader, word));
  const unpacked = fields.map(([field, value]): Value => [`${reader.name}.storage.${field}`, String(value)]);
  return [[`${reader.name}.storage`, toBeHex(word, 32)], ...unpacked];
}

/** A word may be of another kind than the contract's main one; then it is taken whole only. */
function fieldsOf(reader: Reader, word: bigint): object {
  try {
    return reader.unpack(word) ?? {};
  } catch {
    return {};
  }
}

/** Gives facts to the wallets that they are about; learns on the way which ids and keys stand for which wallet. */
class Collector {
  readonly facts = new Map<string, Set<string>>();
  readonly #standsFor = new Map<string, string>();

  constructor(wallets: ReadonlySet<string>) {
    for (const wallet of wallets) {
      this.#standsFor.set(wallet, wallet);
      this.facts.set(wallet, new Set());
    }
  }

  add(values: readonly Value[]): void {
    const about = new Set(values.flatMap(([, value]) => this.#walletIn(value) ?? []));
    for (const wallet of about) {
      for (const [where, value] of values) {
        // An order has an id too, but a number that many things have.
        if (about.size === 1 && /\.(id|key)$/.test(where) && isHexString(value, 32)) this.#standsFor.set(value, wallet);
        this.facts.get(wallet)?.add(`${where}=${value}`);
      }
    }
  }

  /** The wallet that a value is, stands for, or holds in its lowest 160 bits. */
  #walletIn(value: string): string | undefined {
    const direct = this.#standsFor.get(value);
    if (direct || !/^\d{30,}$/.test(value)) return direct;
    return this.#standsFor.get(getAddress(dataSlice(toBeHex(BigInt(value), 32), 12)));
  }
}
