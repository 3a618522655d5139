import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { fresh, healthchain, loadFixture, wordOf } from "../fixture.js";
import { domainOf } from "../signatures.js";
import { State } from "./registration.js";

describe("RecordRegistry", () => {
  it("publishes the domain of its signatures (ERC-5267)", async () => {
    const { recordRegistry } = await loadFixture(healthchain);
    const { name, version, chainId, verifyingContract } = await recordRegistry.eip712Domain();
    expect({ name, version, chainId, verifyingContract }).to.deep.equal(
      domainOf("Healthchain RecordRegistry", await recordRegistry.getAddress()),
    );
  });

  describe("describe and records", () => {
    it("answer zero for a record that does not exist", async () => {
      const { recordRegistry } = await loadFixture(healthchain);
      const id = wordOf(fresh());
      expect(await recordRegistry.records(id)).to.equal(0n);
      expect(await recordRegistry.describe(id)).to.deep.equal([ZeroAddress, 0n, 0n, 0n, 0n, State.None]);
    });
  });
});
