import { expect } from "chai";
import { ChainError } from "../../src/chainError.js";
import { allotEmission, endEmission } from "../../src/coin/emission.js";
import { enrolled, loadFixture, rejection } from "../enrolled.js";

async function minting() {
  const { medicalCoin: coin, relayer } = await loadFixture(enrolled);
  const emitter = await relayer.getAddress();
  const emission = async () => {
    const { quota, minted } = await coin.emissionOf(emitter);
    return { quota, minted };
  };
  return { coin, relayer, emitter, emission };
}

describe("allotEmission", () => {
  it("gives an emitter a quota, once", async () => {
    const { coin, emitter, emission } = await minting();
    await allotEmission(coin, emitter, 100n);
    expect(await emission()).to.deep.equal({ quota: 100n, minted: 0n });
    const again = await rejection(allotEmission(coin, emitter, 1n));
    expect(again).to.be.instanceOf(ChainError).with.property("errorName", "EmissionAlreadyAllotted");
  });

  it("is refused above the cap, and to all but operators", async () => {
    const { coin, relayer, emitter, emission } = await minting();
    const above = await rejection(allotEmission(coin, emitter, (await coin.emissionCap()) + 1n));
    expect(above).to.be.instanceOf(ChainError).with.property("errorName", "EmissionCapExceeded");
    const own = await rejection(allotEmission(coin.connect(relayer), emitter, 1n));
    expect(own).to.be.instanceOf(ChainError).with.property("errorName", "AccessManagedUnauthorized");
    expect(await emission()).to.deep.equal({ quota: 0n, minted: 0n });
  });
});

describe("endEmission", () => {
  it("takes back what is not minted", async () => {
    const { coin, relayer, emitter, emission } = await minting();
    await allotEmission(coin, emitter, 100n);
    await coin.connect(relayer).mint(emitter, 40n);
    await endEmission(coin, emitter);
    expect(await emission()).to.deep.equal({ quota: 40n, minted: 40n });
  });

  it("is refused where no quota is left", async () => {
    const { coin, emitter } = await minting();
    const refused = await rejection(endEmission(coin, emitter));
    expect(refused).to.be.instanceOf(ChainError).with.property("errorName", "EmissionInvalid");
  });
});
