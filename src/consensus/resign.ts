import type { ValidatorRegistry } from "../../types/ethers-contracts/index.js";
import { type Mined, mined } from "../transaction.js";

/**
 * Stops standing: a validator serves until the epoch's end. The stake stays until it is undelegated. The registry's runner
 * is the candidate's operator.
 *
 * @param candidate the institution's number.
 * @throws {ChainError} if the registry refuses: another's candidacy, or it does not stand.
 */
export function resign(registry: ValidatorRegistry, candidate: number): Promise<Mined> {
  return mined(registry, () => registry.resign(candidate));
}
