import { setTimeout } from "node:timers/promises";
import { type ChaosNetwork, SLOT } from "./chaosNetwork.js";
import { delaysSince, lateSlots } from "./delays.js";

/** Milliseconds between two looks. */
const PAUSE = 50;

/** Waits until something holds, for a number of slots at most. */
export async function until(
  network: ChaosNetwork,
  what: string,
  slots: number,
  holds: () => boolean | Promise<boolean>,
): Promise<void> {
  const [since, first] = [Date.now(), network.slot];
  while (!(await holds())) {
    await setTimeout(PAUSE);
    if (Date.now() < since + slots * SLOT * 1_000) continue;
    const late = lateSlots(delaysSince(network, since / 1_000)).size;
    throw new Error(
      `Not in ${slots} slots from ${first} on: ${what}. The head is block ${network.head.number}; in ${late} slots the ` +
        "machine was too slow for what the protocol assumes.",
    );
  }
}

/** Waits for the start of a slot. */
export async function untilSlot(network: ChaosNetwork, slot: number): Promise<void> {
  await setTimeout(Math.max(0, network.startOf(slot) * 1_000 - Date.now()));
}

/** Waits until blocks above a height are decided, and all but the last two confirmed. */
export function untilBlocks(network: ChaosNetwork, height: number, count: number, slots: number): Promise<void> {
  return until(network, `${count} blocks above ${height} are decided, and all but two confirmed`, slots, async () => {
    const { number } = network.head;
    return number >= height + count && (await network.confirmed()) >= number - 2;
  });
}

/** Waits until validators say that they have all decided blocks. Resolves in the milliseconds that it took. */
export async function untilCaughtUp(network: ChaosNetwork, numbers: readonly number[]): Promise<number> {
  const begun = performance.now();
  const since = Date.now() / 1_000;
  const height = (number: number) => network.wiretap.headOf(network.addressOf(number), since) ?? 0;
  await until(network, `validators ${numbers} have caught up`, 20, () =>
    numbers.every((number) => height(number) >= network.head.number),
  );
  return Math.round(performance.now() - begun);
}

/** Waits until the chain counts signatures of validators for blocks that are decided from now on. */
export async function untilTheySign(network: ChaosNetwork, numbers: readonly number[]): Promise<void> {
  const { number: height } = network.head;
  await until(network, `validators ${numbers} sign blocks above ${height}`, 20, async () => {
    const signers = await network.signersAbove(height);
    return numbers.every((number) => signers.has(number));
  });
}
