import { roleName } from "../../../src/accounts/index.js";
import type { BlockRange } from "../../../src/eventLog.js";
import type { Consortium } from "../consortium.js";
import type { LedgerRow } from "../report.js";
import { together } from "../together.js";

type LedgerRole = LedgerRow["role"];

/** Blocks between which the ledger is drawn up. */
export interface Span {
  /** The last block before. */
  readonly before: number;
  /** The last block of it. */
  readonly until: number;
}

/** A change of coin, in wei. */
export interface Change {
  readonly account: string;
  readonly role: LedgerRole;
  readonly delta: bigint;
}

/** The blocks of a span, for a search of events. */
export function blocksOf({ before, until }: Span): Required<BlockRange> {
  return { fromBlock: before + 1, toBlock: until };
}

/** How the balance of every account changed, as the coin itself says at the two blocks; those that did not change are left out. */
export async function changesIn(consortium: Consortium, { before, until }: Span): Promise<Change[]> {
  const { medicalCoin: coin } = consortium.contracts;
  const changes = await together([...(await holdersOf(consortium))], async ([account, role]) => {
    const [first, last] = await Promise.all([
      coin.balanceOf(account, { blockTag: before }),
      coin.balanceOf(account, { blockTag: until }),
    ]);
    return { account, role, delta: last - first };
  });
  const [supplyBefore, supply] = await Promise.all([
    coin.totalSupply({ blockTag: before }),
    coin.totalSupply({ blockTag: until }),
  ]);
  const emission = { account: await coin.getAddress(), role: "emission" as const, delta: supplyBefore - supply };
  return [...changes.filter(({ delta, role }) => delta !== 0n || role === "escrow"), emission];
}

/** What they come to together: 0 if no coin came from nowhere and none is missing. */
export function sumOf(changes: readonly Pick<Change, "delta">[]): bigint {
  return changes.reduce((sum, { delta }) => sum + delta, 0n);
}

/** The rows of the report. */
export function rowsOf(changes: readonly Change[]): LedgerRow[] {
  return changes.map(({ account, role, delta }) => ({ account, role, delta: String(delta) }));
}

/** Everybody who may hold coin. */
async function holdersOf({ center, contracts, validators }: Consortium): Promise<Map<string, LedgerRole>> {
  const { dataMarket, marketClearing, validatorRegistry } = contracts;
  const certified = [...center.roles()].map(
    ([wallet, role]) => [wallet, roleName(role).toLowerCase() as LedgerRole] as const,
  );
  return new Map<string, LedgerRole>([
    // Institutions that validate and have no records are certified by the network's genesis.
    ...validators.map(({ address }) => [address, "institution"] as const),
    ...certified,
    [await dataMarket.getAddress(), "escrow"],
    [await marketClearing.getAddress(), "escrow"],
    [await validatorRegistry.getAddress(), "validators"],
  ]);
}
