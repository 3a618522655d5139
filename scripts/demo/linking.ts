import type { Facts } from "./publicFacts.js";

/** Two wallets that the chain shows to be one person's. */
export interface Link {
  readonly wallets: readonly [string, string];
  /** The facts that the two share and no other patient's wallet has together. */
  readonly facts: readonly string[];
}

/**
 * Facts of the visit itself, which the index has to tell: who treated, where, what kind of encounter. Where a doctor has but one patient
 * they say whose visit it was, with this system or any other that names the doctor; the threat model says so.
 */
const VISIT = /\.(doctor|institution|dataClass)=|^(register|registerBatch|amend)\.sender=/;

/** Whether a fact is one of the visit itself. */
export function isOfVisit(fact: string): boolean {
  return VISIT.test(fact);
}

/**
 * The pairs of one patient's wallets that can be told from chain data: all equal values of the two, taken together as a tuple, occur with
 * no wallet of anybody else.
 *
 * @param owners which patient each wallet is of
 * @param counts whether a fact counts
 */
export function linksIn(facts: Facts, owners: ReadonlyMap<string, string>, counts: (fact: string) => boolean): Link[] {
  const counted = new Map([...facts].map(([wallet, own]) => [wallet, new Set([...own].filter(counts))]));
  const wallets = [...owners.keys()].filter((wallet) => (counted.get(wallet)?.size ?? 0) > 0);
  const links: Link[] = [];
  for (const [index, one] of wallets.entries()) {
    for (const other of wallets.slice(index + 1)) {
      if (owners.get(one) !== owners.get(other)) continue;
      const shared = [...(counted.get(one) ?? [])].filter((fact) => counted.get(other)?.has(fact));
      const hidden = wallets.some((wallet) => {
        const own = counted.get(wallet);
        return owners.get(wallet) !== owners.get(one) && shared.every((fact) => own?.has(fact));
      });
      if (shared.length > 0 && !hidden) links.push({ wallets: [one, other], facts: shared });
    }
  }
  return links;
}
