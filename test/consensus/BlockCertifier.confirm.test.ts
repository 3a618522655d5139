import { expect } from "chai";
import { parseEther, ZeroHash } from "ethers";
import { ethers, loadFixture, networkHelpers } from "../fixture.js";
import {
  bitsOf,
  certificateOf,
  confirm,
  electedOf,
  endEpoch,
  hashLeaders,
  leaderOf,
  leadersOf,
  seatingOf,
} from "./certificates.js";
import { type Consortium, consortiumOf, elect } from "./world.js";

const COINS = parseEther("2000");
const stakes = [1n, 2n, 3n, 4n, 5n, 6n].map((share) => share * COINS);
const six = () => electedOf(stakes);
const sixOutsideTheSchedule = () => electedOf(stakes, { followsSchedule: false });
const sixUnelected = () => consortiumOf(stakes);

/** What the contract remembers of the chain. */
async function confirmedOf({ blockCertifier }: Consortium) {
  const [height, epoch, leadersHash] = await Promise.all([
    blockCertifier.confirmedHeight(),
    blockCertifier.confirmedEpoch(),
    blockCertifier.leadersHash(),
  ]);
  return { height: Number(height), epoch: Number(epoch), leadersHash };
}

describe("BlockCertifier.confirm", () => {
  it("has nothing confirmed at first", async () => {
    const world = await loadFixture(sixUnelected);
    expect(await confirmedOf(world)).to.deep.equal({ height: 0, epoch: 0, leadersHash: ZeroHash });
  });

  it("refuses a certificate before the first election", async () => {
    const world = await loadFixture(sixUnelected);
    const certificate = {
      epoch: 0,
      height: await ethers.provider.getBlockNumber(),
      round: 0,
      blockHash: ZeroHash,
      stateRoot: ZeroHash,
      leaders: [],
      signers: 0n,
      signatures: "0x",
    };
    for (const epoch of [0, 1, 2]) {
      await expect(world.blockCertifier.confirm({ ...certificate, epoch }))
        .to.be.revertedWithCustomError(world.validatorRegistry, "EpochUnknown")
        .withArgs(epoch);
    }
  });

  it("confirms the first block after the first election, whoever sends the certificate", async () => {
    const world = await loadFixture(six);
    const { blockCertifier, stranger } = world;
    await networkHelpers.mine();
    const { firstBlock } = await seatingOf(world);
    const certificate = await certificateOf(world, { height: firstBlock, round: 3 });
    expect(certificate.leaders).to.have.length(1);
    await expect(blockCertifier.connect(stranger).confirm(certificate))
      .to.emit(blockCertifier, "BlockConfirmed")
      .withArgs(firstBlock, 1, 3, certificate.blockHash, certificate.stateRoot, bitsOf([0, 1, 2, 3, 4, 5]));
    expect(await confirmedOf(world)).to.deep.equal({
      height: firstBlock,
      epoch: 1,
      leadersHash: hashLeaders(certificate.leaders),
    });
  });

  it("confirms block after block, and carries the hash of the leaders on", async () => {
    const world = await loadFixture(six);
    const seating = await seatingOf(world);
    await networkHelpers.mine();
    for (let height = seating.firstBlock; height < seating.firstBlock + 5; height += 1)
      await confirm(world, { height });
    const last = seating.firstBlock + 4;
    expect(await confirmedOf(world)).to.deep.equal({
      height: last,
      epoch: 1,
      leadersHash: hashLeaders(leadersOf(seating, seating.firstBlock, last)),
    });
  });

  it("confirms a range of several leaders by the certificate of its last block", async () => {
    const world = await loadFixture(six);
    const seating = await seatingOf(world);
    await networkHelpers.mine(40);
    await confirm(world, { height: seating.firstBlock + 9 });
    const height = seating.firstBlock + 39;
    const certificate = await certificateOf(world, { height, signers: [2, 3, 4, 5] });
    expect(certificate.leaders).to.have.length(30);
    expect(new Set(certificate.leaders.map((leader) => leader & 0xffn)).size).to.be.greaterThan(3);
    await expect(world.blockCertifier.confirm(certificate))
      .to.emit(world.blockCertifier, "BlockConfirmed")
      .withArgs(height, 1, 0, certificate.blockHash, certificate.stateRoot, bitsOf([2, 3, 4, 5]));
    const leadersHash = hashLeaders(leadersOf(seating, seating.firstBlock, height));
    expect(await confirmedOf(world)).to.deep.equal({ height, epoch: 1, leadersHash });
  });

  it("confirms blocks between which slots were empty", async () => {
    const world = await loadFixture(six);
    const seating = await seatingOf(world);
    await networkHelpers.mine(3);
    const slots = [3, 4, 900].map((gap) => seating.firstSlot + gap);
    const leaders = slots.map((slot) => (BigInt(slot) << 8n) | BigInt(leaderOf(seating, slot)));
    await confirm(world, { leaders });
    expect((await confirmedOf(world)).leadersHash).to.equal(hashLeaders(leaders));
  });

  it("confirms any maker of a block where the engine rotates proposers itself", async () => {
    const world = await loadFixture(sixOutsideTheSchedule);
    const { firstSlot } = await seatingOf(world);
    await networkHelpers.mine(12);
    const leaders = Array.from({ length: 12 }, (_, i) => (BigInt(firstSlot + i) << 8n) | BigInt(i % 6));
    await confirm(world, { leaders });
    expect((await confirmedOf(world)).leadersHash).to.equal(hashLeaders(leaders));
    expect(await world.blockCertifier.followsSchedule()).to.equal(false);
  });

  it("confirms the block that it is asked about to the newest one, in its own transaction's block", async () => {
    const world = await loadFixture(six);
    await networkHelpers.mine();
    for (let i = 0; i < 4; i += 1) await confirm(world);
    expect((await confirmedOf(world)).height).to.equal((await ethers.provider.getBlockNumber()) - 1);
  });

  it("takes the blocks up to an election from the old set, and the ones after it from the new", async () => {
    const world = await loadFixture(six);
    const { firstBlock } = await seatingOf(world);
    await endEpoch(world, 20);
    const electing = firstBlock + 19;
    await networkHelpers.mine(5);
    await expect(world.blockCertifier.confirm(await certificateOf(world, { epoch: 1, height: electing + 1 })))
      .to.be.revertedWithCustomError(world.blockCertifier, "HeightOutsideEpoch")
      .withArgs(electing + 1, firstBlock, electing + 1);
    await expect(world.blockCertifier.confirm(await certificateOf(world, { epoch: 2, height: electing })))
      .to.be.revertedWithCustomError(world.blockCertifier, "HeightOutsideEpoch")
      .withArgs(electing, electing + 1, 2n ** 256n - 1n);
    await confirm(world, { epoch: 1, height: electing });
    expect((await confirmedOf(world)).epoch).to.equal(1);

    const next = await certificateOf(world, { epoch: 2, height: electing + 3 });
    await world.blockCertifier.confirm(next);
    expect(await confirmedOf(world)).to.deep.equal({
      height: electing + 3,
      epoch: 2,
      leadersHash: hashLeaders(next.leaders),
    });
  });

  it("refuses the new set's first block while the old one's tail is missing", async () => {
    const world = await loadFixture(six);
    const { firstBlock } = await seatingOf(world);
    await endEpoch(world, 20);
    await networkHelpers.mine(2);
    await confirm(world, { epoch: 1, height: firstBlock + 18 });
    const early = await certificateOf(world, { epoch: 2, from: firstBlock + 20, height: firstBlock + 21 });
    await expect(world.blockCertifier.confirm(early))
      .to.be.revertedWithCustomError(world.blockCertifier, "RangeMismatch")
      .withArgs(firstBlock + 19, firstBlock + 21, 2);
    await confirm(world, { epoch: 1, height: firstBlock + 19 });
    await confirm(world, { epoch: 2 });
    expect((await confirmedOf(world)).epoch).to.equal(2);
  });

  it("knows the set of another epoch from its own", async () => {
    const world = await loadFixture(six);
    await networkHelpers.mine();
    await confirm(world);
    const last = world.institutions[5];
    if (last === undefined) throw new Error("There are six institutions.");
    await world.validatorRegistry.connect(last.operator).resign(last.candidate);
    await elect(world);
    const { seats } = await seatingOf(world);
    expect(seats.map(({ candidate }) => candidate)).to.deep.equal([1, 2, 3, 4, 5]);
    await networkHelpers.mine();
    await confirm(world, { epoch: 1, height: (await seatingOf(world)).firstBlock - 1, signers: [2, 3, 4, 5] });
    await confirm(world, { epoch: 2, signers: [1, 2, 3, 4] });
    expect((await confirmedOf(world)).epoch).to.equal(2);
  });

  it("confirms blocks that are older than the hashes that the chain keeps, by their signatures", async () => {
    const world = await loadFixture(six);
    const { firstBlock } = await seatingOf(world);
    await networkHelpers.mine(300);
    await confirm(world, { height: firstBlock + 10 });
    await confirm(world, { height: firstBlock + 200 });
    expect((await confirmedOf(world)).height).to.equal(firstBlock + 200);
  });
});

