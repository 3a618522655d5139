import { expect } from "chai";
import { type Project, refusal } from "./project.js";
import { accounts, inWorld, patientWallet } from "./world.js";

describe("npx hardhat coin", () => {
  let project: Project;
  inWorld((made) => {
    project = made.project;
  });

  it("shows balance and supply, in coins and in wei", async () => {
    const { result } = await project.run("coin supply");
    expect(result).to.include({ supply: "0", cap: "1000000000", capWei: 10n ** 27n });
    const account = accounts.doctor.address;
    const { result: balance } = await project.run("coin balance", { account });
    expect(balance).to.deep.equal({ account, balance: "0", wei: 0n });
  });

  it("allots an emitter its quota once", async () => {
    const allot = { emitter: accounts.stranger.address, amount: "12.5" };
    const { result } = await project.run("coin allot", allot);
    expect(result).to.include({ quota: "12.5", minted: "0", left: "12.5" });
    const { result: emission } = await project.run("coin emission", { emitter: allot.emitter });
    expect(emission.quotaWei).to.equal(12_500_000_000_000_000_000n);
    expect(await refusal(project.run("coin allot", allot))).to.match(/^EmissionAlreadyAllotted/);
  });

  it("ends an emission, once, for operators alone", async () => {
    const emitter = accounts.researcher.address;
    await project.run("coin allot", { emitter, amount: "5" });
    const end = (more: object = {}) => project.run("coin end-emission", { emitter, ...more });
    expect(await refusal(end({ from: accounts.stranger.from }))).to.match(/lacks the right/);
    expect((await end()).result).to.include({ quota: "0", left: "0" });
    expect(await refusal(end())).to.match(/^EmissionInvalid/);
  });

  it("lets a spender take coin by the owner's signature alone", async () => {
    const spender = accounts.doctor.address;
    const permit = { spender, amount: "3", from: "mnemonic:0", relayer: accounts.stranger.from };
    const { result } = await project.run("coin permit", permit);
    expect(result).to.include({ owner: patientWallet(0), spender, amount: "3" });
    const expired = { ...permit, deadline: "2020-01-01" };
    expect(await refusal(project.run("coin permit", expired))).to.match(/^ERC2612ExpiredSignature.*later deadline/);
  });

  it("refuses a transfer of what is not there, and what is no amount", async () => {
    const transfer = (amount: string) => project.run("coin transfer", { to: accounts.doctor.address, amount });
    expect(await refusal(transfer("1"))).to.match(/^ERC20InsufficientBalance.*send less/);
    expect(await refusal(transfer("a lot"))).to.match(/an amount of coin such as 12\.5/);
    expect(await refusal(project.run("coin balance", { account: "0x12" }))).to.match(/not an address/);
  });
});
