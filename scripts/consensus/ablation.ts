import { type Instance, TendermintMachine } from "../../src/consensus/tendermint/machine.js";

/**
 * What the protocol is run without, to see that the simulation notices. `lock`: a validator gives its verdict to any valid
 * value, whatever it is locked on. `guard`: a validator that restarts has forgotten what it signed, and its lock.
 */
export type Ablation = "lock" | "guard";

class UnlockedMachine extends TendermintMachine {
  protected override lockPermits(): boolean {
    return true;
  }
}

export function machineFor(instance: Instance, without: Ablation | undefined): TendermintMachine {
  return without === "lock" ? new UnlockedMachine(instance) : new TendermintMachine(instance);
}
