import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Wallet } from "ethers";
import { bootstrap } from "../../../chain/hardhat/genesis/bootstrap.js";
import type { Genesis } from "../../../chain/hardhat/genesis/genesis.js";

/** Seconds of a slot, and of an epoch, in the tests' networks. */
export const SLOT = 5;
export const EPOCH = 4_000;

/** A network's beginning with four validators. */
export interface Beginning {
  readonly genesis: Genesis;
  readonly keys: readonly Wallet[];
}

let made: Promise<Beginning> | undefined;

/** The same for all tests, because to make it takes seconds. */
export function beginning(): Promise<Beginning> {
  made ??= make();
  return made;
}

async function make(): Promise<Beginning> {
  const keys = Array.from({ length: 4 }, () => new Wallet(Wallet.createRandom().privateKey));
  const ignitionFolder = await mkdtemp(join(tmpdir(), "healthchain-test-"));
  try {
    const now = Date.now() / 1_000;
    const { genesis } = await bootstrap({ validators: keys, slotTime: SLOT, epochLength: EPOCH, now, ignitionFolder });
    return { genesis, keys };
  } finally {
    await rm(ignitionFolder, { recursive: true, force: true });
  }
}
