import type { ObserverNode } from "../node/observer.js";
import type { ChainAccess } from "../rpc/chainAccess.js";

/**
 * What the JSON-RPC front serves of an observer's chain.
 *
 * @param answerable resolves when the sender of a transaction that was taken is to get its answer; at once by default.
 * @param network what a node that wants to join has to know.
 */
export function accessTo(
  observer: ObserverNode,
  answerable: () => Promise<void> = async () => {},
  network?: unknown,
): ChainAccess {
  return {
    request: (method, params) => observer.ledger.replica.request(method, params),
    submit: async (raw) => (await observer.submit(raw)).hash,
    answerable,
    waiting: (hash) => observer.mempool.get(hash),
    nextNonce: (address) => observer.mempool.nextNonce(address),
    ...(network !== undefined && { network }),
  };
}
