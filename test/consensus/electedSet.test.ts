import { expect } from "chai";
import { currentEpochOf, electedSetOf } from "../../src/consensus/electedSet.js";
import { loadFixture, time } from "../enrolled.js";
import { expectRefusal } from "./refused.js";
import { candidates, coins, elected, nextEpoch } from "./staked.js";

describe("electedSetOf", () => {
  it("gives an epoch's validators, with the block that ends it", async () => {
    const world = await loadFixture(elected);
    const { validatorRegistry: registry } = world;
    const { epoch, endBlock, set } = await electedSetOf(registry, 1);
    expect({ number: epoch.number, endBlock, total: set.total }).to.deep.equal({
      number: 1,
      endBlock: undefined,
      total: coins(2_000) / 10n ** 9n,
    });
    expect(set.seats.map(({ validator }) => validator)).to.deep.equal(await registry.getValidators());
    await nextEpoch(world);
    expect((await electedSetOf(registry, 1)).endBlock).to.equal((await time.latestBlock()) + 1);
    expect((await electedSetOf(registry, 2)).epoch.firstBlock).to.equal((await time.latestBlock()) + 1);
  });

  it("leads the slots that the contract says", async () => {
    const { validatorRegistry: registry } = await loadFixture(elected);
    const { epoch, set } = await electedSetOf(registry, 1);
    for (let slot = epoch.firstSlot; slot < epoch.firstSlot + 20; slot++) {
      expect(set.seats[set.leaderSeat(slot)]?.validator).to.equal(await registry.leaderAt(slot));
    }
  });

  it("is refused for epochs that are not kept", async () => {
    const { validatorRegistry: registry } = await loadFixture(elected);
    await expectRefusal(electedSetOf(registry, 2), "EpochUnknown");
    await expectRefusal(electedSetOf(registry, 0), "EpochUnknown");
  });
});

describe("currentEpochOf", () => {
  it("is 0 before the first election, and can look back", async () => {
    const world = await loadFixture(candidates);
    const { validatorRegistry: registry } = world;
    const before = await time.latestBlock();
    expect((await currentEpochOf(registry)).number).to.equal(0);
    await nextEpoch(world);
    expect((await currentEpochOf(registry)).number).to.equal(1);
    expect((await currentEpochOf(registry, before)).number).to.equal(0);
  });
});
