import { expect } from "chai";
import { recentBlocks, slotClockOf } from "../../src/consensus/recentBlocks.js";
import { ethers, loadFixture, networkHelpers, time } from "../enrolled.js";
import { candidates, elected, nextEpoch } from "./staked.js";

describe("recentBlocks", () => {
  it("tells slot, maker and leader of the last blocks, the oldest first", async () => {
    const { validatorRegistry: registry } = await loadFixture(elected);
    await networkHelpers.mine(7, { interval: 9 });
    const head = await time.latestBlock();
    const blocks = await recentBlocks(registry, head, 3);
    expect(blocks.map(({ number }) => number)).to.deep.equal([head - 2, head - 1, head]);
    for (const { number, slot, miner, leader } of blocks) {
      const block = await ethers.provider.getBlock(number);
      expect(slot).to.equal(Number(await registry.slotOf(block?.timestamp ?? 0)));
      expect(miner).to.equal(block?.miner);
      expect(leader).to.equal(await registry.leaderAt(slot));
    }
  });

  it("tells nothing of slots from before the first election", async () => {
    const world = await loadFixture(candidates);
    const { validatorRegistry: registry } = world;
    expect(await recentBlocks(registry, await time.latestBlock(), 10)).to.deep.equal([]);
    await nextEpoch(world);
    const election = await time.latestBlock();
    expect(await recentBlocks(registry, election, 10)).to.deep.equal([]);
    await time.increase(4);
    await time.increase(4);
    const numbers = (await recentBlocks(registry, election + 2, 10)).map(({ number }) => number);
    expect(numbers).to.deep.equal([election + 1, election + 2]);
  });

  it("tells nothing of epochs that are not kept", async () => {
    const world = await loadFixture(elected);
    const { validatorRegistry: registry } = world;
    const starts = [await time.latestBlock()];
    for (let epoch = 2; epoch <= 66; epoch++) {
      await nextEpoch(world);
      starts.push(await time.latestBlock());
    }
    const [first] = await recentBlocks(registry, await time.latestBlock(), 256);
    // Epoch 66 and the 63 before are kept; epoch n begins after the block that elected it.
    expect(first?.number).to.equal((starts[2] ?? 0) + 1);
  });

  it("reads as many as it is asked to, and none for 0", async () => {
    const { validatorRegistry: registry } = await loadFixture(elected);
    await networkHelpers.mine(300, { interval: 4 });
    const head = await time.latestBlock();
    expect(await recentBlocks(registry, head, 0)).to.deep.equal([]);
    expect(await recentBlocks(registry, head, 1_000)).to.have.length(256);
  });
});

describe("slotClockOf", () => {
  it("tells how the deployment counts time", async () => {
    const { validatorRegistry: registry } = await loadFixture(elected);
    expect(await slotClockOf(registry)).to.deep.equal({ genesis: 0, slotTime: 4 });
  });
});
