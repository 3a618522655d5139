import type { ContractRunner } from "ethers";
import type { Replica } from "../replica/replica.js";

/**
 * Lets a typed contract read a replica's state. Each call names its block (`blockTag`), because on top of the head there
 * may be a speculative block; without one, it reads at the head.
 */
export function replicaRunner(replica: Replica): ContractRunner {
  return {
    provider: null,
    call: async ({ to, from, data, blockTag }) => {
      const call = { to, ...(from && { from }), data };
      const tag = typeof blockTag === "number" ? blockTag : replica.head.number;
      return String(await replica.request("eth_call", [call, `0x${tag.toString(16)}`]));
    },
  };
}
