import { JsonRpcProvider } from "ethers";
import { CHAIN_ID } from "../replica/edr.js";

/** Milliseconds between two looks for a receipt. */
const POLLING_INTERVAL = 100;

/** A provider of ethers for a JSON-RPC front of the local network: quick, and without answers from before the last block. */
export function rpcProvider(url: string): JsonRpcProvider {
  const provider = new JsonRpcProvider(url, CHAIN_ID, { staticNetwork: true, cacheTimeout: -1, batchMaxCount: 1 });
  provider.pollingInterval = POLLING_INTERVAL;
  return provider;
}
