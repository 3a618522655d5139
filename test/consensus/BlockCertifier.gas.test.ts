import { expect } from "chai";
import { parseEther } from "ethers";
import { loadFixture, networkHelpers } from "../fixture.js";
import { certificateOf, confirm, electedOf, endEpoch, seatAt, seatingOf } from "./certificates.js";
import { signedProposal, signedVote, valueNamed } from "./statements.js";
import type { Consortium } from "./world.js";

/** The most validators that the rules allow, the strongest of which stood last. */
const full = () =>
  electedOf(
    Array.from({ length: 128 }, (_, i) => parseEther(String(1_000 + i))),
    { rules: { seats: 128 } },
  );

async function gasOf(sent: Promise<{ wait(): Promise<{ gasUsed: bigint } | null> }>): Promise<bigint> {
  const receipt = await (await sent).wait();
  return receipt?.gasUsed ?? 0n;
}

/** A tenth of the gas of a block of 30 million. */
const TENTH = 3_000_000n;

describe("BlockCertifier with 128 validators", () => {
  const last = async (world: Consortium) => seatAt(await seatingOf(world, 1), 127).wallet;

  it("confirms a block within a tenth of a block's gas, whoever signed", async () => {
    const world = await loadFixture(full);
    await networkHelpers.mine();
    const { blockCertifier } = world;
    const certificate = await certificateOf(world);
    expect(await gasOf(blockCertifier.confirm(certificate))).to.be.lessThan(TENTH);
    const { signed } = await blockCertifier.participationOf(1, 127);
    expect(signed).to.equal(certificate.leaders.length);
  });

  it("settles an epoch within half a block's gas, even if it jails as many as can be down", async () => {
    const world = await loadFixture(full);
    const { blockCertifier, validatorRegistry } = world;
    await endEpoch(world, 20);
    // Seats 0 to 39 hold less than a third.
    const signers = Array.from({ length: 88 }, (_, i) => 40 + i);
    await confirm(world, { epoch: 1, height: (await seatingOf(world)).firstBlock - 1, signers });
    expect(await gasOf(blockCertifier.settleEpoch())).to.be.lessThan(5n * TENTH);
    expect(await validatorRegistry.standingCount()).to.equal(88n);
  });

  it("takes evidence against the last of them within a tenth of a block's gas", async () => {
    const world = await loadFixture(full);
    const { blockCertifier } = world;
    const wallet = await last(world);
    const other = seatAt(await seatingOf(world, 1), 126).wallet;
    const [one, second] = [await signedVote(world, wallet), await signedVote(world, other, valueNamed("another"))];
    expect(await gasOf(blockCertifier.recordDispute(one, second))).to.be.lessThan(TENTH);
    const double = [await signedProposal(world, wallet), await signedProposal(world, wallet, valueNamed("b"))] as const;
    await blockCertifier.reportDoubleProposal.staticCall(...double);
    const equivocation = blockCertifier.reportEquivocation(one, await signedVote(world, wallet, valueNamed("b")));
    expect(await gasOf(equivocation)).to.be.lessThan(TENTH);
  });
});
