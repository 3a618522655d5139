import { expect } from "chai";
import { settleEpoch } from "../../src/consensus/settleEpoch.js";
import { loadFixture, time } from "../enrolled.js";
import { expectRefusal } from "./refused.js";
import { coins, confirmUpTo, elected, nextEpoch } from "./staked.js";

describe("settleEpoch", () => {
  it("pays the validators for their blocks", async () => {
    const world = await loadFixture(elected);
    const { blockCertifier, medicalCoin, validatorRegistry, stranger } = world;
    await nextEpoch(world);
    await confirmUpTo(world, 1, await time.latestBlock(), [2, 3, 4, 5, 6]);
    const before = await medicalCoin.balanceOf(validatorRegistry);
    const { epoch, blocks, minted } = await settleEpoch(blockCertifier.connect(stranger));
    expect({ epoch, blocks, minted }).to.deep.equal({ epoch: 1, blocks: 2, minted: coins(8) });
    expect((await medicalCoin.balanceOf(validatorRegistry)) - before).to.equal(minted);
  });

  it("is refused before the epoch is over and confirmed", async () => {
    const world = await loadFixture(elected);
    await expectRefusal(settleEpoch(world.blockCertifier), "EpochNotConfirmed");
    await nextEpoch(world);
    await expectRefusal(settleEpoch(world.blockCertifier), "EpochNotConfirmed");
  });
});
