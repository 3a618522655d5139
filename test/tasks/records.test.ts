import { readFile, writeFile } from "node:fs/promises";
import { expect } from "chai";
import { type Project, refusal } from "./project.js";
import { accounts, inWorld, patientWallet, type World } from "./world.js";

describe("npx hardhat records", () => {
  let world: World;
  let project: Project;
  inWorld((made) => {
    world = made;
    project = made.project;
  });

  it("shows a record", async () => {
    const { result } = await project.run("records show", { id: world.accepted });
    expect(result).to.include({
      state: "Accepted",
      class: "AmbulatoryRecord",
      patient: patientWallet(0),
      doctorWallet: accounts.doctor.address,
      institution: 1,
    });
  });

  it("shows its history, from the registration on", async () => {
    const { result, stdout } = await project.run("records history", { id: world.accepted });
    expect(result[0]).to.include({ event: "RecordRegistered" });
    expect(result[0]?.details).to.deep.equal({ patient: patientWallet(0), institution: 1, doctor: 1 });
    expect(stdout).to.match(/^time +block +event +details +transaction\n/);
  });

  it("says which record it does not know, and what is no id", async () => {
    const unknown = `0x${"12".repeat(32)}`;
    expect(await refusal(project.run("records show", { id: unknown }))).to.match(/^RecordUnknown/);
    expect(await refusal(project.run("records history", { id: unknown }))).to.match(/^RecordUnknown/);
    expect(await refusal(project.run("records show", { id: "12" }))).to.match(/64 hex digits/);
  });

  it("registers from files and databases, and needs one of them", async () => {
    expect(await refusal(project.run("records register", { files: [] }))).to.match(/--url is missing/);
    const file = project.path("no-request.json");
    await writeFile(file, "{}");
    expect(await refusal(project.run("records register", { files: [file] }))).to.match(/Do not sign this request/);
    const { result } = await project.run("records register", { ...world.database, from: accounts.hospital.from });
    expect(result).to.deep.equal([]);
  });

  it("registers a batch that the doctor signed, and its patient accepts it without gas", async () => {
    const out = project.path("batch.json");
    const batch = { ...world.database, ids: [world.waiting], from: accounts.doctor.from, out };
    await project.run("records sign-batch", batch);
    const { result } = await project.run("records register", { files: [out], from: accounts.hospital.from });
    expect(result[0]).to.include({ id: world.waiting, state: "Asserted" });

    const accept = { id: world.waiting, from: "mnemonic:1" };
    expect(await refusal(project.run("records accept", accept))).to.match(/let another account send/);
    const asStranger = project.run("records accept", { id: world.waiting, from: accounts.stranger.from });
    expect(await refusal(asStranger)).to.match(/^RecordNotOf/);
    const { result: accepted } = await project.run("records accept", { ...accept, relayer: accounts.stranger.from });
    expect(accepted.state).to.equal("Accepted");
    const repudiated = project.run("records repudiate", { ...accept, relayer: accounts.stranger.from });
    expect(await refusal(repudiated)).to.match(/^RecordStateMismatch.*accepted/);
  });

  it("verifies a served record's file, and notices one changed letter", async () => {
    const out = project.path("record.json");
    await project.run("database read", { ...world.database, id: world.accepted, from: "mnemonic:0", out });
    const { result } = await project.run("records verify", { file: out });
    expect(result).to.include({ id: world.accepted, verified: true, complete: true });
    expect(result.sections[0]).to.include({ path: "Encounter/s0", form: "full" });

    const changed = project.path("changed.json");
    await writeFile(changed, (await readFile(out, "utf8")).replace("Quimbleton", "Quimbletan"));
    expect(await refusal(project.run("records verify", { file: changed }))).to.match(/^Do not use Patient\/s/);
    const other = project.path("other-bundle.json");
    await writeFile(other, '{"resourceType":"Bundle"}');
    expect(await refusal(project.run("records verify", { file: other }))).to.match(/not a record/);
  });
});
