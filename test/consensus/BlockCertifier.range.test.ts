import { expect } from "chai";
import { hexlify, parseEther, randomBytes, ZeroHash } from "ethers";
import { loadFixture, networkHelpers } from "../fixture.js";
import {
  type CertificateOptions,
  certificateOf,
  confirm,
  electedOf,
  endEpoch,
  leaderOf,
  leadersOf,
  leaderWord,
  type Seating,
  seatingOf,
} from "./certificates.js";
import type { Consortium } from "./world.js";

const stakes = [1n, 2n, 3n, 4n, 5n, 6n].map((share) => share * parseEther("2000"));

/** Twenty blocks, of which the first five are confirmed. */
async function fiveOfTwentyConfirmed(): Promise<Consortium> {
  const world = await electedOf(stakes);
  await networkHelpers.mine(20);
  await confirm(world, { height: (await seatingOf(world)).firstBlock + 4 });
  return world;
}

const outsideTheSchedule = async () => {
  const world = await electedOf(stakes, { followsSchedule: false });
  await networkHelpers.mine(3);
  return world;
};

async function refused(world: Consortium, options: CertificateOptions, error: string, args: readonly unknown[]) {
  const { blockCertifier } = world;
  await expect(blockCertifier.confirm(await certificateOf(world, options)))
    .to.be.revertedWithCustomError(blockCertifier, error)
    .withArgs(...args);
}

describe("BlockCertifier.confirm, the range", () => {
  it("refuses a gap", async () => {
    const world = await loadFixture(fiveOfTwentyConfirmed);
    const { firstBlock } = await seatingOf(world);
    const [height, start] = [firstBlock + 9, firstBlock + 5];
    await refused(world, { from: start + 1, height }, "RangeMismatch", [start, height, 4]);
  });

  it("refuses a block that is confirmed, alone or within a range", async () => {
    const world = await loadFixture(fiveOfTwentyConfirmed);
    const { firstBlock } = await seatingOf(world);
    const start = firstBlock + 5;
    await refused(world, { from: start - 1, height: start - 1 }, "RangeMismatch", [start, start - 1, 1]);
    await refused(world, { from: firstBlock, height: firstBlock }, "RangeMismatch", [start, firstBlock, 1]);
    await refused(world, { from: start - 1, height: start + 2 }, "RangeMismatch", [start, start + 2, 4]);
  });

  it("refuses the same certificate twice", async () => {
    const world = await loadFixture(fiveOfTwentyConfirmed);
    const { blockCertifier } = world;
    const certificate = await confirm(world);
    const { height, leaders } = certificate;
    await expect(blockCertifier.confirm(certificate))
      .to.be.revertedWithCustomError(blockCertifier, "RangeMismatch")
      .withArgs(height + 1, height, leaders.length);
  });

  it("refuses no leader, one too few and one too many", async () => {
    const world = await loadFixture(fiveOfTwentyConfirmed);
    const seating = await seatingOf(world);
    const [start, height] = [seating.firstBlock + 5, seating.firstBlock + 8];
    const leaders = leadersOf(seating, start, height + 1);
    await refused(world, { height, leaders: [] }, "RangeMismatch", [start, height, 0]);
    await refused(world, { height, leaders: leaders.slice(0, 3) }, "RangeMismatch", [start, height, 3]);
    await refused(world, { height, leaders }, "RangeMismatch", [start, height, 5]);
  });

  it("refuses a block before the epoch and one after it", async () => {
    const world = await loadFixture(fiveOfTwentyConfirmed);
    const { firstBlock } = await seatingOf(world);
    const outside = (height: number, endBlock: bigint | number) =>
      refused(world, { epoch: 1, from: height, height }, "HeightOutsideEpoch", [height, firstBlock, endBlock]);
    await outside(firstBlock - 1, 2n ** 256n - 1n);
    await outside(0, 2n ** 256n - 1n);
    await endEpoch(world, 30);
    await networkHelpers.mine();
    await outside(firstBlock + 30, firstBlock + 30);
    await outside(Number.MAX_SAFE_INTEGER, firstBlock + 30);
  });

  it("refuses an epoch that is not there yet", async () => {
    const world = await loadFixture(fiveOfTwentyConfirmed);
    const certificate = await certificateOf(world);
    for (const epoch of [0, 2, 2 ** 32 - 1]) {
      await expect(world.blockCertifier.confirm({ ...certificate, epoch }))
        .to.be.revertedWithCustomError(world.validatorRegistry, "EpochUnknown")
        .withArgs(epoch);
    }
  });
});

