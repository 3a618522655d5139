import { passEpoch } from "../epochs.js";
import type { Buyers } from "../market/buyers.js";
import { certifyBuyers, openMarket } from "../market/buyers.js";
import { changesIn, rowsOf, type Span, sumOf } from "../market/ledger.js";
import { toldChanges } from "../market/movements.js";
import { consentToMarket, type Offering, putOnSale, sellersOf } from "../market/offering.js";
import { coinsOf } from "../report.js";
import type { Stage } from "../stage.js";
import { playClearing } from "./marketClearing.js";
import { playMarketFaults } from "./marketFaults.js";
import { playSale, playSharing } from "./marketSale.js";

/** Who trades what. */
export interface Trade {
  /** The institution with most to sell, and its dataset. */
  readonly main: Offering;
  /** One more, where there is one. */
  readonly other: Offering | undefined;
  readonly buyers: Buyers;
}

const noRecord = "needs an accepted record";

/** The market: what it pays to share records, and who learns what from them. No coin comes from nowhere, and none is lost. */
export async function playMarket(stage: Stage): Promise<void> {
  const { consortium } = stage;
  const [seller, second] = await sellersOf(stage);
  if (!seller) return stage.play("records on the market", noRecord, async () => noRecord);
  // Validators are paid for what they did before, so that none of their coin moves while others trade.
  await passEpoch(consortium);
  const before = await consortium.provider.getBlockNumber();

  const sellers = second ? [seller, second] : [seller];
  const records = sellers.reduce((sum, one) => sum + one.records.length, 0);
  await openMarket(consortium, seller.records.length);
  const buyers = await certifyBuyers(consortium, records);
  await stage.play("patients let their institutions sell their records for research", `${records} grants`, async () => {
    const granted = await consentToMarket(stage, sellers);
    return { got: `${granted} grants`, reason: `to ${sellers.length} institutions, shuffled, rounded to days` };
  });
  const main = await putOnSale(stage, seller);
  const other = second && (await putOnSale(stage, second));
  const trade = { main, other, buyers };
  await playSharing(stage, trade);
  const sale = await playSale(stage, trade);
  await playMarketFaults(stage, trade, sale);
  await playClearing(stage, trade);

  const until = await consortium.provider.getBlockNumber();
  const ledger = await playLedger(stage, { before, until });
  stage.market = { dataset: main.dataset, version: main.version, records: main.records.length, ...sale.report, ledger };
}

/** Every coin that somebody gained is one that somebody else lost, and the contracts' events say why. */
async function playLedger(stage: Stage, span: Span) {
  const changes = await changesIn(stage.consortium, span);
  await stage.play("the ledger of everybody's balances", "0 wei in all", async () => {
    const emitted = changes.find(({ role }) => role === "emission")?.delta ?? 0n;
    const reason = `${changes.length} accounts, ${coinsOf(-emitted)} minted in blocks ${span.before + 1} to ${span.until}`;
    return { got: `${sumOf(changes)} wei in all`, reason };
  });
  await stage.play("every change of a balance, explained by the market's events", "0 unexplained", async () => {
    const told = await toldChanges(stage.consortium, span);
    const seen = new Map(changes.map(({ account, delta }) => [account, delta]));
    const accounts = [...new Set([...told.keys(), ...seen.keys()])];
    const unexplained = accounts.filter((account) => (told.get(account) ?? 0n) !== (seen.get(account) ?? 0n));
    return { got: `${unexplained.length} unexplained`, reason: `${accounts.length} accounts` };
  });
  return rowsOf(changes);
}
