import { expect } from "chai";
import { parseEther } from "ethers";
import { loadFixture, networkHelpers } from "../fixture.js";
import { confirm, electedOf, endEpoch, leadersOf, leaderWord, seatingOf, skipTo } from "./certificates.js";
import type { Consortium } from "./world.js";

const COINS = parseEther("2000");
const six = () => electedOf([1n, 2n, 3n, 4n, 5n, 6n].map((share) => share * COINS));
const twentyOne = () => electedOf(Array.from({ length: 21 }, (_, i) => BigInt(i + 10) * COINS));
const sixOutsideTheSchedule = () =>
  electedOf(
    [1n, 2n, 3n, 4n, 5n, 6n].map((share) => share * COINS),
    { followsSchedule: false },
  );

async function participationOf({ blockCertifier }: Consortium, epoch: number, seats: number) {
  const counters = await Promise.all(
    Array.from({ length: seats }, (_, seat) => blockCertifier.participationOf(epoch, seat)),
  );
  return { signed: counters.map(({ signed }) => Number(signed)), led: counters.map(({ led }) => Number(led)) };
}

/** How many of the leaders sit on each seat. */
function tallyOf(leaders: readonly bigint[], seats: number): number[] {
  return Array.from({ length: seats }, (_, seat) => leaders.filter((leader) => Number(leader & 0xffn) === seat).length);
}

describe("BlockCertifier.participationOf", () => {
  it("is nothing before the first certificate", async () => {
    const world = await loadFixture(six);
    expect(await participationOf(world, 1, 8)).to.deep.equal({ signed: Array(8).fill(0), led: Array(8).fill(0) });
  });

  it("counts a range's blocks for its signers, and each block for its leader", async () => {
    const world = await loadFixture(six);
    const seating = await seatingOf(world);
    await networkHelpers.mine(31);
    await confirm(world, { height: seating.firstBlock + 9, signers: [1, 2, 3, 4, 5] });
    await confirm(world, { height: seating.firstBlock + 10, signers: [0, 1, 3, 4, 5] });
    await confirm(world, { height: seating.firstBlock + 30, signers: [2, 3, 4, 5] });
    expect(await participationOf(world, 1, 6)).to.deep.equal({
      signed: [1, 11, 30, 31, 31, 31],
      led: tallyOf(leadersOf(seating, seating.firstBlock, seating.firstBlock + 30), 6),
    });
  });

  it("counts seats of several words apart", async () => {
    const world = await loadFixture(twentyOne);
    const seating = await seatingOf(world);
    const height = seating.firstBlock + 99;
    await networkHelpers.mine(100);
    const signers = Array.from({ length: 21 }, (_, seat) => seat).filter((seat) => ![0, 7, 8, 15].includes(seat));
    await confirm(world, { height, signers });
    const { signed, led } = await participationOf(world, 1, 24);
    expect(signed).to.deep.equal(Array.from({ length: 24 }, (_, seat) => (signers.includes(seat) ? 100 : 0)));
    expect(led).to.deep.equal(tallyOf(leadersOf(seating, seating.firstBlock, height), 24));
  });

  it("begins anew with each epoch", async () => {
    const world = await loadFixture(six);
    const { firstBlock } = await seatingOf(world);
    await endEpoch(world, 12);
    await confirm(world, { epoch: 1, height: firstBlock + 11, signers: [2, 3, 4, 5] });
    const next = await seatingOf(world);
    await networkHelpers.mine(2);
    await confirm(world, { height: next.firstBlock + 2 });
    expect((await participationOf(world, 1, 6)).signed).to.deep.equal([0, 0, 12, 12, 12, 12]);
    expect(await participationOf(world, 2, 6)).to.deep.equal({
      signed: [3, 3, 3, 3, 3, 3],
      led: tallyOf(leadersOf(next, next.firstBlock, next.firstBlock + 2), 6),
    });
  });

  it("counts the first 65,535 blocks of an epoch, and none after them", async () => {
    const world = await loadFixture(sixOutsideTheSchedule);
    const { firstBlock, firstSlot } = await seatingOf(world);
    const confirmUpTo = async (blocks: number, signers: readonly number[]) => {
      const from = Number(await world.blockCertifier.confirmedHeight()) + 1 - firstBlock;
      const leaders = Array.from({ length: blocks - from }, (_, i) => leaderWord(firstSlot + from + i, 3));
      await confirm(world, { height: firstBlock + blocks - 1, leaders, signers });
    };
    await networkHelpers.mine(65_537);
    await skipTo(world, firstBlock + 65_529);
    await confirmUpTo(65_534, [0, 1, 2, 3, 4, 5]);
    await confirmUpTo(65_535, [1, 2, 3, 4, 5]);
    const full = { signed: [4, 5, 5, 5, 5, 5], led: [0, 0, 0, 5, 0, 0] };
    expect(await participationOf(world, 1, 6)).to.deep.equal(full);
    await confirmUpTo(65_536, [0, 1, 2, 3, 4, 5]);
    await confirmUpTo(65_537, [0, 1, 2, 3, 4, 5]);
    expect(await participationOf(world, 1, 6)).to.deep.equal(full);
    expect(await world.blockCertifier.confirmedHeight()).to.equal(firstBlock + 65_536);
  });
});
