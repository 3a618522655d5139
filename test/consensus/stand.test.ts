import { expect } from "chai";
import { candidacyOf } from "../../src/consensus/candidacy.js";
import { readRanking } from "../../src/consensus/ranking.js";
import { resign } from "../../src/consensus/resign.js";
import { NotAnInstitution, SenderMissing } from "../../src/consensus/sender.js";
import { stand } from "../../src/consensus/stand.js";
import { ethers, loadFixture, rejection } from "../enrolled.js";
import { expectRefusal, registryOf } from "./refused.js";
import { candidates, coins, consortium } from "./staked.js";

const terms = { commission: 500, amount: coins(20) };

describe("stand", () => {
  it("makes an institution a candidate with its own coin, and leaves no allowance", async () => {
    const world = await loadFixture(consortium);
    const { medicalCoin, validatorRegistry } = world;
    const { candidate, receipt } = await stand(registryOf(world, 2), terms);
    const address = await world.institutions[1]?.getAddress();
    expect({ candidate, status: receipt.status }).to.deep.equal({ candidate: 2, status: 1 });
    expect(await candidacyOf(validatorRegistry, 2)).to.include({ status: "Standing", commission: 500 });
    expect(await readRanking(validatorRegistry)).to.have.length(1);
    expect(await medicalCoin.balanceOf(address ?? "")).to.equal(coins(9_980));
    expect(await medicalCoin.allowance(address ?? "", validatorRegistry)).to.equal(0n);
  });

  it("stands again with the stake that is there", async () => {
    const world = await loadFixture(candidates);
    await resign(registryOf(world, 4), 4);
    await stand(registryOf(world, 4), { commission: 0, amount: 0n });
    const ranking = await readRanking(world.validatorRegistry);
    expect(ranking.map(({ candidate }) => candidate)).to.deep.equal([6, 5, 4, 3, 2, 1]);
    expect(await candidacyOf(world.validatorRegistry, 4)).to.include({ status: "Standing", commission: 1_000 });
  });

  it("leaves no allowance behind when the registry refuses", async () => {
    const world = await loadFixture(consortium);
    const { medicalCoin, validatorRegistry } = world;
    const registry = registryOf(world, 1);
    await expectRefusal(stand(registry, { commission: 2_001, amount: coins(20) }), "CommissionTooHigh");
    await expectRefusal(stand(registry, { commission: 0, amount: coins(9) }), "SelfStakeTooSmall");
    await expectRefusal(stand(registry, { commission: 0, amount: coins(10_001) }), "ERC20InsufficientBalance");
    const [address] = await Promise.all(world.institutions.map((institution) => institution.getAddress()));
    expect(await medicalCoin.allowance(address ?? "", validatorRegistry)).to.equal(0n);
  });

  it("is for institutions that sign", async () => {
    const { validatorRegistry: registry, delegator } = await loadFixture(consortium);
    expect(await rejection(stand(registry.connect(delegator), terms))).to.be.instanceOf(NotAnInstitution);
    expect(await rejection(stand(registry.connect(ethers.provider), terms))).to.be.instanceOf(SenderMissing);
  });

  it("is refused to who stands", async () => {
    const world = await loadFixture(candidates);
    await expectRefusal(stand(registryOf(world, 1), terms), "CandidateStatusMismatch");
  });
});
