import { writeFile } from "node:fs/promises";
import { expect } from "chai";
import { Wallet } from "ethers";
import { type Project, refusal } from "./project.js";
import { inWorld, patientWallet, phrase } from "./world.js";

describe("who signs", () => {
  let project: Project;
  inWorld((made) => {
    project = made.project;
  });

  const names = [
    "HEALTHCHAIN_KEY",
    "HEALTHCHAIN_KEY_FILE",
    "HEALTHCHAIN_MNEMONIC",
    "HEALTHCHAIN_MNEMONIC_FILE",
  ] as const;
  afterEach(() => {
    for (const name of names) delete process.env[name];
    process.env.HEALTHCHAIN_MNEMONIC = phrase;
  });

  /** The address that signs a permit for `from`. */
  const signer = async (from: string): Promise<string> => {
    const permit = { from, relayer: "0", spender: patientWallet(2), amount: "1" };
    return (await project.run("coin permit", permit)).result.owner;
  };

  it("is an account of the network by its index or its address, whatever the case of its letters", async () => {
    const first = await signer("0");
    expect(await signer(first)).to.equal(first);
    expect(await signer(first.toLowerCase())).to.equal(first);
  });

  it("is a wallet of the phrase, by its index or its address", async () => {
    expect(await signer("mnemonic:2")).to.equal(patientWallet(2));
    expect(await signer(patientWallet(17))).to.equal(patientWallet(17));
  });

  it("is the wallet of the key, from the environment or a file", async () => {
    const wallet = Wallet.createRandom();
    process.env.HEALTHCHAIN_KEY = wallet.privateKey;
    expect(await signer("key")).to.equal(wallet.address);
    expect(await signer(wallet.address)).to.equal(wallet.address);

    const other = Wallet.createRandom();
    delete process.env.HEALTHCHAIN_KEY;
    process.env.HEALTHCHAIN_KEY_FILE = project.path("wallet.key");
    await writeFile(process.env.HEALTHCHAIN_KEY_FILE, `${other.privateKey}\n`);
    expect(await signer("key")).to.equal(other.address);
  });

  it("is nobody without a secret, and no secret shows in an error", async () => {
    delete process.env.HEALTHCHAIN_MNEMONIC;
    expect(await refusal(signer("mnemonic:0"))).to.match(/set HEALTHCHAIN_MNEMONIC/);
    process.env.HEALTHCHAIN_MNEMONIC = `${phrase} wrong`;
    const malformed = await refusal(signer("mnemonic:0"));
    expect(malformed).to.match(/not a valid BIP-39 mnemonic/);
    expect(malformed).not.to.include("winner");
    process.env.HEALTHCHAIN_KEY = "0x1234";
    expect(await refusal(signer("key")))
      .to.match(/32 bytes in hex/)
      .and.not.match(/1234/);
    delete process.env.HEALTHCHAIN_KEY;
    process.env.HEALTHCHAIN_KEY_FILE = project.path("none.key");
    expect(await refusal(signer("key"))).to.match(/HEALTHCHAIN_KEY_FILE names cannot be read/);
  });

  for (const from of ["20", "-1", "alice", "0x12", "mnemonic:x", "mnemonic:4294967296"]) {
    it(`is nobody for "${from}"`, async () => {
      expect(await refusal(signer(from))).to.match(/Nobody can sign|not an address|no wallet/);
    });
  }

  it("is nobody for an address that none of them has", async () => {
    expect(await refusal(signer(Wallet.createRandom().address))).to.match(/Nobody can sign.*or set HEALTHCHAIN_KEY/);
  });
});
