import { writeFile } from "node:fs/promises";
import { expect } from "chai";
import { isAddress, JsonRpcProvider, type Signer } from "ethers";
import { connectHealthchain, type Healthchain } from "../../ignition/deploy.js";
import { confirmUpTo, signedBy, verdictFor } from "../consensus/staked.js";
import { Project, refusal } from "./project.js";

/** Institutions 1 to 5 are the accounts 1 to 5 of the node. */
const INSTITUTIONS = [1, 2, 3, 4, 5];
const DELEGATOR = "6";
const STRANGER = "7";

const parameters = {
  slots: { genesis: 0, slotTime: 5 },
  validatorRules: {
    seats: 5,
    minValidators: 4,
    epochLength: 3_600,
    unbondingEpochs: 2,
    maxCommission: 2_000,
    commissionNotice: 2,
    jailTime: 60,
    slashFraction: 1_000,
    minSelfStake: "100",
  },
  blockRewards: { blockReward: "2", leaderShare: 2_500, minParticipation: 5_000, minBlocks: 1 },
};

describe("npx hardhat consensus", function () {
  this.timeout(120_000);
  let project: Project;
  let provider: JsonRpcProvider;
  let contracts: Healthchain;
  let institutions: Signer[];

  // A node of its own: epochs end here, which other tests' signatures would not survive.
  before(async () => {
    project = await Project.start();
    provider = new JsonRpcProvider(project.url, undefined, { cacheTimeout: -1, polling: true, pollingInterval: 20 });
    const file = project.path("parameters.json");
    await writeFile(file, JSON.stringify(parameters));
    const { result } = await project.run("deploy", { parameters: file });
    contracts = connectHealthchain(result.contracts, await provider.getSigner(0));
    institutions = await Promise.all(INSTITUTIONS.map((index) => provider.getSigner(index)));
    for (const institution of institutions) await certify(await institution.getAddress());
    await mint();
  });
  after(async () => {
    provider.destroy();
    await project.stop();
  });

  async function certify(wallet: string): Promise<void> {
    const out = project.path(`${wallet}.json`);
    await project.run("accounts certify", { wallet, role: "Institution", identity: `urn:org|${wallet}`, out });
    await project.run("accounts enroll", { files: [out] });
  }

  async function mint(): Promise<void> {
    const { medicalCoin, blockCertifier } = contracts;
    const emitter = await provider.getSigner(0);
    for (const account of [emitter.address, await blockCertifier.getAddress()]) {
      await project.run("coin allot", { emitter: account, amount: "100000" });
    }
    const holders = [...institutions, await provider.getSigner(Number(DELEGATOR))];
    for (const holder of holders) await (await medicalCoin.mint(holder, 10n ** 21n)).wait();
  }

  const nextEpoch = async () => {
    await provider.send("evm_increaseTime", [3_600]);
    return project.run("consensus elect", { from: STRANGER });
  };

  it("tells of nobody before the first election", async () => {
    const { result, stdout } = await project.run("consensus status");
    expect(result).to.deep.include({ confirmed: 0, epoch: 0, candidates: 0, validators: [], recent: [] });
    expect(stdout).to.match(/^validators:\n {2}none$/m);
    expect((await project.run("consensus candidates")).result).to.deep.equal([]);
  });

  it("lets institutions stand, with commission in percent and stake in coin", async () => {
    for (const index of INSTITUTIONS) {
      const terms = { commission: "5", amount: String(index * 100), from: String(index) };
      const { result } = await project.run("consensus stand", terms);
      expect(result).to.include({
        candidate: index,
        status: "Standing",
        stake: String(index * 100),
        commissionPercent: 5,
      });
    }
    const { result } = await project.run("consensus candidates", { limit: 2 });
    expect(result.map(({ candidate }) => candidate)).to.deep.equal([5, 4]);
  });

  it("refuses terms out of bounds, and who is no institution", async () => {
    const stand = (args: object) => refusal(project.run("consensus stand", { amount: "100", from: "1", ...args }));
    expect(await stand({})).to.match(/^CandidateStatusMismatch/);
    expect(await stand({ from: STRANGER })).to.match(/no institution's wallet/);
    expect(await stand({ commission: "101" })).to.match(/a percentage from 0 to 100/);
    expect(await stand({ amount: "much" })).to.match(/an amount of coin/);
  });

  it("adds own stake and delegated stake", async () => {
    const { result: own } = await project.run("consensus stake", { amount: "50", from: "1" });
    expect(own).to.include({ candidate: 1, stake: "150" });
    const delegate = { candidate: "1", amount: "150", from: DELEGATOR };
    const { result } = await project.run("consensus delegate", delegate);
    expect(result).to.include({ candidate: 1, stake: "150", stakeWei: 150n * 10n ** 18n });
    expect(await refusal(project.run("consensus delegate", { ...delegate, amount: "0" }))).to.match(/^AmountZero/);
    expect(await refusal(project.run("consensus delegate", { ...delegate, candidate: "9" }))).to.match(
      /^CandidateStatusMismatch/,
    );
    expect(await refusal(project.run("consensus delegate", { ...delegate, candidate: "x" }))).to.match(/whole number/);
    expect(await refusal(project.run("consensus delegate", { ...delegate, amount: "5000" }))).to.match(
      /^ERC20InsufficientBalance/,
    );
    expect(await refusal(project.run("consensus stake", { amount: "1", from: DELEGATOR }))).to.match(/no institution/);
  });

  it("elects by anyone, when it is due", async () => {
    const { result } = await project.run("consensus elect", { from: STRANGER });
    expect(result).to.include({ epoch: 1, setOfEpochBefore: false });
    expect(result.validators).to.have.length(5);
    expect(await refusal(project.run("consensus elect"))).to.match(/^EpochNotDue/);
  });

  it("shows stakes, shares, leaders and blocks", async () => {
    const electingBlock = await provider.getBlockNumber();
    for (let block = 0; block < 3; block++) {
      await provider.send("evm_increaseTime", [5]);
      await provider.send("evm_mine", []);
    }
    const { stdout } = await project.command(["consensus", "status", "--json", "--recent", "5", "--upcoming", "3"]);
    const status = JSON.parse(stdout);
    expect(status).to.include({ head: electingBlock + 3, confirmed: electingBlock, epoch: 1, candidates: 5 });
    const told = status.validators.map(({ stake, share, participation }: Record<string, unknown>) => [
      stake,
      share,
      participation,
    ]);
    const total = 1_700;
    expect(told).to.deep.equal([300, 200, 300, 400, 500].map((stake) => [stake, stake / total, 1]));
    for (const { address } of status.validators) expect(isAddress(address)).to.equal(true);
    expect(status.recent).to.have.length(3);
    for (const { number, slot, miner, leader } of status.recent) {
      const block = await provider.getBlock(number);
      expect(slot).to.equal(Math.floor((block?.timestamp ?? 0) / 5));
      expect(miner).to.equal(block?.miner);
      expect(leader).to.equal(await contracts.validatorRegistry.leaderAt(slot));
    }
    expect(status.nextLeaders).to.have.length(3);
    expect(status.nextLeaders[0].slot).to.equal(status.slot + 1);
    expect(await refusal(project.run("consensus status", { recent: 257 }))).to.match(/from 0 to 256/);
  });

  it("shows who took part, pays for it, and jails who was down", async () => {
    await confirmUpTo({ ...contracts, institutions }, 1, await provider.getBlockNumber(), [1, 3, 4, 5]);
    const { result: status } = await project.run("consensus status");
    expect(status.validators.map(({ participation }) => participation)).to.deep.equal([1, 0, 1, 1, 1]);
    expect(await refusal(project.run("consensus settle"))).to.match(/^EpochNotConfirmed/);
    await nextEpoch();
    await confirmUpTo({ ...contracts, institutions }, 1, await provider.getBlockNumber(), [1, 3, 4, 5]);
    const { result: settled } = await project.run("consensus settle", { from: STRANGER });
    expect(settled.epoch).to.equal(1);
    expect(Number(settled.minted)).to.be.above(0);
    const { result } = await project.run("consensus status");
    expect(result).to.include({ epoch: 2, candidates: 4 });
    expect(result.jailed.map(({ candidate }) => candidate)).to.deep.equal([2]);
  });

  it("lets who was down stand again", async () => {
    expect(await refusal(project.run("consensus unjail", { from: "1" }))).to.match(/^CandidateStatusMismatch/);
    await provider.send("evm_increaseTime", [60]);
    const { result } = await project.run("consensus unjail", { from: "2" });
    expect(result).to.include({ candidate: 2, status: "Standing" });
  });

  it("moves stake, gives it back when the unbonding is over, and pays rewards", async () => {
    const move = { candidate: "1", to: "4", amount: "100", from: DELEGATOR };
    expect((await project.run("consensus redelegate", move)).result).to.include({
      candidate: 4,
      stake: "100",
      left: 1,
    });
    const leave = { candidate: "1", amount: "20", from: DELEGATOR };
    const { result: left } = await project.run("consensus undelegate", leave);
    expect(left).to.include({ stake: "30", unbonding: "20", leftInEpoch: 2, claimableFromEpoch: 4 });
    const early = await project.run("consensus claim", { from: DELEGATOR });
    expect(early.result.claimed.map(({ what }) => what)).to.deep.equal(["rewards"]);
    expect(early.result.unbonding).to.deep.equal([
      { candidate: 1, amount: "20", leftInEpoch: 2, claimableFromEpoch: 4 },
    ]);
    await nextEpoch();
    await nextEpoch();
    const { result: stakes } = await project.run("consensus stakes", { account: early.result.account });
    expect(stakes.stakes.map(({ candidate, stake }) => [candidate, stake])).to.deep.equal([
      [1, "30"],
      [4, "100"],
    ]);
    expect(stakes.unbonding).to.have.length(1);
    const { result } = await project.run("consensus claim", { from: DELEGATOR, candidate: "1" });
    expect(result.claimed).to.have.length(1);
    expect(result.claimed[0]).to.include({ what: "unbonded", candidate: 1, leftInEpoch: 2, amount: "20" });
    expect((await project.run("consensus claim", { from: STRANGER })).result.claimed).to.deep.equal([]);
  });

  it("announces a commission", async () => {
    const { result } = await project.run("consensus commission", { percent: "7.25", from: "3" });
    expect(result).to.include({ commissionPercent: 5, announcedPercent: 7.25, fromEpoch: 6 });
    expect(await refusal(project.run("consensus commission", { percent: "20.01", from: "3" }))).to.match(
      /^CommissionTooHigh/,
    );
  });

  it("reports evidence from a file, once it is checked", async () => {
    const world = { ...contracts, institutions };
    const height = await provider.getBlockNumber();
    const verdict = (institution: number, byte: string) =>
      signedBy(world, institution, verdictFor(byte, { epoch: 4, height }));
    const file = async (name: string, content: object): Promise<string> => {
      await writeFile(project.path(name), JSON.stringify(content));
      return project.path(name);
    };
    const [first, other, second] = [await verdict(5, "aa"), await verdict(4, "bb"), await verdict(5, "bb")];
    const report = async (name: string, content: object) =>
      project.run("consensus report", { file: await file(name, content), from: STRANGER });
    expect(await refusal(report("same.json", { first, second: first }))).to.match(/both votes say the same/);
    const forged = { ...second, signature: other.signature };
    expect(await refusal(report("forged.json", { first, second: forged }))).to.match(/a signature is not/);
    expect(await refusal(project.run("consensus report", { file: project.path("none.json") }))).to.match(
      /cannot be read/,
    );
    const { result: dispute } = await report("dispute.json", { first, second: other });
    expect(dispute).to.include({ evidence: "dispute", epoch: 4, height });
    const { result } = await report("twice.json", { first, second });
    expect(result).to.include({ evidence: "doubleVote", validator: first.signer, candidate: 5 });
    expect((await project.run("consensus status")).result.tombstoned).to.deep.equal([{ candidate: 5, faultEpoch: 4 }]);
    expect(await refusal(report("again.json", { first, second }))).to.match(/^CandidateStatusMismatch/);
  });

  it("lets candidates resign, and takes out who is no longer certified", async () => {
    expect((await project.run("consensus resign", { from: "3" })).result).to.include({
      candidate: 3,
      status: "Resigned",
    });
    expect(await refusal(project.run("consensus expel", { candidate: "4" }))).to.match(/^CandidateInGoodStanding/);
    await project.run("accounts suspend", { wallet: await institutions[3]?.getAddress() });
    const { result } = await project.run("consensus expel", { candidate: "4", from: STRANGER });
    expect(result).to.include({ candidate: 4, status: "Resigned" });
    const { result: elected } = await nextEpoch();
    expect(elected.setOfEpochBefore).to.equal(true);
  });

  it("shows the rules, and sets those that are named, as an operator", async () => {
    const { result: before } = await project.run("consensus rules");
    expect(before).to.deep.equal({
      seats: 5,
      minValidators: 4,
      epochLengthSeconds: 3_600,
      unbondingEpochs: 2,
      maxCommissionPercent: 20,
      commissionNoticeEpochs: 2,
      jailTimeSeconds: 60,
      slashPercent: 10,
      minSelfStake: "100",
      blockReward: "2",
      leaderSharePercent: 25,
      minParticipationPercent: 50,
      minBlocks: 1,
    });
    const asked = { seats: "21", epochLength: "1d", slashFraction: "0.5", blockReward: "1.5" };
    const { result } = await project.run("consensus rules", asked);
    const { rulesTransaction, rewardsTransaction, ...after } = result;
    expect(after).to.deep.equal({
      ...before,
      seats: 21,
      epochLengthSeconds: 86_400,
      slashPercent: 0.5,
      blockReward: "1.5",
    });
    expect([rulesTransaction, rewardsTransaction]).to.satisfy((hashes: string[]) =>
      hashes.every((hash) => /^0x[0-9a-f]{64}$/.test(hash)),
    );
    const set = (args: Record<string, string>) => refusal(project.run("consensus rules", args));
    expect(await set({ seats: "20", from: STRANGER })).to.match(/lacks the right/);
    expect(await set({ seats: "3" })).to.match(/whole number from 4 to 128/);
    expect(await set({ epochLength: "9s" })).to.match(/a duration from 10s to 30d/);
    expect(await set({ minParticipation: "51" })).to.match(/a percentage from 0 to 50/);
    expect(await set({ seats: "20", blockReward: "9".repeat(42) })).to.match(/out-of-bounds/);
    expect((await project.run("consensus rules")).result.seats).to.equal(21);
  });

  it("simulates, says the seeds, and replays one", async () => {
    const { result, stderr } = await project.run("consensus simulate", { runs: 3, seed: 11 });
    expect(result).to.deep.include({ runs: 3, failures: [] });
    expect(stderr).to.match(/^Seeds 11 to 13$/m);
    expect((await project.run("consensus simulate", { runs: 1, seed: 12 })).result.heights).to.be.above(0);
    expect(await refusal(project.run("consensus simulate", { runs: 0, seed: 1 }))).to.match(/^The runs cannot/);
  });
});
