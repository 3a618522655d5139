import type { HardhatEthersProvider } from "@nomicfoundation/hardhat-ethers/types";

/** One step of `debug_traceTransaction`, as far as the floor needs it. */
interface Step {
  readonly op: string;
  readonly gasCost: number;
  readonly depth: number;
  readonly stack: readonly string[];
}

/** What a transaction cost, and the parts of it that no implementation of the same checks can avoid. All in gas. */
export interface Cost {
  readonly gas: number;
  readonly intrinsic: number;
  /** The first write of each distinct slot. */
  readonly writes: number;
  readonly logs: number;
  readonly signatures: number;
  /** One cold read for each distinct slot that is read and each distinct account that is called or looked at. */
  readonly coldReads: number;
}

const coldSlot = 2_100;
const coldAccount = 2_600;
const ecrecover = { address: 1n, gas: 3_000 };
const lastPrecompile = 0xffn;
const calls = new Set(["CALL", "STATICCALL"]);
const looks = new Set(["EXTCODESIZE", "EXTCODEHASH", "EXTCODECOPY", "BALANCE"]);

/** The cost of a mined transaction, from its trace. */
export async function costOf(provider: HardhatEthersProvider, hash: string): Promise<Cost> {
  const [transaction, receipt] = await Promise.all([
    provider.getTransaction(hash),
    provider.getTransactionReceipt(hash),
  ]);
  if (!transaction?.to || receipt?.status !== 1)
    throw new Error(`Transaction ${hash} did not succeed; nothing to measure.`);
  const trace = await provider.send("debug_traceTransaction", [hash, { disableMemory: true, disableStorage: true }]);
  return {
    gas: Number(receipt.gasUsed),
    intrinsic: intrinsicGas(transaction.data),
    ...unavoidable(trace.structLogs, BigInt(transaction.to)),
  };
}

/** 21,000 and, for each byte of calldata, 4 if it is zero and 16 if not. */
export function intrinsicGas(data: string): number {
  return Buffer.from(data.slice(2), "hex").reduce((gas, byte) => gas + (byte === 0 ? 4 : 16), 21_000);
}

function unavoidable(steps: readonly Step[], to: bigint): Omit<Cost, "gas" | "intrinsic"> {
  const written = new Map<string, number>();
  const read = new Set<string>();
  const accounts = new Set<bigint>();
  let logs = 0;
  let signatures = 0;
  const path = [to];

  for (const step of steps) {
    path.length = step.depth;
    const self = path[step.depth - 1] ?? to;
    const slot = () => `${self}/${operand(step, 1)}`;
    if (step.op === "SLOAD") read.add(slot());
    else if (step.op === "SSTORE") written.set(slot(), written.get(slot()) ?? step.gasCost);
    else if (step.op.startsWith("LOG")) logs += 375 * (1 + Number(step.op.slice(3))) + 8 * Number(operand(step, 2));
    else if (looks.has(step.op)) accounts.add(operand(step, 1));
    else if (calls.has(step.op)) {
      const callee = operand(step, 2);
      if (callee === ecrecover.address) signatures += ecrecover.gas;
      if (callee > lastPrecompile) accounts.add(callee);
      path.push(callee);
    }
  }
  accounts.delete(to);
  const writes = [...written.values()].reduce((sum, gas) => sum + gas, 0);
  return { writes, logs, signatures, coldReads: read.size * coldSlot + accounts.size * coldAccount };
}

/** The operand at `position` from the top of the stack, 1 being the top. */
function operand(step: Step, position: number): bigint {
  const word = step.stack.at(-position);
  if (word === undefined) throw new Error(`The trace's ${step.op} has no operand ${position}.`);
  return BigInt(word.startsWith("0x") ? word : `0x${word}`);
}
