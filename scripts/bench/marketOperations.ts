import { getAddress, id as hashOf, parseEther, Signature, toBeHex, Wallet } from "ethers";
import type { NetworkConnection } from "hardhat/types/network";
import { Role } from "../../src/accounts/index.js";
import { signPermit } from "../../src/coin/permit.js";
import { domainOf } from "../../src/eip712.js";
import { solveClearing } from "../../src/market/clearing.js";
import { clearingRoundOf } from "../../src/market/clearingRound.js";
import { DataClass } from "../../src/records/dataClass.js";
import { Marketplace as Market, type Marketplace, type Offered, purpose } from "./marketplace.js";
import { type Row, transactionRow } from "./row.js";
import { measure, sendAll } from "./sending.js";
import type { Cost } from "./trace.js";

const chunk = 50;
const few = 10;
const many = 10_000;
const amount = 5;
/** One, in the unit of bids. */
const GWEI = 10n ** 9n;
const bidders = 200;
const offers = 10;
const capacity = 100;
const manifestRoot = hashOf("the manifest's root");

/** The rows of the market. */
export async function measureMarket(
  connect: () => Promise<NetworkConnection>,
  say: (line: string) => void,
  progress: (op: string) => void,
): Promise<Row[]> {
  const rows: Row[] = [];
  const add = (row: Row) => {
    progress(row.op);
    rows.push(row);
  };
  const market = await Market.found(await connect());
  const first = await market.list();
  await market.sell(first, await market.addRecords(chunk, say));
  const added = await addRecords(market, first, await market.addRecords(chunk, say));
  add(transactionRow("addRecords", added, { aim: 40_000, reason: reasons.addRecords }, chunk));
  // On a market that has sold before, the provider's income and the dataset's demand are no fresh slots.
  await sale(market, first);
  add(
    transactionRow("order", await firstOrder(market, first), {
      aim: 190_000,
      reason: reasons.order,
      reference: "permit and escrow, of a first-time buyer. Ocean's one-transaction purchase: 272,600",
    }),
  );
  const small = await market.list();
  await market.sell(small, await market.addRecords(few, say));
  const sale10 = await sale(market, small);
  add(transactionRow("sale10", sale10, { aim: 500_000, reason: reasons.sale, reference: `of ${few} creators` }));
  say(`${many} patients come to sell ...`);
  const large = await market.list();
  await market.sell(large, await market.addRecords(many, say));
  const reference = `of ${many.toLocaleString("en-US")} creators: within 1 %`;
  const sale10000 = await sale(market, large);
  add(transactionRow("sale10000", sale10000, { aim: sale10.gas * 1.01, reason: reasons.sale, reference }));
  say(`${bidders} bids and ${offers} offers come in ...`);
  add(
    transactionRow("clear", await clear(await Market.found(await connect()), say), {
      aim: 1_500_000,
      reason: reasons.clear,
      reference: `${bidders} bids and ${offers} offers; no public figure found`,
    }),
  );
  return rows;
}

const reasons = {
  clear: "each bid's demand is reckoned up twice, at the price and just below it",
  addRecords: "each record is read, its consent decided and its place in the dataset checked",
  order: "the game is solved, the permit checked, and the coin that came in is counted",
  sale: "an order, a delivery and a release; the game is solved, the shares are reckoned up",
};

function addRecords(market: Marketplace, dataset: bigint, records: readonly Offered[]): Promise<Cost> {
  return registryCall(market, market.adding(dataset, records));
}

async function registryCall(market: Marketplace, data: string): Promise<Cost> {
  const to = await market.contracts.datasetRegistry.getAddress();
  return measure(market.provider, { from: market.hospital(1).address, to, data });
}

async function requestOf({ contracts }: Marketplace, dataset: bigint) {
  const { version } = await contracts.datasetRegistry.stockOf(dataset);
  const terms = { dataset, version, dMin: amount, maxPrice: parseEther("20") };
  const { payment } = await contracts.dataMarket.quote(dataset, Role.Researcher, amount, terms.maxPrice);
  return { ...terms, purpose, maxPayment: payment };
}

