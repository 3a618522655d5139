import { type ErrorFragment, Interface, isHexString, type Result } from "ethers";
import { factories } from "../types/ethers-contracts/index.js";
import { remedyFor } from "./chainErrorRemedies.js";
import type { ErrorArguments } from "./remedyWords.js";

/** A contract refused. The message says what it answered and what to do about it. */
export class ChainError extends Error {
  override readonly name = "ChainError";
  /** The Solidity error's name, such as `RecordAlreadyRegistered`; `Error` or `Panic` for Solidity's own. */
  readonly errorName: string;
  /** The error's arguments by name. */
  readonly args: ErrorArguments;

  constructor(errorName: string, args: ErrorArguments, options?: ErrorOptions) {
    super(`${errorName}(${describe(args)}). ${remedyFor(errorName, args)}`, options);
    this.errorName = errorName;
    this.args = args;
  }
}

/**
 * The {@link ChainError} behind something that a contract call, a gas estimate or a transaction threw: the revert of any
 * of our contracts, decoded. Undefined if it carries no revert data that we know (a node that is down, a lack of funds).
 */
export function chainErrorOf(error: unknown): ChainError | undefined {
  if (error instanceof ChainError) return error;
  const data = revertDataOf(error);
  const parsed = data === undefined ? null : allErrors().parseError(data);
  if (parsed === null) return undefined;
  return new ChainError(parsed.name, named(parsed.args, parsed.fragment), { cause: error });
}

/**
 * Runs `action`; what a contract refuses in it is thrown as {@link ChainError}, everything else as it is.
 *
 * @throws {ChainError}
 */
export async function withChainErrors<T>(action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw chainErrorOf(error) ?? error;
  }
}

/** The names of all errors that our contracts can answer with. */
export function chainErrorNames(): string[] {
  const names = new Set<string>();
  allErrors().forEachError(({ name }) => {
    names.add(name);
  });
  return [...names].sort();
}

let merged: Interface | undefined;

/** One interface with the errors of all generated contracts: an error that passes through a contract is known wherever it comes from. */
function allErrors(): Interface {
  if (merged === undefined) {
    const fragments = abisIn(factories).flatMap((abi) => Interface.from(abi).fragments);
    const errors = fragments.filter(({ type }) => type === "error").map((fragment) => fragment.format("full"));
    merged = new Interface([...new Set(errors)]);
  }
  return merged;
}

/** The generated factories lie in one object for each folder of contracts. */
function abisIn(folder: object): object[][] {
  return Object.values(folder).flatMap((entry: unknown) => {
    if (typeof entry === "function") return "abi" in entry && Array.isArray(entry.abi) ? [[...entry.abi]] : [];
    return typeof entry === "object" && entry !== null ? abisIn(entry) : [];
  });
}

// Nodes wrap the revert data differently; ethers and Hardhat nest it in one of these.
const WRAPPERS = ["data", "error", "info", "cause"] as const;

function revertDataOf(error: unknown, depth = 0): string | undefined {
  if (isHexString(error) && error.length >= 10) return error;
  if (typeof error !== "object" || error === null || depth > 6) return undefined;
  const fields = error as Partial<Record<(typeof WRAPPERS)[number], unknown>>;
  for (const field of WRAPPERS) {
    const data = revertDataOf(fields[field], depth + 1);
    if (data !== undefined) return data;
  }
  return undefined;
}

function named(args: Result, { inputs }: ErrorFragment): ErrorArguments {
  // Solidity's own errors have no names for their arguments.
  return inputs.every(({ name }) => name !== "") ? args.toObject(true) : Object.fromEntries(args.entries());
}

function describe(args: ErrorArguments): string {
  return Object.entries(args)
    .map(([name, value]) => `${name}: ${shown(value)}`)
    .join(", ");
}

function shown(value: unknown): string {
  return typeof value === "object" && value !== null ? `{${describe(value as ErrorArguments)}}` : String(value);
}
