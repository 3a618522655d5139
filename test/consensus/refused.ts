import { expect } from "chai";
import { ChainError } from "../../src/chainError.js";
import type { ValidatorRegistry } from "../../types/ethers-contracts/index.js";
import { rejection } from "../enrolled.js";
import type { Consortium } from "./staked.js";

/** Expects that the contract refuses with this error. */
export async function expectRefusal(work: Promise<unknown>, errorName: string): Promise<void> {
  expect(await rejection(work))
    .to.be.instanceOf(ChainError)
    .with.property("errorName", errorName);
}

/** The registry as institution n uses it. */
export function registryOf({ validatorRegistry, institutions }: Consortium, institution: number): ValidatorRegistry {
  const signer = institutions[institution - 1];
  if (signer === undefined) throw new Error(`There is no institution ${institution}.`);
  return validatorRegistry.connect(signer);
}
