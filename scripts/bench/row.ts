import type { Cost } from "./trace.js";

/** A line of the bench: our gas against the unavoidable cost, and what others pay for the like. */
export interface Row {
  readonly op: string;
  readonly gas: number;
  /** The unavoidable cost; pure computation has none. */
  readonly floor?: number;
  readonly ratio?: number;
  /** What the gas should stay below; what is measured for comparison only has none. */
  readonly aim?: number;
  readonly reason?: string;
  readonly reference?: string;
}

/** What is said about an operation beside its measurement. */
export interface Remarks {
  readonly aim: number;
  /** Why the ratio is above {@link ratioAim}, where it is. */
  readonly reason?: string;
  readonly reference?: string;
}

/** Above this ratio a row must say why. */
export const ratioAim = 1.15;

/** A transaction's row. For a batch, gas and floor are per record. */
export function transactionRow(op: string, cost: Cost, remarks: Remarks, records = 1): Row {
  return row(op, cost.gas / records, floorOf(cost) / records, remarks);
}

/** A call's row, measured as a transaction; gas and floor leave out the intrinsic gas, which a call between contracts does not pay. */
export function callRow(op: string, cost: Cost, remarks: Remarks): Row {
  return row(op, cost.gas - cost.intrinsic, floorOf(cost) - cost.intrinsic, remarks);
}

/** A row of pure computation, whose gas was measured around it. */
export function computationRow(
  op: string,
  gas: number,
  remarks: Omit<Remarks, "reason" | "aim"> & { aim?: number },
): Row {
  return { op, gas, ...remarks };
}

function floorOf(cost: Cost): number {
  return cost.intrinsic + cost.writes + cost.logs + cost.signatures + cost.coldReads;
}

function row(op: string, gas: number, floor: number, { aim, reason, reference }: Remarks): Row {
  const ratio = gas / floor;
  return {
    op,
    gas,
    floor,
    ratio,
    aim,
    ...(ratio > ratioAim ? { reason: reason ?? "unexplained" } : {}),
    ...(reference ? { reference } : {}),
  };
}
