import { runValidatorProcess } from "../../../chain/hardhat/network/validatorProcess.js";
import type { ValidatorNode, ValidatorParts } from "../../../chain/hardhat/node/validator.js";

/** The signal with which a fault begins; with the next one it ends. */
export const FAULT_SIGNAL = "SIGUSR2";

type CreateFaulty = (parts: ValidatorParts, isFaulty: () => boolean) => ValidatorNode;

/**
 * Runs a validator's process that is honest until it is told to be faulty.
 *
 * @param file the program; nothing happens unless it is run itself, for the tests' runner loads every file under `test`.
 */
export function runFaultyProcess(file: string, create: CreateFaulty): void {
  if (process.argv[1] !== file) return;
  let isFaulty = false;
  process.on(FAULT_SIGNAL, () => {
    isFaulty = !isFaulty;
  });
  runValidatorProcess((parts) => create(parts, () => isFaulty));
}
