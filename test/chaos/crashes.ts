import { expect } from "chai";
import { type ChaosNetwork, everybody, SLOT } from "./chaosNetwork.js";
import { say } from "./say.js";
import { expectOnlyLost } from "./slots.js";
import { untilBlocks, untilCaughtUp, untilSlot, untilTheySign } from "./waits.js";

/** Validators that are killed, or stand still. */
export function crashScenes(chaos: () => ChaosNetwork): void {
  it("goes on when any two are killed; they catch up by replay, and sign again", async () => {
    const network = chaos();
    const victims = network.random.shuffled(everybody).slice(0, 2);
    const { slot } = network;
    await network.kill(...victims);
    // What had its votes already may still be decided.
    await untilSlot(network, slot + 2);
    const { number: before } = network.head;
    await untilBlocks(network, before, 5, 30);
    const { number: after, slot: last } = network.head;
    const signed = await network.participationOf(victims);
    say(`killed ${victims}: blocks ${before + 1} to ${after} decided and confirmed by the others`);
    expectOnlyLost(network, victims, slot + 2, last + 1);

    const startup = await network.restart(...victims);
    const catchUp = await untilCaughtUp(network, victims);
    await untilTheySign(network, victims);
    const signedNow = await network.participationOf(victims);
    say(
      `started again in ${startup} ms, caught up ${catchUp} ms later; blocks signed: ${signed} then, ${signedNow} now`,
    );
    for (const [index, count] of signedNow.entries()) expect(count).to.be.above(signed[index] ?? count);
  });

  it("stops when any three are killed, loses nothing, and recovers when one returns", async () => {
    const network = chaos();
    const victims = network.random.shuffled(everybody).slice(0, 3);
    const [first = 0, ...others] = victims;
    const { slot } = network;
    await network.kill(...victims);
    await untilSlot(network, slot + 2);
    const { number, hash } = network.head;
    const confirmed = await network.confirmed();
    const signer = await network.provider.getSigner(network.random.between(1, 19));
    const { hash: transaction } = await signer.sendTransaction({ to: network.addressOf(1), value: 1n });
    await untilSlot(network, slot + 7);
    expect([network.head.number, await network.confirmed()]).to.deep.equal([number, confirmed]);
    for (const survivor of everybody.filter((other) => !victims.includes(other))) {
      expect((await network.storedBlocks(survivor)).at(-1)?.block.number).to.be.at.most(number);
    }
    say(`killed ${victims}: nothing decided above ${number}, nothing confirmed above ${confirmed}, for 5 slots`);

    const startup = await network.restart(first);
    await untilBlocks(network, number, 3, 30);
    const receipt = await network.provider.getTransactionReceipt(transaction);
    const next = [...network.decided.values()].find(({ block }) => block.number === number + 1);
    expect((await network.provider.getBlock(number))?.hash).to.equal(hash);
    expect(receipt).to.include({ status: 1 });
    say(
      `${first} started again in ${startup} ms; block ${number + 1} decided in round ${next?.certificate.round}, ` +
        `the transaction that waited is in block ${receipt?.blockNumber}`,
    );

    await network.restart(...others);
    await untilCaughtUp(network, others);
    await untilTheySign(network, victims);
  });

  it("goes on while one stands still, which catches up when it is let go", async () => {
    const network = chaos();
    const victim = network.random.pick(everybody);
    const thawed = network.freeze(victim, 4 * SLOT);
    await untilSlot(network, network.slot + 1);
    const [begun, { number: before }] = [Date.now() / 1_000, network.head];
    await untilSlot(network, network.slot + 3);
    const votes = network.wiretap.votesSince(begun).filter(({ vote }) => vote.signer === network.addressOf(victim));
    const missed = network.head.number - before;
    await thawed;
    const catchUp = await untilCaughtUp(network, [victim]);
    await untilTheySign(network, [victim]);
    say(`${victim} stood still for 4 slots and missed ${missed} blocks; let go, it had them after ${catchUp} ms`);
    expect(votes).to.deep.equal([]);
    expect(missed).to.be.at.least(1);
  });
}
