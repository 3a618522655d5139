import type { ValidatorRegistry } from "../../types/ethers-contracts/index.js";
import { type Mined, mined } from "../transaction.js";
import { receiptEvent } from "./receiptEvent.js";

/** A commission that was announced. */
export interface AnnouncedCommission extends Mined {
  /** The epoch with which it begins. */
  readonly from: number;
}

/**
 * Announces another commission, which begins after the notice of the rules. The registry's runner is the candidate's
 * operator.
 *
 * @param candidate the institution's number.
 * @param commission the operator's part of the rewards in basis points, up to the cap of the rules.
 * @throws {ChainError} if the registry refuses: another's candidacy, tombstoned, above the cap, or one just announced.
 */
export async function announceCommission(
  registry: ValidatorRegistry,
  candidate: number,
  commission: number,
): Promise<AnnouncedCommission> {
  const { receipt } = await mined(registry, () => registry.announceCommission(candidate, commission));
  const { args } = await receiptEvent(registry, receipt, "CommissionAnnounced");
  return { from: Number(args.from), receipt };
}
