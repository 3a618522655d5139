import type { Provider } from "ethers";
import { type CertifiedAccount, isActiveAt, unpackAccount } from "../src/accounts/certifiedAccount.js";
import { type IndexedRecord, unpackRecord } from "../src/records/indexedRecord.js";
import {
  type AccountCenter,
  AccountCenter__factory,
  type ConsentRegistry,
  ConsentRegistry__factory,
  type DataMarket,
  DataMarket__factory,
  type RecordRegistry,
  RecordRegistry__factory,
} from "../types/ethers-contracts/index.js";

/** The chain that decides. */
export interface ChainOptions {
  /** Best with `cacheTimeout: -1`: otherwise ethers may take a block for the newest for a quarter of a second longer. */
  readonly provider: Provider;
  readonly addresses: {
    readonly accountCenter: string;
    readonly recordRegistry: string;
    readonly consentRegistry: string;
    /** Where orders are; without it nothing can be delivered. */
    readonly dataMarket?: string;
  };
  /** Which block is final: `latest` (default) where blocks are final at once, as on the consortium's engines. */
  readonly finality?: "latest" | "finalized";
  /**
   * How old the newest final block may be by the service's clock, in seconds above 0; older, and the node counts as down, for that
   * block's time decides whether a consent still holds. 600 by default; `Infinity` for a chain that makes blocks on demand only.
   */
  readonly maxBlockAge?: number;
  /** How long an answer may take, in milliseconds; 10,000 by default. */
  readonly timeout?: number;
}

const MAX_BLOCK_AGE = 600;

/** Thrown for options that no chain can be asked with. */
export class InvalidChainOptions extends Error {
  override readonly name = "InvalidChainOptions";
}

/** Thrown when the chain cannot be asked. Nothing is served then. */
export class ChainUnavailable extends Error {
  override readonly name = "ChainUnavailable";

  constructor(reason: string, options?: ErrorOptions) {
    super(`The chain cannot be asked (${reason}): nothing is served until it answers, try again later`, options);
  }
}

/** A block that everything of one decision is asked at. */
export interface FinalBlock {
  readonly number: number;
  /** Seconds since 1970. */
  readonly timestamp: number;
}

/** What the medical database asks the chain. Every method throws {@link ChainUnavailable}. */
export class ChainView {
  readonly chainId: bigint;
  readonly recordRegistryAddress: string;
  readonly consentRegistry: ConsentRegistry;
  readonly dataMarket: DataMarket | undefined;
  readonly provider: Provider;
  readonly #accountCenter: AccountCenter;
  readonly #recordRegistry: RecordRegistry;
  readonly #options: ChainOptions;

  private constructor(chainId: bigint, options: ChainOptions) {
    const { provider, addresses } = options;
    this.chainId = chainId;
    this.provider = provider;
    this.recordRegistryAddress = addresses.recordRegistry;
    this.consentRegistry = ConsentRegistry__factory.connect(addresses.consentRegistry, provider);
    this.dataMarket = addresses.dataMarket ? DataMarket__factory.connect(addresses.dataMarket, provider) : undefined;
    this.#accountCenter = AccountCenter__factory.connect(addresses.accountCenter, provider);
    this.#recordRegistry = RecordRegistry__factory.connect(addresses.recordRegistry, provider);
    this.#options = options;
  }

  /** @throws InvalidChainOptions, ChainUnavailable */
  static async open(options: ChainOptions): Promise<ChainView> {
    const { maxBlockAge = MAX_BLOCK_AGE } = options;
    if (!(maxBlockAge > 0)) {
      throw new InvalidChainOptions(`Give maxBlockAge in seconds, above 0 (Infinity for no bound), not ${maxBlockAge}`);
    }
    const network = await answered(options, options.provider.getNetwork());
    return new ChainView(network.chainId, options);
  }

  /** The newest final block. */
  async finalBlock(now: Date): Promise<FinalBlock> {
    const { provider, finality = "latest", maxBlockAge = MAX_BLOCK_AGE } = this.#options;
    const block = await this.ask(provider.getBlock(finality));
    if (block === null) throw new ChainUnavailable("it has no final block yet");
    const age = Math.round(now.getTime() / 1000 - block.timestamp);
    if (age > maxBlockAge) {
      throw new ChainUnavailable(`its newest final block is ${age} seconds old, a consent may have ended since`);
    }
    return { number: block.number, timestamp: block.timestamp };
  }

  /** What the account center says of a wallet at a block, and whether its certificate holds then. */
  async accountOf(wallet: string, block: FinalBlock): Promise<CertifiedAccount & { readonly active: boolean }> {
    const word = await this.ask(this.#accountCenter.accounts(wallet, { blockTag: block.number }));
    const account = unpackAccount(word);
    return { ...account, active: isActiveAt(account, block.timestamp) };
  }

  /** The current wallet of an institution. */
  async institutionWallet(institution: number, block: FinalBlock): Promise<string> {
    const entry = await this.ask(this.#accountCenter.institutionOf(institution, { blockTag: block.number }));
    return entry.wallet;
  }

  /** What the registry knows of a record; its state is `None` for an unknown id. */
  async recordOf(recordId: string, block: FinalBlock): Promise<IndexedRecord> {
    return unpackRecord(await this.ask(this.#recordRegistry.records(recordId, { blockTag: block.number })));
  }

  /** Waits for an answer, but not for ever: a provider retries silently while its node is down. */
  ask<T>(answer: Promise<T>): Promise<T> {
    return answered(this.#options, answer);
  }
}

async function answered<T>({ timeout = 10_000 }: ChainOptions, answer: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new ChainUnavailable("it does not answer")), timeout);
  try {
    return await Promise.race([answer, late.promise]);
  } catch (error) {
    if (error instanceof ChainUnavailable) throw error;
    throw new ChainUnavailable("it answers with an error", { cause: error });
  } finally {
    clearTimeout(timer);
  }
}