describe("BlockCertifier.confirm, the block's hash", () => {
  const word = hexlify(randomBytes(32));

  it("is the chain's", async () => {
    const world = await loadFixture(fiveOfTwentyConfirmed);
    const { height } = await certificateOf(world);
    await refused(world, { blockHash: word }, "BlockHashMismatch", [height, word]);
    await refused(world, { blockHash: ZeroHash }, "BlockHashMismatch", [height, ZeroHash]);
  });

  it("is not another block's", async () => {
    const world = await loadFixture(fiveOfTwentyConfirmed);
    const certificate = await certificateOf(world);
    const { height, blockHash } = certificate;
    await refused(world, { height: height - 1, blockHash }, "BlockHashMismatch", [height - 1, blockHash]);
  });

  it("is unknown of the block that the transaction is in, and of all to come", async () => {
    const world = await loadFixture(fiveOfTwentyConfirmed);
    const { height } = await certificateOf(world);
    for (const future of [height + 1, height + 2, height + 400]) {
      for (const blockHash of [word, ZeroHash]) {
        await refused(world, { height: future, blockHash }, "BlockHashMismatch", [future, blockHash]);
      }
    }
  });

  it("is checked of the last 256 blocks, and left to the signatures before", async () => {
    const world = await loadFixture(fiveOfTwentyConfirmed);
    const { firstBlock } = await seatingOf(world);
    const height = firstBlock + 9;
    const latest = await networkHelpers.time.latestBlock();
    await networkHelpers.mine(height + 255 - latest);
    await refused(world, { height, blockHash: word }, "BlockHashMismatch", [height, word]);
    await networkHelpers.mine();
    await confirm(world, { height, blockHash: word });
    expect(await world.blockCertifier.confirmedHeight()).to.equal(height);
  });
});

describe("BlockCertifier.confirm, the leaders", () => {
  /** Certificates of the blocks after the confirmed ones, with the first and the second leader changed. */
  async function withLeaders(world: Consortium, change: (slot: number, seating: Seating) => readonly bigint[]) {
    const seating = await seatingOf(world);
    const confirmed = Number(await world.blockCertifier.confirmedHeight());
    const from = Math.max(confirmed + 1, seating.firstBlock);
    const leaders = change(seating.firstSlot + from - seating.firstBlock, seating);
    return { height: from + leaders.length - 1, leaders };
  }

  const scheduled = (seating: Seating, slot: number) => leaderWord(slot, leaderOf(seating, slot));

  it("are the validators whose slots they are", async () => {
    const world = await loadFixture(fiveOfTwentyConfirmed);
    const seating = await seatingOf(world);
    const firstSlot = seating.firstSlot + 5;
    const other = (leaderOf(seating, firstSlot) + 1) % 6;
    const wrong = [leaderWord(firstSlot, other), scheduled(seating, firstSlot + 1)];
    await refused(world, await withLeaders(world, () => wrong), "LeaderMismatch", [firstSlot, other]);
    const last = [scheduled(seating, firstSlot), leaderWord(firstSlot + 1, (leaderOf(seating, firstSlot + 1) + 1) % 6)];
    await refused(world, await withLeaders(world, () => last), "LeaderMismatch", [
      firstSlot + 1,
      (leaderOf(seating, firstSlot + 1) + 1) % 6,
    ]);
  });

  it("come in ascending slots", async () => {
    const world = await loadFixture(fiveOfTwentyConfirmed);
    for (const step of [0, -1]) {
      const options = await withLeaders(world, (slot, seating) => [
        scheduled(seating, slot + 5),
        scheduled(seating, slot + 5 + step),
      ]);
      const seating = await seatingOf(world);
      const slot = seating.firstSlot + 10 + step;
      await refused(world, options, "LeaderMismatch", [slot, leaderOf(seating, slot)]);
    }
  });

  it("are never of slot 0, in which nobody was elected yet", async () => {
    const world = await loadFixture(outsideTheSchedule);
    await refused(world, await withLeaders(world, () => [leaderWord(0, 3)]), "LeaderMismatch", [0, 3]);
  });

  it("have seats that exist, on the schedule or not", async () => {
    for (const fixture of [fiveOfTwentyConfirmed, outsideTheSchedule]) {
      const world = await loadFixture(fixture);
      for (const seat of [6, 127, 255]) {
        const options = await withLeaders(world, (slot) => [leaderWord(slot, seat)]);
        const { firstSlot, firstBlock } = await seatingOf(world);
        const slot = firstSlot + options.height - firstBlock;
        await refused(world, options, "LeaderMismatch", [slot, seat]);
      }
    }
  });

  it("are whoever made the blocks, where the schedule is not followed", async () => {
    const world = await loadFixture(outsideTheSchedule);
    const seating = await seatingOf(world);
    const other = (leaderOf(seating, seating.firstSlot) + 1) % 6;
    await confirm(world, await withLeaders(world, (slot) => [leaderWord(slot, other)]));
    const { led } = await world.blockCertifier.participationOf(1, other);
    expect(led).to.equal(1n);
  });
});
