import { expect } from "chai";
import type { ChaosNetwork } from "./chaosNetwork.js";
import { delaysSince, lateSlots } from "./delays.js";
import { say } from "./say.js";

/**
 * Checks that of some slots all of the faulty leaders are lost, and no others: that the next leader makes its block in the
 * very next slot. Another leader's slot may only be missing where the machine was too slow for what the protocol assumes;
 * then it is printed.
 *
 * @param faulty numbers of the leaders.
 * @param end the first slot that is not looked at.
 */
export function expectOnlyLost(network: ChaosNetwork, faulty: readonly number[], from: number, end: number): void {
  const late = lateSlots(delaysSince(network, network.startOf(from - 1)));
  const lost: number[] = [];
  const excused: number[] = [];
  for (let slot = from; slot < end; slot++) {
    const leader = network.leaderOf(slot);
    const miner = network.decided.get(slot)?.block.miner;
    if (faulty.includes(leader)) {
      expect(miner, `slot ${slot} of faulty leader ${leader}`).to.equal(undefined);
      lost.push(slot);
    } else if (miner === undefined && (late.has(slot) || late.has(slot - 1))) excused.push(slot);
    else expect(miner, `slot ${slot} of validator ${leader}`).to.equal(network.addressOf(leader));
  }
  const within = lost.filter((slot) => slot + 1 < end && !faulty.includes(network.leaderOf(slot + 1)));
  const followed = within.filter((slot) => network.decided.has(slot + 1));
  say(
    `slots ${from} to ${end - 1}: ${lost.length} of leaders ${faulty} lost (${lost.join(", ")}), ${followed.length} of ` +
      `${within.length} followed by a block in the next slot; ${excused.length} others lost to a slow machine`,
  );
  expect(followed, "followed by a block at once").to.have.length.of.at.least(Math.min(2, within.length));
}
