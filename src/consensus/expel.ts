import type { ValidatorRegistry } from "../../types/ethers-contracts/index.js";
import { type Mined, mined } from "../transaction.js";

/**
 * Takes a candidate out of the ranking whose certificate is not in force, or whose own stake is too small. Anyone may.
 *
 * @param candidate the institution's number.
 * @throws {ChainError} if the registry refuses: it is in good standing, or does not stand.
 */
export function expel(registry: ValidatorRegistry, candidate: number): Promise<Mined> {
  return mined(registry, () => registry.expel(candidate));
}
