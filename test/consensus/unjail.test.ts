import { expect } from "chai";
import { candidacyOf } from "../../src/consensus/candidacy.js";
import { readRanking } from "../../src/consensus/ranking.js";
import { unjail } from "../../src/consensus/unjail.js";
import { loadFixture, time } from "../enrolled.js";
import { expectRefusal, registryOf } from "./refused.js";
import { type Consortium, elected, settled } from "./staked.js";

/** Institution 3 signed nothing in epoch 1. */
async function jailed(): Promise<Consortium> {
  const world = await elected();
  await settled(world, 1, [2, 4, 5, 6]);
  return world;
}

describe("unjail", () => {
  it("lets a candidate stand again when its time is over", async () => {
    const world = await loadFixture(jailed);
    const registry = registryOf(world, 3);
    const { status, jailedUntil } = await candidacyOf(registry, 3);
    expect(status).to.equal("Jailed");
    await expectRefusal(unjail(registry, 3), "StillJailed");
    await time.increaseTo(jailedUntil);
    await expectRefusal(unjail(registryOf(world, 4), 3), "OperatorMismatch");
    await unjail(registry, 3);
    expect((await readRanking(registry)).map(({ candidate }) => candidate)).to.deep.equal([6, 5, 4, 3, 2, 1]);
    expect(await candidacyOf(registry, 3)).to.include({ status: "Standing" });
  });
});
