import { expect } from "chai";
import fc from "fast-check";
import { loadFixture, networkHelpers } from "../fixture.js";
import { bitsOf, type Certificate, certificateOf, electedOf, seatingOf } from "./certificates.js";
import type { Consortium } from "./world.js";

const GWEI = 10n ** 9n;
/** So that a test can say a voting power in single gwei. */
const rules = { minSelfStake: GWEI };
const electedWith = async (powers: readonly bigint[]) => {
  const world = await electedOf(
    powers.map((power) => power * GWEI),
    { rules },
  );
  await networkHelpers.mine();
  return world;
};
const sixEqual = () => electedWith([7n, 7n, 7n, 7n, 7n, 7n]);
const fourUnequal = () => electedWith([3n, 3n, 3n, 1n]);
/** The largest would have more than a third, and is cut to 9. */
const sixUnequal = () => electedWith([1n, 2n, 3n, 5n, 8n, 13n]);
const twentyOne = () => electedWith(Array.from({ length: 21 }, (_, i) => BigInt(1_000 + 997 * i * i)));

/** Whether the contract would take a certificate, and if not, why. */
async function answerTo({ blockCertifier }: Consortium, certificate: Certificate): Promise<string> {
  try {
    // In the next block: the newest one's hash is not known to itself.
    await blockCertifier.confirm.staticCall(certificate, { blockTag: "pending" });
    return "taken";
  } catch (error) {
    const data = error instanceof Error && "data" in error ? String(error.data) : "0x";
    return blockCertifier.interface.parseError(data)?.name ?? "unknown";
  }
}

const subsetOf = (mask: number, seats: number) =>
  Array.from({ length: seats }, (_, i) => i).filter((i) => (mask >> i) & 1);

async function powerOf(world: Consortium, signers: readonly number[]): Promise<bigint> {
  const { seats } = await seatingOf(world);
  return signers.reduce((power, seat) => power + (seats[seat]?.power ?? 0n), 0n);
}

describe("BlockCertifier.confirm, the quorum", () => {
  it("is more than two thirds of the power: exactly two thirds are refused, one validator more is taken", async () => {
    const world = await loadFixture(sixEqual);
    await expect(world.blockCertifier.confirm(await certificateOf(world, { signers: [0, 2, 3, 5] })))
      .to.be.revertedWithCustomError(world.blockCertifier, "QuorumMissing")
      .withArgs(28n, 42n);
    expect(await answerTo(world, await certificateOf(world, { signers: [0, 1, 2, 3, 5] }))).to.equal("taken");
  });

  it("is reached by the smallest unit of power above two thirds", async () => {
    const world = await loadFixture(fourUnequal);
    expect(await answerTo(world, await certificateOf(world, { signers: [0, 1] }))).to.equal("QuorumMissing");
    expect(await answerTo(world, await certificateOf(world, { signers: [0, 1, 3] }))).to.equal("taken");
  });

  it("is not reached by nobody", async () => {
    const world = await loadFixture(sixEqual);
    await expect(world.blockCertifier.confirm(await certificateOf(world, { signers: [] })))
      .to.be.revertedWithCustomError(world.blockCertifier, "QuorumMissing")
      .withArgs(0n, 42n);
  });

  it("counts power, with the part above the cap left out, for every set of signers", async () => {
    const world = await loadFixture(sixUnequal);
    const { seats, total } = await seatingOf(world);
    expect(seats.map(({ power }) => power)).to.deep.equal([1n, 2n, 3n, 5n, 8n, 9n]);
    for (let mask = 0; mask < 64; mask += 1) {
      const signers = subsetOf(mask, 6);
      const expected = (await powerOf(world, signers)) * 3n > total * 2n ? "taken" : "QuorumMissing";
      expect(await answerTo(world, await certificateOf(world, { signers })), `signers ${signers}`).to.equal(expected);
    }
  });

  it("counts power, for any signers of 21 validators", async () => {
    const world = await loadFixture(twentyOne);
    const { total } = await seatingOf(world);
    await fc.assert(
      fc.asyncProperty(fc.subarray(subsetOf(2 ** 21 - 1, 21), { minLength: 8 }), async (signers) => {
        const expected = (await powerOf(world, signers)) * 3n > total * 2n ? "taken" : "QuorumMissing";
        expect(await answerTo(world, await certificateOf(world, { signers }))).to.equal(expected);
      }),
      { numRuns: 50 },
    );
  });
});

