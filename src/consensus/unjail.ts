import type { ValidatorRegistry } from "../../types/ethers-contracts/index.js";
import { type Mined, mined } from "../transaction.js";
import { hintAfter } from "./ranking.js";

/**
 * Stands again after jail. The registry's runner is the candidate's operator.
 *
 * @param candidate the institution's number.
 * @throws {ChainError} if the registry refuses: not in jail, or still; not certified; too little stake of its own.
 */
export async function unjail(registry: ValidatorRegistry, candidate: number): Promise<Mined> {
  const hint = await hintAfter(registry, candidate, 0n);
  return mined(registry, () => registry.unjail(candidate, hint));
}