describe("BlockCertifier.confirm, after 64 epochs without", () => {
  it("starts anew with the oldest epoch whose set is kept, and with no other", async () => {
    const world = await loadFixture(six);
    const { blockCertifier, validatorRegistry } = world;
    await networkHelpers.mine();
    await confirm(world);
    const { height } = await confirmedOf(world);

    await elect(world, 63);
    expect(await validatorRegistry.oldestEpoch()).to.equal(1);
    const early = await certificateOf(world, { epoch: 2, from: (await seatingOf(world, 2)).firstBlock });
    const second = { ...early, height: (await seatingOf(world, 3)).firstBlock - 1, leaders: early.leaders.slice(0, 1) };
    await expect(blockCertifier.confirm(second))
      .to.be.revertedWithCustomError(blockCertifier, "RangeMismatch")
      .withArgs(height + 1, second.height, 1);

    await elect(world);
    expect(await validatorRegistry.oldestEpoch()).to.equal(2);
    await expect(blockCertifier.confirm({ ...second, epoch: 1 }))
      .to.be.revertedWithCustomError(validatorRegistry, "EpochUnknown")
      .withArgs(1);
    const third = await seatingOf(world, 3);
    await expect(
      blockCertifier.confirm(
        await certificateOf(world, { epoch: 3, from: third.firstBlock, height: third.firstBlock }),
      ),
    ).to.be.revertedWithCustomError(blockCertifier, "RangeMismatch");

    const certificate = await certificateOf(world, { epoch: 2, height: third.firstBlock - 1 });
    await blockCertifier.confirm(certificate);
    expect(await confirmedOf(world)).to.deep.equal({
      height: third.firstBlock - 1,
      epoch: 2,
      leadersHash: hashLeaders(certificate.leaders),
    });
    await confirm(world, { epoch: 3, height: third.firstBlock });
    expect((await confirmedOf(world)).epoch).to.equal(3);
  });
});
