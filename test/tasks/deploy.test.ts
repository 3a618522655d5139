import { readFile, writeFile } from "node:fs/promises";
import { expect } from "chai";
import { JsonRpcProvider, keccak256 } from "ethers";
import { BlockCertifier__factory } from "../../types/ethers-contracts/index.js";
import { Project, refusal } from "./project.js";

/** Parameters for validators as a file gives them. */
const groups = {
  slots: { genesis: 1_600_000_000, slotTime: 2 },
  validatorRules: {
    seats: 8,
    minValidators: 4,
    epochLength: 600,
    unbondingEpochs: 3,
    maxCommission: 1_000,
    commissionNotice: 2,
    jailTime: 1_200,
    slashFraction: 500,
    minSelfStake: "0.5",
  },
  blockRewards: { blockReward: "1", leaderShare: 2_500, minParticipation: 2_000, minBlocks: 10 },
} as const;

type Wrong = readonly [group: keyof typeof groups, wrong: object, answer: RegExp];

const wrongGroups: readonly Wrong[] = [
  ["slots", { slotTime: 0 }, /slots\.slotTime as a whole number from 1 to 3600/],
  ["slots", { slotTime: 3_601 }, /slots\.slotTime as a whole number from 1 to 3600/],
  ["slots", { genesis: -1 }, /slots\.genesis as a whole number from 0/],
  ["slots", { genesis: 2 ** 40 }, /slots\.genesis as a whole number from 0/],
  ["validatorRules", { seats: 3 }, /validatorRules\.seats as a whole number from 4 to 128/],
  ["validatorRules", { seats: 129 }, /validatorRules\.seats as a whole number from 4 to 128/],
  ["validatorRules", { minValidators: 3 }, /validatorRules\.minValidators as a whole number from 4 to 128/],
  ["validatorRules", { epochLength: 9 }, /validatorRules\.epochLength as a whole number from 10 to 2592000/],
  ["validatorRules", { epochLength: 2_592_001 }, /validatorRules\.epochLength as a whole number from 10 to 2592000/],
  ["validatorRules", { unbondingEpochs: 1 }, /validatorRules\.unbondingEpochs as a whole number from 2 to 60/],
  ["validatorRules", { unbondingEpochs: 61 }, /validatorRules\.unbondingEpochs as a whole number from 2 to 60/],
  ["validatorRules", { maxCommission: 5_001 }, /validatorRules\.maxCommission as a whole number from 0 to 5000/],
  ["validatorRules", { commissionNotice: 0 }, /validatorRules\.commissionNotice as a whole number from 1 to 60/],
  ["validatorRules", { jailTime: 0 }, /validatorRules\.jailTime as a whole number from 1 to 2592000/],
  ["validatorRules", { jailTime: 2_592_001 }, /validatorRules\.jailTime as a whole number from 1 to 2592000/],
  ["validatorRules", { slashFraction: 0 }, /validatorRules\.slashFraction as a whole number from 1 to 10000/],
  ["validatorRules", { slashFraction: 0.5 }, /validatorRules\.slashFraction as a whole number from 1 to 10000/],
  ["validatorRules", { minSelfStake: 5 }, /validatorRules\.minSelfStake as a text/],
  ["validatorRules", { bonus: 1 }, /bonus/],
  ["blockRewards", { blockReward: 1 }, /blockRewards\.blockReward as a text/],
  ["blockRewards", { leaderShare: 10_001 }, /blockRewards\.leaderShare as a whole number from 0 to 10000/],
  ["blockRewards", { minParticipation: 5_001 }, /blockRewards\.minParticipation as a whole number from 0 to 5000/],
  ["blockRewards", { minBlocks: 0 }, /blockRewards\.minBlocks as a whole number from 1 to 65535/],
];

const wrongValues = [
  ["slots", { genesis: 0 }, /slots\.slotTime as a whole number/],
  ["validatorRules", [], /validatorRules as a JSON object/],
  ["followsSchedule", "yes", /followsSchedule as true or false/],
  ["voteSalt", "0x1234", /voteSalt as 32 bytes in hex/],
  ["voteSalt", 7, /voteSalt as 32 bytes in hex/],
] as const;

async function keptParameters(folder: string): Promise<Readonly<Record<string, unknown>>> {
  return JSON.parse(await readFile(`${folder}/healthchain-parameters.json`, "utf8"));
}

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

  it("refuses rules for validators out of bounds", async () => {
    const file = project.path("wrong.json");
    for (const [group, wrong, answer] of wrongGroups) {
      await writeFile(file, JSON.stringify({ [group]: { ...groups[group], ...wrong } }));
      expect(await refusal(project.run("deploy", { parameters: file }))).to.match(answer);
    }
    for (const [name, wrong, answer] of wrongValues) {
      await writeFile(file, JSON.stringify({ [name]: wrong }));
      expect(await refusal(project.run("deploy", { parameters: file }))).to.match(answer);
    }
  });

  it("deploys with the parameters of a file, and keeps the addresses in the project's ignition folder", async () => {
    const file = project.path("parameters.json");
    await writeFile(
      file,
      JSON.stringify({ emissionCap: "5000", breakGlass: { dailyLimit: 5, duration: 1_800 }, ...groups }),
    );
    const { result, stdout } = await project.run("deploy", { parameters: file });
    expect(result.found).to.equal(false);
    expect(stdout)
      .to.match(/deployment {2}chain-31337-/)
      .and.match(/consent registry {2,}0x/);
    const kept = JSON.parse(await readFile(`${result.folder}/deployed_addresses.json`, "utf8"));
    expect(kept["Healthchain#MedicalCoin"]).to.equal(result.contracts.medicalCoin);
    expect((await project.run("consent rule")).result).to.deep.equal({ dailyLimit: 5, durationSeconds: 1_800 });
    expect((await project.run("coin supply")).result.cap).to.equal("5000");
    expect(await keptParameters(`${result.folder}`)).to.deep.include({
      slots: groups.slots,
      validatorRules: { ...groups.validatorRules, minSelfStake: `${5n * 10n ** 17n}wei` },
      blockRewards: { ...groups.blockRewards, blockReward: `${10n ** 18n}wei` },
    });
  });

  it("draws a random salt for the votes, which it remembers, and finds the deployment with the same file", async () => {
    const { result } = await project.run("deploy", { parameters: project.path("parameters.json") });
    expect(result.found).to.equal(true);
    const { voteSalt } = await keptParameters(`${result.folder}`);
    expect(voteSalt).to.match(/^0x[0-9a-f]{64}$/);
    const provider = new JsonRpcProvider(project.url);
    const certifier = BlockCertifier__factory.connect(result.contracts.blockCertifier, provider);
    expect((await certifier.eip712Domain()).salt).to.equal(voteSalt);
    const genesis = await provider.getBlock(0);
    expect(voteSalt).to.not.equal(keccak256(genesis?.hash ?? "0x"));
    provider.destroy();
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
