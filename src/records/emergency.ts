import type { ConsentRegistry } from "../../types/ethers-contracts/index.js";
import { type Mined, mined } from "../transaction.js";

/** Why a doctor opens a record without consent, as `IConsentRegistry.EmergencyReason` numbers it. */
export const EmergencyReason = {
  Unspecified: 0,
  LifeThreat: 1,
  PatientUnresponsive: 2,
  PatientIncapacitated: 3,
  PublicHealthEmergency: 4,
} as const;

export type EmergencyReasonName = keyof typeof EmergencyReason;

/** A record that stands open in an emergency. */
export interface BrokenGlass extends Mined {
  /** When access ends, in seconds since 1970. */
  readonly until: number;
}

/**
 * Opens one record for emergency treatment (purpose `ETREAT`) for the time that the consortium's rule gives. Each one is a
 * case for the auditors. The registry's runner is the wallet of a certified doctor.
 *
 * @param recordId 32 bytes in hex.
 * @throws {ChainError} if the registry refuses: the patient opted out, the day's limit is reached, it is open already.
 */
export async function breakGlass(
  registry: ConsentRegistry,
  recordId: string,
  reason: EmergencyReasonName,
): Promise<BrokenGlass> {
  const { receipt } = await mined(registry, () => registry.breakGlass(recordId, EmergencyReason[reason]));
  const opened = receipt.logs
    .map((log) => registry.interface.parseLog(log))
    .find((event) => event?.name === "GlassBroken");
  return { until: Number(opened?.args.until), receipt };
}

/** What the consortium allows doctors in emergencies. */
export interface BreakGlassRule {
  /** Records that a doctor may open on one UTC day, 1 to 24. */
  readonly dailyLimit: number;
  /** How long each stays open, in seconds, 900 to 86,400. */
  readonly duration: number;
}

/**
 * Sets the rule for emergencies; what stands open stays so as long as it was opened for. The registry's runner is an
 * operator.
 *
 * @throws {ChainError} if the registry refuses: not an operator, or a rule out of bounds.
 */
export function setBreakGlassRule(registry: ConsentRegistry, { dailyLimit, duration }: BreakGlassRule): Promise<Mined> {
  return mined(registry, () => registry.setBreakGlassRule(dailyLimit, duration));
}
