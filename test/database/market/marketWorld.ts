import { expect } from "chai";
import type { Provider, Signer } from "ethers";
import {
  ChainView,
  type CollectedDelivery,
  type CollectOptions,
  collectDelivery,
  drawnRecords,
  type PreparedDelivery,
  prepareDelivery,
} from "../../../database/index.js";
import { Role } from "../../../src/accounts/role.js";
import { type DeliveryKeyPair, newDeliveryKeyPair } from "../../../src/market/hpke.js";
import { type OrderPlace, orderText } from "../../../src/market/seal.js";
import { grantConsent, revokeConsent } from "../../../src/records/consent.js";
import { grantKeyOf, institution, oneRecord } from "../../../src/records/grant.js";
import { DataClass, dataClassBits } from "../../../src/records/index.js";
import { PurposeOfUse, purposeBits } from "../../../src/records/purposeOfUse.js";
import { termsOf } from "../../../src/records/terms.js";
import type { DataMarket, DatasetRegistry } from "../../../types/ethers-contracts/index.js";
import { condition, tinyBundle, uuid, visit } from "../../records/tinyBundle.js";
import { World } from "../world.js";

const DAY = 86_400;
/** What is sold: neither laboratory nor anything else. */
const CLASSES = [DataClass.Encounter, DataClass.Conditions, DataClass.VitalSigns, DataClass.Demographics] as const;
const PRICE = 100n;

/** A patient's bundle with `visits` visits, each with a condition that began in a year of its own. */
export function bundleOfVisits(visits: number): Uint8Array {
  const more = Array.from({ length: visits - 2 }, (_, index) => {
    const id = uuid(100 + index);
    const date = `${2001 + index}-0${1 + (index % 9)}-15T09:00:00+00:00`;
    return [visit(id, date), condition(uuid(200 + index), id, { onsetDateTime: date })];
  });
  return tinyBundle(...more.flat());
}

/** The world of the medical database with a market on it: records of institution 1 are for sale to the researcher. */
export class MarketWorld {
  readonly world: World;
  readonly market: DataMarket;
  readonly datasets: DatasetRegistry;
  readonly bundle: Uint8Array;
  readonly records: readonly string[];

  private constructor(world: World, bundle: Uint8Array, records: string[]) {
    this.world = world;
    this.market = world.chain.dataMarket;
    this.datasets = world.chain.datasetRegistry;
    this.bundle = bundle;
    this.records = records;
  }

  /** Everything up to the sale: registered records, all with consent, in the first version of dataset 1. */
  static async create(visits: number): Promise<MarketWorld> {
    const world = await World.create();
    const bundle = bundleOfVisits(visits);
    const records = await world.ingest(bundle);
    await prepareMarket(world);
    const made = new MarketWorld(world, bundle, records);
    for (const id of records) {
      await world.register(id);
      await made.consent(id);
    }
    await made.list();
    await made.stock(1, records);
    return made;
  }

  get buyer(): Signer {
    return this.world.chain.researcher;
  }

  /** What the service asks the chain with, at a node of its own. */
  async chainView(provider: Provider = this.world.chain.connection.ethers.provider): Promise<ChainView> {
    const { accountCenter, recordRegistry, consentRegistry } = this.world.chain;
    return ChainView.open({
      provider,
      addresses: {
        accountCenter: await accountCenter.getAddress(),
        recordRegistry: await recordRegistry.getAddress(),
        consentRegistry: await consentRegistry.getAddress(),
        dataMarket: await this.market.getAddress(),
      },
    });
  }

  async consent(id: string): Promise<void> {
    const patient = await this.world.patientOf(id);
    await this.world.chain.fund(patient);
    const terms = termsOf({
      purposes: ["HMARKT", "HRESCH"],
      dataClasses: CLASSES,
      until: new Date(Date.now() + 30 * DAY * 1000),
    });
    await grantConsent(this.world.chain.consentRegistry.connect(patient), oneRecord(id), institution(1), terms);
  }

  async revoke(id: string): Promise<void> {
    const patient = await this.world.patientOf(id);
    await revokeConsent(this.world.chain.consentRegistry.connect(patient), oneRecord(id), institution(1));
  }

  async keyOf(id: string): Promise<string> {
    return grantKeyOf((await this.world.patientOf(id)).address, oneRecord(id), institution(1));
  }

  async list(): Promise<void> {
    await this.datasets.connect(this.world.chain.hospital).list({
      dataClass: DataClass.AmbulatoryRecord,
      weights: 1n,
      sectionClasses: dataClassBits(...CLASSES),
      purposes: purposeBits("HRESCH"),
      gamma: 1n,
      floor: 2n,
      lambdaMin: 10n,
      lambdaMax: PRICE,
      patientShare: 4_000,
      doctorShare: 1_000,
    });
  }

