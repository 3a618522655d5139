import type { Mined } from "../src/transaction.js";
import { printProgress } from "./result.js";

/** A transaction that can be tried before it is sent. */
export interface Change {
  /** What is changed. */
  readonly name: string;
  /** Has the node try it; throws what sending it would. */
  readonly rehearse: () => Promise<unknown>;
  readonly send: () => Promise<Mined>;
}

/**
 * Sends changes, one after the other; none if the chain would refuse one of them. Of several, each is said on standard error
 * when it is done: should a later one fail all the same, it is known what stands.
 *
 * @returns the hashes of the transactions; undefined for what is no change.
 * @throws what the changes throw.
 */
export async function sendChanges(changes: readonly (Change | undefined)[]): Promise<(string | undefined)[]> {
  for (const change of changes) await change?.rehearse();
  const areSeveral = changes.filter((change) => change !== undefined).length > 1;
  const hashes: (string | undefined)[] = [];
  for (const change of changes) {
    const sent = await change?.send();
    if (areSeveral && sent !== undefined) printProgress(`Changed ${change?.name}: ${sent.receipt.hash}`);
    hashes.push(sent?.receipt.hash);
  }
  return hashes;
}
