import { parseEther } from "ethers";

/** Everything that a deployment decides. Who holds which role is data of the deployment, never code. */
export interface DeploymentParameters {
  /** Gives out roles, which overrides every delay: a timelocked multisig or governor in real use. Default: the deployer. */
  readonly administrator: string;
  /** May sign certificates, and suspend or revoke them. Default: the administrator. */
  readonly registrars: readonly string[];
  /** May tune parameters and name successors. Default: the administrator. */
  readonly operators: readonly string[];
  /** Seconds between an operator's decision and its effect. A consortium's chain wants days. */
  readonly operatorDelay: number;
  /** Lifetime cap on all coin, in wei. */
  readonly emissionCap: bigint;
  /** Emergencies: records that a doctor may open on one day (1 to 24), seconds that each stays open (900 to 86,400). */
  readonly breakGlass: { readonly dailyLimit: number; readonly duration: number };
}

/** The roles of the consortium's access manager, by number. */
export const ConsortiumRole = { Registrar: 1n, Operator: 2n } as const;

/** The parameters for an administrator where nothing else is said: every right is the administrator's. */
export function defaultParameters(administrator: string): DeploymentParameters {
  return {
    administrator,
    registrars: [administrator],
    operators: [administrator],
    operatorDelay: 0,
    emissionCap: parseEther("1000000000"),
    breakGlass: { dailyLimit: 3, duration: 4 * 3600 },
  };
}
