import { isError } from "ethers";
import { HardhatPluginError } from "hardhat/plugins";
import { chainErrorOf } from "../src/chainError.js";

/** The plugin's id, under which Hardhat shows its errors. */
const PLUGIN = "healthchain";

/** JavaScript's own errors mean a fault of ours: they keep their stack trace. */
const FAULTS = new Set(["Error", "TypeError", "RangeError", "ReferenceError", "SyntaxError", "AggregateError"]);

/**
 * What Hardhat is to show for something that a verb threw: whoever ran the verb gets a message with the remedy, without a
 * stack trace unless they ask for one.
 */
export function failureOf(error: unknown): unknown {
  if (!(error instanceof Error) || HardhatPluginError.isHardhatPluginError(error)) return error;
  if (error.name === "HardhatError") return error;
  const message = chainErrorOf(error)?.message ?? nodeFailure(error) ?? typedFailure(error);
  return message === undefined ? error : new HardhatPluginError(PLUGIN, message, error);
}

/** What the node or the wallet answered that no contract of ours did. */
function nodeFailure(error: Error): string | undefined {
  // Hardhat's own signers say it in words only.
  if (isError(error, "INSUFFICIENT_FUNDS") || /enough funds|insufficient funds/i.test(error.message)) {
    return "The sending account cannot pay the gas: fund it, or let another account send, where the verb takes --relayer.";
  }
  if (isError(error, "BAD_DATA") || isError(error, "CALL_EXCEPTION")) {
    return `The chain answered with nothing that the contracts say (${error.shortMessage}): check that the deployment is this chain's.`;
  }
  if (isError(error, "NETWORK_ERROR") || isError(error, "TIMEOUT") || isError(error, "SERVER_ERROR")) {
    return `The node cannot be reached (${error.shortMessage}): check the network's url, and that its node runs.`;
  }
  return "code" in error && "shortMessage" in error ? String(error.shortMessage) : undefined;
}

function typedFailure(error: Error): string | undefined {
  return FAULTS.has(error.name) ? undefined : error.message;
}
