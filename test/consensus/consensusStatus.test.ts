import { expect } from "chai";
import { consensusStatus } from "../../src/consensus/consensusStatus.js";
import { delegate } from "../../src/consensus/delegate.js";
import { resign } from "../../src/consensus/resign.js";
import { BlockUnknown } from "../../src/provider.js";
import { loadFixture, networkHelpers, rejection, time } from "../enrolled.js";
import { registryOf } from "./refused.js";
import { candidates, coins, confirmUpTo, elected, nextEpoch, RULES } from "./staked.js";

describe("consensusStatus", () => {
  it("tells who validates, with what stake and what share", async () => {
    const world = await loadFixture(elected);
    const startedAt = await time.latest();
    const electingBlock = await time.latestBlock();
    await delegate(world.validatorRegistry.connect(world.delegator), 2, coins(50));
    await resign(registryOf(world, 6), 6);
    const status = await consensusStatus(world);
    expect(status).to.include({
      head: await time.latestBlock(),
      slot: Math.floor((await time.latest()) / 4),
      confirmed: electingBlock,
      epoch: 1,
      nextElection: startedAt + RULES.epochLength,
    });
    expect(status.candidates).to.deep.equal({ standing: 5, jailed: [], tombstoned: [] });
    const told = status.validators.map((validator) => [
      validator.candidate,
      validator.stake,
      validator.share,
      validator.status,
    ]);
    // Who came later, and who resigns, counts from the next election on.
    expect(told).to.deep.equal([
      [2, coins(250), 0.1, "Standing"],
      [3, coins(300), 0.15, "Standing"],
      [4, coins(400), 0.2, "Standing"],
      [5, coins(500), 0.25, "Standing"],
      [6, coins(600), 0.3, "Resigned"],
    ]);
    expect(status.validators.map(({ address }) => address)).to.deep.equal(
      await world.validatorRegistry.getValidators(),
    );
  });

  it("tells who takes part, by what is confirmed of the epoch", async () => {
    const world = await loadFixture(elected);
    const { epoch, validators, confirmedInEpoch } = await consensusStatus(world);
    expect({ epoch, confirmedInEpoch }).to.deep.equal({ epoch: 1, confirmedInEpoch: 0 });
    for (const { participation } of validators) expect(participation).to.equal(1);

    await networkHelpers.mine();
    const first = await time.latestBlock();
    await confirmUpTo(world, 1, first, [2, 3, 4, 5, 6]);
    await confirmUpTo(world, 1, first + 1, [4, 5, 6]);
    const after = await consensusStatus(world);
    expect(after).to.include({ confirmed: first + 1, confirmedInEpoch: 2 });
    const work = after.validators.map(({ candidate, signed, led, participation }) => [
      candidate,
      signed,
      led,
      participation,
    ]);
    expect(work).to.deep.equal([
      [2, 1, 2, 0.5],
      [3, 1, 0, 0.5],
      [4, 2, 0, 1],
      [5, 2, 0, 1],
      [6, 2, 0, 1],
    ]);

    await nextEpoch(world);
    const fresh = await consensusStatus(world);
    expect(fresh).to.include({ epoch: 2, confirmed: first + 1, confirmedInEpoch: 0 });
    for (const { signed, participation } of fresh.validators) {
      expect({ signed, participation }).to.deep.equal({ signed: 0, participation: 1 });
    }
  });

  it("tells whose turn the next slots are, as the contract does", async () => {
    const world = await loadFixture(elected);
    const { nextLeaders, slot } = await consensusStatus(world, { upcoming: 12 });
    expect(nextLeaders.map((next) => next.slot)).to.deep.equal(Array.from({ length: 12 }, (_, at) => slot + 1 + at));
    for (const next of nextLeaders) {
      expect(next.leader).to.equal(await world.validatorRegistry.leaderAt(next.slot));
    }
  });

  it("tells the last blocks, ten or as many as asked for", async () => {
    const world = await loadFixture(elected);
    await networkHelpers.mine(20, { interval: 4 });
    const { head, recent } = await consensusStatus(world);
    expect(recent).to.have.length(10);
    expect(recent.at(-1)?.number).to.equal(head);
    expect((await consensusStatus(world, { recent: 2 })).recent).to.have.length(2);
  });

  it("tells of an earlier block what was true then", async () => {
    const world = await loadFixture(elected);
    const blockTag = await time.latestBlock();
    const before = await consensusStatus(world);
    await delegate(world.validatorRegistry.connect(world.delegator), 2, coins(50));
    await resign(registryOf(world, 6), 6);
    await nextEpoch(world);
    expect(await consensusStatus(world, { blockTag })).to.deep.equal(before);
    expect(await rejection(consensusStatus(world, { blockTag: 10_000 }))).to.be.instanceOf(BlockUnknown);
  });

  it("tells of nobody before the first election", async () => {
    const world = await loadFixture(candidates);
    const status = await consensusStatus(world);
    expect(status).to.deep.include({
      confirmed: 0,
      epoch: 0,
      nextElection: undefined,
      confirmedInEpoch: 0,
      validators: [],
      nextLeaders: [],
      recent: [],
    });
    expect(status.candidates.standing).to.equal(6);
  });
});