/** Of a buyer who has neither ordered nor permitted before. */
async function firstOrder(market: Marketplace, dataset: bigint): Promise<Cost> {
  const { contracts, provider } = market;
  const buyer = Wallet.createRandom();
  const spender = await contracts.dataMarket.getAddress();
  await market.addConsumers([buyer.address], await contracts.medicalCoin.getAddress());
  const request = await requestOf(market, dataset);
  const deadline = ((await provider.getBlock("latest"))?.timestamp ?? 0) + 3_600;
  const permit = { owner: buyer.address, spender, value: request.maxPayment, nonce: 0n, deadline };
  const { signature } = await signPermit(buyer, await domainOf(contracts.medicalCoin), permit);
  const { v, r, s } = Signature.from(signature);
  const data = contracts.dataMarket.interface.encodeFunctionData("orderWithPermit", [request, deadline, v, r, s]);
  return measure(provider, { from: buyer.address, to: spender, data });
}

/** An order, its delivery and its release, added up. */
async function sale(market: Marketplace, dataset: bigint): Promise<Cost> {
  const { contracts, provider, buyer } = market;
  const { dataMarket } = contracts;
  const to = await dataMarket.getAddress();
  const { interface: abi } = dataMarket;
  const request = await requestOf(market, dataset);
  const ordered = await measure(provider, {
    from: buyer.address,
    to,
    data: abi.encodeFunctionData("order", [request]),
  });
  const order = await dataMarket.orderCount();
  const { amount: records, asOf } = await dataMarket.orderOf(order);
  const delivery = abi.encodeFunctionData("deliver", [order, manifestRoot, records, asOf]);
  const delivered = await measure(provider, { from: market.hospital(1).address, to, data: delivery });
  const confirmation = abi.encodeFunctionData("confirm", [order]);
  const confirmed = await measure(provider, { from: buyer.address, to, data: confirmation });
  return sumOf([ordered, delivered, confirmed]);
}

function sumOf(costs: readonly Cost[]): Cost {
  const sum = (part: keyof Cost) => costs.reduce((total, cost) => total + cost[part], 0);
  return {
    gas: sum("gas"),
    intrinsic: sum("intrinsic"),
    writes: sum("writes"),
    logs: sum("logs"),
    signatures: sum("signatures"),
    coldReads: sum("coldReads"),
  };
}

/** Of a round whose bids and offers are all different, and not all of which can be served in full. */
async function clear(market: Marketplace, say: (line: string) => void): Promise<Cost> {
  const { contracts, provider, connection, operator } = market;
  const { marketClearing } = contracts;
  const to = await marketClearing.getAddress();
  const now = (await provider.getBlock("latest"))?.timestamp ?? 0;
  const times = [now + 86_400, now + 3 * 86_400] as const;
  await (await marketClearing.openRound(DataClass.AmbulatoryRecord, purpose, ...times)).wait();
  for (let i = 0; i < offers; i++) {
    const institution = 1 + (i % 3);
    const dataset = await market.list(institution);
    await market.sell(dataset, await market.addRecords(capacity, say, institution), institution);
    const cost = parseEther("1") + (BigInt(i) * parseEther("7")) / 10n;
    await (await marketClearing.connect(market.hospital(institution)).offer(1, dataset, cost, capacity)).wait();
  }
  const wallets = Array.from({ length: bidders }, (_, i) => getAddress(toBeHex(0x2_000_000 + i, 20)));
  await market.addConsumers(wallets, to);
  const bid = (i: number) => ({
    alpha: BigInt(20 + (i % 30)) * GWEI,
    c: BigInt(4 + (i % 7)) * GWEI,
    dMin: 1 + (i % 5),
    maxPrice: BigInt(2_000 + ((i * 617) % 9_000)) * (GWEI / 1_000n),
  });
  const data = (i: number) => marketClearing.interface.encodeFunctionData("bid", [1, bid(i)]);
  await sendAll(
    provider,
    wallets.map((from, i) => ({ from, to, data: data(i) })),
  );
  await connection.networkHelpers.time.increaseTo(times[0]);
  const round = await clearingRoundOf(marketClearing, 1);
  const { price, cut, merit } = solveClearing(round.bids, round.offers);
  const clearing = marketClearing.interface.encodeFunctionData("clear", [1, price, cut, [...merit]]);
  return measure(provider, { from: operator.address, to, data: clearing });
}
