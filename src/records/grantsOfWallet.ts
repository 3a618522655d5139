import type { ConsentRegistry } from "../../types/ethers-contracts/index.js";
import { type BlockRange, eventsAbout } from "../eventLog.js";
import { blockAt, providerOf } from "../provider.js";
import { kindsOf, type Recipient, type Scope } from "./grant.js";
import { type StandingGrant, unpackGrant } from "./terms.js";

/** Where a grant stands. */
export type GrantStatus = "live" | "not started" | "ended" | "revoked";

/** A grant of a wallet, by what its events and its slot say. */
export interface WalletGrant extends StandingGrant {
  readonly key: string;
  readonly scope: Scope;
  readonly recipient: Recipient;
  readonly status: GrantStatus;
}

/**
 * What a patient's wallet has granted, each scope and recipient once, as it stands at the newest block.
 *
 * @param patient the wallet.
 * @param range where to look for grants; the whole chain by default.
 * @throws {ProviderMissing}, and what the node throws.
 */
export async function grantsOfWallet(
  registry: ConsentRegistry,
  patient: string,
  range: BlockRange = {},
): Promise<WalletGrant[]> {
  const [{ timestamp, number: blockTag }, events] = await Promise.all([
    blockAt(providerOf(registry), "latest"),
    eventsAbout(registry, "patient", patient, range),
  ]);
  const { allRevokedAt } = await registry.patientOf(patient, { blockTag });
  const granted = new Map(
    events.filter(({ event }) => event === "ConsentGranted").map(({ args }) => [String(args.key), args]),
  );
  const grants = await Promise.all(
    [...granted].map(async ([key, args]) => {
      const grant = unpackGrant(BigInt(await registry.grantOf(key, { blockTag })));
      const kinds = kindsOf(key);
      if (grant === undefined || kinds === undefined) return [];
      const scope = { kind: kinds.scope, value: String(args.scope) };
      const recipient = { kind: kinds.recipient, value: BigInt(String(args.recipient)) };
      return [{ ...grant, key, scope, recipient, status: statusOf(grant, Number(allRevokedAt), timestamp) }];
    }),
  );
  return grants.flat();
}

function statusOf(grant: StandingGrant, allRevokedAt: number, now: number): GrantStatus {
  if (grant.revokedAt !== 0 || grant.grantedAt <= allRevokedAt) return "revoked";
  if (now >= grant.until) return "ended";
  return now < grant.from ? "not started" : "live";
}
