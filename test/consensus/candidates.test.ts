import { expect } from "chai";
import { candidatesAt } from "../../src/consensus/candidates.js";
import { reportEquivocation } from "../../src/consensus/report.js";
import { unjail } from "../../src/consensus/unjail.js";
import { loadFixture, time } from "../enrolled.js";
import { registryOf } from "./refused.js";
import { consortium, elected, RULES, settled, signedBy, verdictFor } from "./staked.js";

describe("candidatesAt", () => {
  it("counts who stands, and names who cannot", async () => {
    const world = await loadFixture(elected);
    const { validatorRegistry: registry, blockCertifier } = world;
    await settled(world, 1, [2, 4, 5, 6]);
    const until = (await time.latest()) + RULES.jailTime;
    const [first, second] = await Promise.all([
      signedBy(world, 5, verdictFor("01")),
      signedBy(world, 5, verdictFor("02")),
    ]);
    await reportEquivocation(blockCertifier, first, second);
    const head = await time.latestBlock();
    const expected = { standing: 4, jailed: [{ candidate: 3, until }], tombstoned: [{ candidate: 5, faultEpoch: 1 }] };
    expect(await candidatesAt(registry, head)).to.deep.equal(expected);
    await time.increaseTo(until);
    await unjail(registryOf(world, 3), 3);
    expect(await candidatesAt(registry, await time.latestBlock())).to.deep.include({ standing: 5, jailed: [] });
    expect(await candidatesAt(registry, head)).to.deep.equal(expected);
  });

  it("is empty before anybody stands", async () => {
    const { validatorRegistry: registry } = await loadFixture(consortium);
    const none = { standing: 0, jailed: [], tombstoned: [] };
    expect(await candidatesAt(registry, await time.latestBlock())).to.deep.equal(none);
  });
});
