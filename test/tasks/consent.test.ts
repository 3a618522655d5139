import { readFile, writeFile } from "node:fs/promises";
import { expect } from "chai";
import { type Project, refusal } from "./project.js";
import { accounts, inWorld, patientWallet, type World } from "./world.js";

describe("npx hardhat consent", () => {
  let world: World;
  let project: Project;
  inWorld((made) => {
    world = made;
    project = made.project;
  });

  /** The patient signs, somebody else pays. */
  const patient = { from: "mnemonic:0", relayer: accounts.stranger.from };
  const recipient = `researcher:${accounts.researcher.address}`;
  const grant = { ...patient, recipient, purposes: "HRESCH", classes: "VitalSigns,Conditions", until: "30d" };
  const check = async (args: object = {}) => {
    const question = {
      id: world.accepted,
      requester: accounts.researcher.address,
      purpose: "HRESCH",
      class: "VitalSigns",
    };
    const { permitted, reason } = (await project.run("consent check", { ...question, ...args })).result;
    return { permitted, reason };
  };

  it("grants, and says in whole days what", async () => {
    expect(await check()).to.deep.equal({ permitted: false, reason: "NoConsent" });
    const { result, stdout } = await project.run("consent grant", grant);
    expect(result).to.deep.include({ patient: patientWallet(0), purposes: ["HRESCH"], scope: "all" });
    expect(result.until).to.match(/T00:00:00Z$/);
    expect(stdout).to.match(/classes +Conditions\+VitalSigns/);
    expect(await check()).to.deep.equal({ permitted: true, reason: "PermittedByGrant" });
    expect(await check({ class: "Medications" })).to.deep.equal({ permitted: false, reason: "DataClassNotCovered" });
    expect(await check({ purpose: "HMARKT" })).to.deep.equal({ permitted: false, reason: "PurposeNotCovered" });
  });

  it("narrows a grant, and leaves the rest as it stands", async () => {
    const { result } = await project.run("consent narrow", { ...patient, recipient, classes: "VitalSigns" });
    expect(result).to.deep.include({ purposes: ["HRESCH"], classes: ["VitalSigns"] });
    expect((await check({ class: "Conditions" })).reason).to.equal("DataClassNotCovered");
    const widened = project.run("consent narrow", { ...patient, recipient, classes: "all" });
    expect(await refusal(widened)).to.match(/^ConsentNotNarrower/);
  });

  it("lists what stands, then what was revoked", async () => {
    const list = async () => (await project.run("consent list", { wallet: patientWallet(0) })).result;
    expect((await list())[0]).to.deep.include({ status: "live", recipient: accounts.researcher.address });
    await project.run("consent revoke", { ...patient, recipient });
    expect((await list())[0]).to.include({ status: "revoked" });
    expect(await check()).to.deep.equal({ permitted: false, reason: "ConsentRevoked" });
    expect(await refusal(project.run("consent revoke", { ...patient, recipient }))).to.match(/^ConsentNotLive/);
  });

  it("revokes all grants of the wallet at once", async () => {
    await project.run("consent grant", { ...grant, recipient: "institution:1", scope: "class:AmbulatoryRecord" });
    await project.run("consent revoke-all", patient);
    const { result } = await project.run("consent list", { wallet: patientWallet(0) });
    expect(result.map(({ status }) => status)).to.deep.equal(["revoked", "revoked"]);
  });

  it("tells the record's history", async () => {
    const { result } = await project.run("records history", { id: world.accepted });
    const events = result.map(({ event }) => event);
    expect(events).to.deep.equal([
      "RecordRegistered",
      "ConsentGranted",
      "ConsentNarrowed",
      "ConsentRevoked",
      "ConsentGranted",
      "AllConsentsRevoked",
    ]);
    const revoked = result.find(({ event }) => event === "ConsentRevoked");
    expect(revoked?.details).to.include({ recipient: accounts.researcher.address, scope: "all" });
  });

  it("refuses what it does not understand, with what it would", async () => {
    const refused = (args: object) => refusal(project.run("consent grant", { ...grant, ...args }));
    expect(await refused({ purposes: "RESEARCH" })).to.match(/"RESEARCH".*HRESCH/);
    expect(await refused({ purposes: undefined })).to.match(/--purposes is missing/);
    expect(await refused({ classes: "AmbulatoryRecord" })).to.match(/a class of sections: Encounter/);
    expect(await refused({ until: "2020-01-01" })).to.match(/end after it starts/);
    expect(await refused({ until: "someday" })).to.match(/2026-11-24/);
    expect(await refused({ recipient: undefined })).to.match(/--recipient is missing/);
  });

  it("refuses a recipient that has not the role it is said to have", async () => {
    const asDoctor = { ...grant, recipient: `doctor:${accounts.researcher.address}` };
    expect(await refusal(project.run("consent grant", asDoctor))).to.match(/^AccountRoleMismatch.*Researcher.*Doctor/);
    const unknown = { ...grant, recipient: `doctor:${accounts.stranger.address}` };
    expect(await refusal(project.run("consent grant", unknown))).to.match(/^AccountNotCertified/);
  });

  it("refuses to sign for nobody", async () => {
    const asStranger = { ...grant, from: accounts.stranger.from, relayer: undefined };
    expect(await refusal(project.run("consent grant", asStranger))).to.match(/^AccountNotCertified/);
    expect(await refusal(project.run("consent grant", { ...grant, from: "99" }))).to.match(/accounts 0 to 19/);
    expect(await refusal(project.run("consent grant", { ...grant, from: "key" }))).to.match(/set HEALTHCHAIN_KEY/);
  });

  describe("fan-out", () => {
    it("signs for each wallet of the phrase, and sends each alone", async () => {
      const out = project.path("fan-out.json");
      const terms = { recipient: "institution:1", purposes: "TREAT", until: "365d" };
      const { result } = await project.run("consent fan-out", { ...terms, wallets: "0,1-2", out });
      expect(result).to.deep.include({ grants: 3, recipient: "institution:1", classes: ["all"] });
      const { result: sent } = await project.run("consent send", { files: [out], from: accounts.stranger.from });
      const wallets = sent.map(({ patient }) => patient);
      expect(wallets).to.have.members([0, 1, 2].map(patientWallet));
      expect(await check({ requester: accounts.hospital.address, purpose: "TREAT" })).to.include({ permitted: true });

      const again = project.run("consent send", { files: [out], from: accounts.stranger.from });
      expect(await refusal(again)).to.match(/3 of 3 statements were refused/);
    });

    it("refuses wallets that are none, and files that are no statements", async () => {
      const args = { recipient: "institution:1", purposes: "TREAT", until: "365d", out: project.path("none.json") };
      const refused = (wallets: string | undefined) => refusal(project.run("consent fan-out", { ...args, wallets }));
      expect(await refused(undefined)).to.match(/--wallets is missing/);
      for (const wallets of ["a", "3-1", "0-5000"]) expect(await refused(wallets)).to.match(/0-9 or 0,3,7/);
      const file = project.path("no-statement.json");
      await writeFile(file, '[{"kind":"Grant","signature":"0x12","message":{}}]');
      expect(await refusal(project.run("consent send", { files: [file] }))).to.match(
        /no signed consent: its scope is not an object/,
      );
    });

    it("does not replace a file of signatures", async () => {
      const out = project.path("fan-out.json");
      const before = await readFile(out, "utf8");
      const args = { recipient: "institution:1", purposes: "TREAT", until: "365d", wallets: "0", out };
      expect(await refusal(project.run("consent fan-out", args))).to.match(/exists already/);
      expect(await readFile(out, "utf8")).to.equal(before);
    });
  });

  describe("in emergencies", () => {
    const emergency = { from: accounts.doctor.from, reason: "LifeThreat" };

    it("shows the rule, and lets operators alone set it", async () => {
      expect((await project.run("consent rule")).result).to.deep.equal({ dailyLimit: 3, durationSeconds: 14_400 });
      const { result } = await project.run("consent rule", { duration: "30m" });
      expect(result).to.include({ dailyLimit: 3, durationSeconds: 1_800 });
      const asStranger = { dailyLimit: "24", from: accounts.stranger.from };
      expect(await refusal(project.run("consent rule", asStranger))).to.match(/lacks the right/);
      expect(await refusal(project.run("consent rule", { dailyLimit: "25" }))).to.match(/from 1 to 24/);
    });

    it("opens a record to a doctor, unless its patient opted out", async () => {
      await project.run("consent opt-out", patient);
      const opened = () => project.run("consent break-glass", { id: world.accepted, ...emergency });
      expect(await refusal(opened())).to.match(/^BreakGlassOptedOut.*ask for consent/);
      const { result: undone } = await project.run("consent opt-out", { ...patient, undo: true });
      expect(undone.optedOut).to.equal(false);
      expect((await opened()).result).to.include({ doctor: accounts.doctor.address, reason: "LifeThreat" });
      expect(await refusal(opened())).to.match(/^BreakGlassStillOpen/);
    });
  });
});
