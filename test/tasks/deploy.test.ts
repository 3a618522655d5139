import { readFile, writeFile } from "node:fs/promises";
import { expect } from "chai";
import { Project, refusal } from "./project.js";

describe("npx hardhat deploy", () => {
  let project: Project;
  before(async () => {
    project = await Project.start();
  });
  after(() => project.stop());

  it("is what every other verb asks for first: exit code 1, the remedy, no stack trace, nothing on standard output", async () => {
    const { code, stdout, stderr } = await project.command(["coin", "supply", "--json"]);
    expect(code).to.equal(1);
    expect(stdout).to.equal("");
    expect(stderr).to.match(/not deployed on the network chain .*run `npx hardhat deploy --network chain` first/);
    expect(stderr).not.to.match(/\n\s+at /);
  });

  it("refuses parameters that it does not know, or that are out of bounds, before it deploys", async () => {
    const file = project.path("wrong.json");
    await writeFile(file, JSON.stringify({ breakGlass: { dailyLimit: 25, duration: 900 } }));
    expect(await refusal(project.run("deploy", { parameters: file }))).to.match(
      /dailyLimit as a whole number from 1 to 24/,
    );
    await writeFile(file, JSON.stringify({ owner: "me" }));
    expect(await refusal(project.run("deploy", { parameters: file }))).to.match(/no parameter owner/);
    expect(await refusal(project.run("deploy", { parameters: project.path("none.json") }))).to.match(/cannot be read/);
  });

  it("deploys with the parameters of a file, and keeps the addresses in the project's ignition folder", async () => {
    const file = project.path("parameters.json");
    await writeFile(file, JSON.stringify({ emissionCap: "5000", breakGlass: { dailyLimit: 5, duration: 1_800 } }));
    const { result, stdout } = await project.run("deploy", { parameters: file });
    expect(result.found).to.equal(false);
    expect(stdout)
      .to.match(/deployment {2}chain-31337-/)
      .and.match(/consent registry {2}0x/);
    const kept = JSON.parse(await readFile(`${result.folder}/deployed_addresses.json`, "utf8"));
    expect(kept["Healthchain#MedicalCoin"]).to.equal(result.contracts.medicalCoin);
    expect((await project.run("consent rule")).result).to.deep.equal({ dailyLimit: 5, durationSeconds: 1_800 });
    expect((await project.run("coin supply")).result.cap).to.equal("5000");
  });

  it("finds the deployment again, with the parameters that it began with, as one JSON document", async () => {
    const { code, stdout } = await project.command(["deploy", "--json"]);
    expect(code).to.equal(0);
    const { found, contracts } = JSON.parse(stdout);
    expect(found).to.equal(true);
    expect(contracts.recordRegistry).to.match(/^0x[0-9a-fA-F]{40}$/);
  });

  it("never deploys over another deployment", async () => {
    const file = project.path("other.json");
    await writeFile(file, JSON.stringify({ operatorDelay: 60 }));
    expect(await refusal(project.run("deploy", { parameters: file }))).to.match(/leave --parameters out to find it/);
    expect((await project.run("deploy")).result.found).to.equal(true);
  });
});