describe("BlockCertifier.confirm, the signatures", () => {
  const refused = async (world: Consortium, certificate: Certificate, seat: number) =>
    expect(world.blockCertifier.confirm(certificate))
      .to.be.revertedWithCustomError(world.blockCertifier, "VoteSignatureInvalid")
      .withArgs(seat);

  const LENGTH = 130;
  const at = (signatures: string, index: number) => signatures.slice(2 + index * LENGTH, 2 + (index + 1) * LENGTH);

  it("stand in the order of the seats", async () => {
    const world = await loadFixture(sixEqual);
    const { seats } = await seatingOf(world);
    const wallets = [0, 1, 3, 2, 4, 5].flatMap((seat) => seats[seat]?.wallet ?? []);
    await refused(world, await certificateOf(world, { wallets }), 2);
  });

  it("are as many as the signers", async () => {
    const world = await loadFixture(sixEqual);
    const certificate = await certificateOf(world);
    const { signatures } = certificate;
    await refused(world, { ...certificate, signatures: signatures.slice(0, -LENGTH) }, 5);
    await refused(world, { ...certificate, signatures: signatures + at(signatures, 5) }, 6);
    await refused(world, { ...certificate, signatures: "0x" }, 0);
    await refused(world, { ...certificate, signers: bitsOf([0, 1, 2, 3, 4]) }, 6);
    await refused(world, { ...certificate, signers: 0n }, 6);
  });

  it("have 65 bytes each", async () => {
    const world = await loadFixture(sixEqual);
    const certificate = await certificateOf(world);
    const { signatures } = certificate;
    await refused(world, { ...certificate, signatures: signatures.slice(0, -2) }, 5);
    await refused(world, { ...certificate, signatures: `${signatures}00` }, 6);
    const firstWithout = `0x${signatures.slice(4)}`;
    await refused(world, { ...certificate, signatures: firstWithout }, 0);
  });

  it("are by the seat's validator, not by another and not by somebody else", async () => {
    const world = await loadFixture(sixEqual);
    const { seats } = await seatingOf(world);
    const [first, second] = seats.map(({ wallet }) => wallet);
    if (first === undefined || second === undefined) throw new Error("There are six seats.");
    const wallets = seats.map(({ wallet }) => (wallet === second ? first : wallet));
    await refused(world, await certificateOf(world, { wallets }), 1);
  });

  it("are of seats that exist", async () => {
    const world = await loadFixture(sixEqual);
    const certificate = await certificateOf(world);
    for (const seat of [6, 7, 127, 128, 255]) {
      await refused(world, { ...certificate, signers: certificate.signers | (1n << BigInt(seat)) }, 6);
    }
  });

  it("cannot be given in their second form: the other s, or v of 0 and 1", async () => {
    const world = await loadFixture(sixEqual);
    const certificate = await certificateOf(world);
    const signature = at(certificate.signatures, 5);
    const others = certificate.signatures.slice(0, -LENGTH);
    const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
    const otherS = (order - BigInt(`0x${signature.slice(64, 128)}`)).toString(16).padStart(64, "0");
    const otherV = signature.endsWith("1b") ? "1c" : "1b";
    await refused(world, { ...certificate, signatures: others + signature.slice(0, 64) + otherS + otherV }, 5);
    const lowV = signature.endsWith("1b") ? "00" : "01";
    await refused(world, { ...certificate, signatures: others + signature.slice(0, 128) + lowV }, 5);
    await refused(world, { ...certificate, signatures: others + "0".repeat(LENGTH) }, 5);
  });

  it("do not hold once a bit of them is changed", async () => {
    const world = await loadFixture(sixEqual);
    const certificate = await certificateOf(world);
    const bytes = Buffer.from(certificate.signatures.slice(2), "hex");
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.nat(7), async (index, bit) => {
        const changed = Buffer.from(bytes);
        changed[index] = (bytes[index] ?? 0) ^ (1 << bit);
        const answer = await answerTo(world, { ...certificate, signatures: `0x${changed.toString("hex")}` });
        expect(answer).to.equal("VoteSignatureInvalid");
      }),
      { numRuns: 60 },
    );
  });

  it("are over every field of the certificate", async () => {
    const world = await loadFixture(sixEqual);
    const certificate = await certificateOf(world);
    const word = `0x${"5a".repeat(32)}`;
    await refused(world, { ...certificate, round: 1 }, 0);
    await refused(world, { ...certificate, stateRoot: word }, 0);
    const [leader] = certificate.leaders;
    if (leader === undefined) throw new Error("There is a leader.");
    const { blockCertifier } = world;
    await expect(blockCertifier.confirm({ ...certificate, leaders: [leader ^ 1n] })).to.be.revertedWithCustomError(
      blockCertifier,
      "LeaderMismatch",
    );
  });

  it("are comparisons, not verdicts", async () => {
    const world = await loadFixture(sixEqual);
    const certificate = await certificateOf(world, { phase: 1 });
    await refused(world, certificate, 0);
  });

  it("are of this deployment: the same contract at the same address with another salt refuses them", async () => {
    const before = await networkHelpers.takeSnapshot();
    const first = await fourUnequal();
    await before.restore();
    const voteSalt = `0x${"5a".repeat(32)}`;
    const second = await electedOf(
      [3n, 3n, 3n, 1n].map((power) => power * GWEI),
      { rules, voteSalt },
    );
    await networkHelpers.mine();
    expect(await second.blockCertifier.getAddress()).to.equal(await first.blockCertifier.getAddress());
    await refused(second, await certificateOf(second), 0);
    expect(await answerTo(second, await certificateOf(second, { salt: voteSalt }))).to.equal("taken");
  });
});
