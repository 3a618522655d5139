import type { Consortium } from "./consortium.js";

/** Lets an epoch end: the first block elects the next set, the one after it settles what the validators earned. */
export async function passEpoch({ contracts, network }: Consortium): Promise<void> {
  const { epochLength } = await contracts.validatorRegistry.rules();
  await network.advance(Number(epochLength));
  await network.mine();
}
