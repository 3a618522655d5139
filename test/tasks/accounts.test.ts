import { readFile, stat } from "node:fs/promises";
import { expect } from "chai";
import { Wallet } from "ethers";
import { type Project, refusal } from "./project.js";
import { accounts, inWorld, passphrase, patientWallet, phrase } from "./world.js";

describe("npx hardhat accounts", () => {
  let project: Project;
  inWorld((made) => {
    project = made.project;
  });

  const fresh = () => Wallet.createRandom().address;
  const certificateOf = async (wallet: string, args: object = {}) => {
    const out = project.path(`${wallet}.json`);
    const request = { wallet, role: "Researcher", identity: "urn:orcid|0001", out, ...args };
    return (await project.run("accounts certify", request)).result;
  };

  it("makes a wallet whose phrase only its owner can read", async () => {
    const out = project.path("patient.phrase");
    const { result, stdout } = await project.run("accounts new-wallet", { out });
    const words = (await readFile(out, "utf8")).trim();
    expect(words.split(" ")).to.have.length(24);
    expect((await stat(out)).mode & 0o777).to.equal(0o600);
    expect(result.xpub).to.match(/^xpub/);
    expect(stdout).not.to.include(words);
    expect(await refusal(project.run("accounts new-wallet", { out }))).to.match(/exists already/);
  });

  it("certifies a wallet and enrolls it", async () => {
    const wallet = fresh();
    const certified = await certificateOf(wallet, { expires: "90d" });
    expect(certified.expires).to.match(/^\d{4}-\d\d-01T00:00:00Z$/);
    const { result } = await project.run("accounts enroll", { files: [certified.file], from: accounts.stranger.from });
    const [enrolled] = result;
    expect(enrolled).to.include({ wallet, role: "Researcher", institution: 0 });
    const { result: shown } = await project.run("accounts show", { account: `professional:${enrolled?.number}` });
    expect(shown).to.include({
      wallet,
      status: "Active",
      active: true,
      identityCommitment: certified.identityCommitment,
    });
  });

  it("enrolls a certificate once", async () => {
    const { file } = await certificateOf(fresh());
    await project.run("accounts enroll", { files: [file] });
    expect(await refusal(project.run("accounts enroll", { files: [file] }))).to.match(/^CertificateSpent.*new one\.$/);
  });

  it("refuses a certificate that is expired, changed, or of nobody who may certify", async () => {
    expect(await refusal(certificateOf(fresh(), { expires: "2020-01-01" }))).to.match(/not in the future/);
    const { file } = await certificateOf(fresh(), { from: accounts.stranger.from });
    expect(await refusal(project.run("accounts enroll", { files: [file] }))).to.match(/^RegistrarUnauthorized/);
    expect(await refusal(certificateOf(fresh(), { role: "Doctor" }))).to.match(/doctors need one/);
    expect(await refusal(project.run("accounts enroll", { files: [project.path("package.json")] }))).to.match(/Role/);
  });

  it("suspends, reinstates and revokes", async () => {
    const wallet = fresh();
    const { file } = await certificateOf(wallet);
    await project.run("accounts enroll", { files: [file] });
    const status = async (verb: "suspend" | "reinstate" | "revoke", args: object = {}) =>
      (await project.run(`accounts ${verb}`, { wallet, ...args })).result.status;
    expect(await status("suspend", { reason: "certificatehold" })).to.equal("Suspended");
    expect(await status("reinstate")).to.equal("Active");
    expect(await status("revoke", { reason: "KeyCompromise" })).to.equal("Revoked");
    expect(await refusal(status("reinstate"))).to.match(/^AccountStatusUnchanged/);
    expect(await refusal(status("suspend", { reason: "Anger" }))).to.match(/KeyCompromise/);
    expect(await refusal(status("revoke", { from: accounts.stranger.from }))).to.match(/lacks the right/);
  });

  it("voids a certificate that was not sent", async () => {
    const { file } = await certificateOf(fresh());
    await project.run("accounts void", { certificate: file });
    expect(await refusal(project.run("accounts enroll", { files: [file] }))).to.match(/^CertificateSpent/);
  });

  it("publishes where an institution is found", async () => {
    const url = "https://fhir.fernhollow.example";
    const published = await project.run("accounts publish", { url, from: accounts.hospital.from });
    expect(published.result).to.include({ institution: 1, url });
    const { result, stdout } = await project.run("accounts institutions");
    expect(result).to.deep.equal([
      { number: 1, wallet: accounts.hospital.address, status: "Active", url, hasEncryptionKey: false },
    ]);
    expect(stdout).to.match(/^number {2}wallet/);
    expect(await refusal(project.run("accounts publish", { url: "nowhere" }))).to.match(/an address such as/);
  });

  it("says who is not certified", async () => {
    expect(await refusal(project.run("accounts show", { account: fresh() }))).to.match(/^AccountNotCertified/);
    expect(await refusal(project.run("accounts show", { account: "institution:99" }))).to.match(/enrolled institution/);
  });

  describe("with the encrypted store", () => {
    it("registers, allots fresh wallets, and lists them", async () => {
      const store = project.path("store.db");
      const identity = "urn:test|1";
      await project.run("accounts register", { store, identity, xpub: await xpubOfNewWallet() });
      const { result: first } = await project.run("accounts allot", { store, identity });
      const { result: second } = await project.run("accounts allot", { store, identity });
      expect([first.index, second.index]).to.deep.equal([0, 1]);
      const { result } = await project.run("accounts list", { store });
      expect(result).to.deep.equal([
        { identity, role: "Patient", index: 0, wallet: first.wallet, certified: false },
        { identity, role: "Patient", index: 1, wallet: second.wallet, certified: false },
      ]);
    });

    it("keeps the certificates that it issued", async () => {
      const { result } = await project.run("accounts list", { store: project.path("accounts.db") });
      expect(result).to.deep.include({
        identity: "http://hospital.example/mrn|MRN-7734-21",
        role: "Patient",
        index: 0,
        wallet: patientWallet(0),
        certified: true,
      });
    });

    it("refuses a private key, and another passphrase", async () => {
      const store = project.path("store.db");
      const xpub = phrase;
      const registered = project.run("accounts register", { store, identity: "urn:test|2", xpub });
      expect(await refusal(registered)).to.match(/never holds one/);
      process.env.HEALTHCHAIN_STORE_PASSPHRASE = "another long passphrase";
      try {
        expect(await refusal(project.run("accounts list", { store }))).to.match(/does not open this store/);
        delete process.env.HEALTHCHAIN_STORE_PASSPHRASE;
        expect(await refusal(project.run("accounts list", { store }))).to.match(/set HEALTHCHAIN_STORE_PASSPHRASE/);
      } finally {
        process.env.HEALTHCHAIN_STORE_PASSPHRASE = passphrase;
      }
    });

    async function xpubOfNewWallet(): Promise<string> {
      return (await project.run("accounts new-wallet")).result.xpub;
    }
  });
});
