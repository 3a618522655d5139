import { expect } from "chai";
import type { Project } from "./project.js";
import { accounts, inWorld, patientWallet, type World } from "./world.js";

describe("the command line", () => {
  let world: World;
  let project: Project;
  inWorld((made) => {
    world = made;
    project = made.project;
  });

  it("helps with a verb", async () => {
    const { stdout, code } = await project.command(["consent", "grant", "--help"]);
    expect(code).to.equal(0);
    expect(stdout)
      .to.match(/^Grants access/)
      .and.match(/--purposes/);
  });

  it("prints one JSON document on standard output, and nothing else", async () => {
    const { stdout, stderr, code } = await project.command(["records", "show", world.accepted, "--json"]);
    expect(code).to.equal(0);
    expect(JSON.parse(stdout)).to.include({ id: world.accepted, patient: patientWallet(0) });
    expect(stderr).to.equal("");
  });

  it("takes names with dashes and values as they are typed", async () => {
    const options = [
      "--recipient",
      `doctor:${accounts.doctor.address}`,
      "--purposes",
      "TREAT,CAREMGT",
      "--until",
      "2d",
    ];
    const command = ["consent", "grant", "--from", "mnemonic:2", "--relayer", "4", ...options];
    const { stdout, code } = await project.command(command);
    expect(code).to.equal(0);
    expect(stdout).to.match(/purposes +TREAT\+CAREMGT\n/);
  });

  it("ends with exit code 1 and the remedy, without a stack trace, when something is wrong", async () => {
    const command = ["consent", "check", world.accepted, "--requester", accounts.doctor.address, "--class", "Blood"];
    const { stdout, stderr, code } = await project.command(command);
    expect(code).to.equal(1);
    expect(stdout).to.equal("");
    expect(stderr).to.match(/"Blood" does not fit here: give a class of sections: Encounter, Conditions/);
    expect(stderr).not.to.match(/\n\s+at /);
  });

  it("says that nothing persists on the in-process network", async () => {
    const { stdout, stderr, code } = await project.command(["coin", "supply", "--network", "node", "--json"]);
    expect(code).to.equal(0);
    expect(JSON.parse(stdout)).to.include({ supply: "0" });
    expect(stderr).to.match(/nothing persists/);
  });
});
