import { expect } from "chai";
import { TypedDataEncoder } from "ethers";
import { ChainError } from "../../src/chainError.js";
import { permitStatement, signPermit, submitPermit, verifyPermit } from "../../src/coin/permit.js";
import { domainOf, NotSignedBy } from "../../src/eip712.js";
import { enrolled, inDays, loadFixture, rejection } from "../enrolled.js";

async function permitted() {
  const world = await loadFixture(enrolled);
  const [owner] = world.patient;
  const domain = await domainOf(world.medicalCoin);
  const spender = await world.relayer.getAddress();
  const deadline = Math.floor((await inDays(1)).getTime() / 1000);
  const signed = await signPermit(owner, domain, { spender, value: 5n, nonce: 0n, deadline });
  return { ...world, owner, domain, spender, signed, coin: world.medicalCoin.connect(world.relayer) };
}

describe("permit", () => {
  it("encodes to ERC-2612's type string", () => {
    expect(TypedDataEncoder.from(permitStatement.types).encodeType("Permit")).to.equal(
      "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)",
    );
  });

  it("is accepted by the coin, once", async () => {
    const { coin, signed, owner, spender } = await permitted();
    await submitPermit(coin, signed);
    expect(await coin.allowance(owner.address, spender)).to.equal(5n);
    const again = await rejection(submitPermit(coin, signed));
    expect(again).to.be.instanceOf(ChainError).with.property("errorName", "ERC2612InvalidSigner");
  });

  it("is refused after its deadline, and with another value", async () => {
    const { coin, signed } = await permitted();
    const more = { ...signed, permit: { ...signed.permit, value: 6n } };
    expect(await rejection(submitPermit(coin, more))).to.have.property("errorName", "ERC2612InvalidSigner");
    const late = { ...signed, permit: { ...signed.permit, deadline: 1 } };
    expect(await rejection(submitPermit(coin, late))).to.have.property("errorName", "ERC2612ExpiredSignature");
  });

  it("verifies off chain", async () => {
    const { domain, signed } = await permitted();
    expect(() => verifyPermit(domain, signed)).not.to.throw();
    const forged = { ...signed, permit: { ...signed.permit, value: 6n } };
    expect(() => verifyPermit(domain, forged)).to.throw(NotSignedBy);
  });
});