  /** Adds records to a dataset and puts them on sale. */
  async stock(dataset: number, ids: readonly string[]): Promise<void> {
    const provider = this.datasets.connect(this.world.chain.hospital);
    await provider.addRecords(dataset, [...ids], await Promise.all(ids.map((id) => this.keyOf(id))));
    await provider.openVersion(dataset);
  }

  /** The researcher orders; returns the order's number. */
  async order(amount: number, dataset = 1): Promise<number> {
    const { version } = await this.datasets.stockOf(dataset);
    const maxPayment = PRICE * BigInt(amount);
    const market = this.market.connect(this.buyer);
    await this.world.chain.medicalCoin.connect(this.buyer).approve(await market.getAddress(), maxPayment);
    await market.order({
      dataset,
      version,
      dMin: amount,
      purpose: PurposeOfUse.HRESCH,
      maxPrice: PRICE,
      maxPayment,
    });
    return Number(await market.orderCount());
  }

  async prepare(orderId: number, provider?: Provider): Promise<PreparedDelivery> {
    const now = new Date(Date.now() + this.world.ahead);
    return prepareDelivery({ database: this.world.database, chain: await this.chainView(provider), now }, orderId);
  }

  async deliver({ orderId, manifestRoot, delivered, exportedAt }: Omit<PreparedDelivery, "leaves">): Promise<void> {
    await this.market.connect(this.world.chain.hospital).deliver(orderId, manifestRoot, delivered, exportedAt);
  }

  /** Orders, prepares and delivers. */
  async sell(amount: number): Promise<PreparedDelivery> {
    const prepared = await this.prepare(await this.order(amount));
    await this.deliver(prepared);
    return prepared;
  }

  /** The buyer collects with a fresh key pair, unless another one is given. */
  async collect(
    orderId: number,
    options: Partial<CollectOptions> & { readonly signer?: Signer; readonly url?: string } = {},
  ): Promise<CollectedDelivery> {
    const { signer = this.buyer, url = this.world.service.url, ...rest } = options;
    const clock = () => new Date(Date.now() + this.world.ahead);
    const login = { url, institution: 1, signer, chainId: this.world.chain.chainId, clock };
    const keyPair: DeliveryKeyPair = options.keyPair ?? (await newDeliveryKeyPair("X25519"));
    const trusted = { market: this.market, registry: this.world.chain.recordRegistry };
    return collectDelivery({ login, ...trusted, orderId, keyPair, maxWait: 0, ...rest });
  }

  /** The records of an order, as anybody can draw them. */
  async draw(orderId: number): Promise<string[]> {
    const { version } = await this.market.orderOf(orderId);
    return [...(await drawnRecords(this.market, { order: orderId, dataset: 1, version: Number(version) })).keys()];
  }

  /** What an order is called where its delivery is kept. */
  async placeOf(orderId: number): Promise<OrderPlace> {
    return { chainId: this.world.chain.chainId, market: await this.market.getAddress(), orderId };
  }

  /** What the provider's file has of an order: its preparations. No record of another may be left over. */
  async preparations(orderId: number) {
    const { storage } = this.world.database;
    const all = await storage.selectFrom("deliveries").selectAll().execute();
    const stored = await storage.selectFrom("delivered_records").select("attempt").distinct().execute();
    expect(all.map(({ attempt }) => attempt)).to.include.members(stored.map(({ attempt }) => attempt));
    const name = orderText(await this.placeOf(orderId));
    return all.filter(({ order_text }) => order_text === name);
  }

  /** That whatever became of it, a buyer left no request behind. */
  async requireNoExports(): Promise<void> {
    expect(await this.world.database.storage.selectFrom("exports").selectAll().execute()).to.be.empty;
  }

  close(): Promise<void> {
    return this.world.close();
  }
}

/** Publishes numbers by which an order gets what it asks for at least, and gives the buyer coin. */
async function prepareMarket({ chain }: World): Promise<void> {
  const { registrar, researcher, medicalCoin, dataMarket } = chain;
  const wad = 10n ** 18n;
  const bounds = { alphaMin: 0n, alphaMax: wad, cMin: wad, cMax: wad };
  await dataMarket.connect(registrar).publishNumbers(DataClass.AmbulatoryRecord, Role.Researcher, 1n, wad, bounds);
  await medicalCoin.allotEmission(await registrar.getAddress(), 1_000_000n);
  await medicalCoin.mint(await researcher.getAddress(), 1_000_000n);
}
