import { expect } from "chai";
import { costOf, intrinsicGas } from "../../../scripts/bench/trace.js";
import { ethers, healthchain, loadFixture } from "../../fixture.js";

describe("scripts/bench/trace", () => {
  it("counts the intrinsic gas of calldata", () => {
    expect(intrinsicGas("0x")).to.equal(21_000);
    expect(intrinsicGas("0x00ff00")).to.equal(21_000 + 4 + 16 + 4);
  });

  it("finds what a transfer cannot avoid: two balances read and written, one log", async () => {
    const { medicalCoin, operator, hospital: other } = await loadFixture(healthchain);
    await medicalCoin.connect(operator).allotEmission(operator, 10n);
    await medicalCoin.connect(operator).mint(operator, 4n);
    await medicalCoin.connect(operator).mint(other, 4n);
    const sent = await medicalCoin.connect(operator).transfer(other, 1n);
    const cost = await costOf(ethers.provider, sent.hash);

    expect(cost.gas).to.equal(Number((await sent.wait())?.gasUsed));
    expect(cost).to.include({ writes: 2 * 2_900, signatures: 0, coldReads: 2 * 2_100, logs: 3 * 375 + 375 + 8 * 32 });
    expect(cost.intrinsic).to.equal(intrinsicGas(sent.data));
  });
});
