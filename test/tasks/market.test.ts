import { once } from "node:events";
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { JsonRpcProvider } from "ethers";
import { DeliveryFaulty, reasonHashOf } from "../../database/index.js";
import { keepEvidence } from "../../tasks/market/collected.js";
import { rejection } from "../enrolled.js";
import { Project, refusal } from "./project.js";
import { accounts, inWorld, patientWallet, type World } from "./world.js";

const hospital = accounts.hospital.from;
const researcher = accounts.researcher.from;
const vectorFile = fileURLToPath(new URL("../data/pricing/vectors.json", import.meta.url));
const invalidFile = fileURLToPath(new URL("../data/pricing/invalid_inputs.json", import.meta.url));

describe("npx hardhat market", () => {
  let world: World;
  let project: Project;
  inWorld((made) => {
    world = made;
    project = made.project;
  });

  const listing = {
    class: "AmbulatoryRecord",
    purposes: "HRESCH",
    sections: "Conditions,VitalSigns,Encounter",
    gamma: "0.02",
    floor: "0.01",
    lambdaMin: "0.05",
    lambdaMax: "0.1",
    from: hospital,
  };
  const file = () => ({ institution: "1", file: project.path("hospital.db"), keyFile: project.path("hospital.key") });

  it("lists a dataset, with its terms in names and coin", async () => {
    const { result } = await project.run("market list", listing);
    expect(result).to.deep.include({ dataset: 1, institution: 1, class: "AmbulatoryRecord", open: true, version: 0 });
    expect(result).to.deep.include({ purposes: ["HRESCH"], gamma: "0.02", ceiling: "0.1", patientSharePercent: 60 });
    expect(result.weights).to.deep.equal({ AmbulatoryRecord: 1 });
    const refused = (args: object) => refusal(project.run("market list", { ...listing, ...args }));
    expect(await refused({ lambdaMax: "0.01" })).to.match(/^ListingInvalid.*gamma \+ floor/);
    expect(await refused({ from: researcher })).to.match(/^AccountRoleMismatch/);
    expect(await refused({ gamma: undefined })).to.match(/--gamma is missing/);
    expect(await refused({ weights: "Ambulatory:1" })).to.match(/a class of records/);
    const weight = /a class of records and its weight, such as AmbulatoryRecord:1/;
    expect(await refused({ weights: "AmbulatoryRecord" })).to.match(weight);
    expect(await refused({ weights: "AmbulatoryRecord:1:7" })).to.match(weight);
    expect(await refused({ weights: "AmbulatoryRecord:1,ambulatoryrecord:200" })).to.match(
      /each class of records once/,
    );
  });

  it("adds records whose patients consent to the market, and puts them on sale", async () => {
    const add = { dataset: "1", from: hospital };
    const missing = project.run("market add", { ...add, ids: [world.accepted] });
    expect(await refusal(missing)).to.match(/lets institution 1 market/);
    expect((await project.run("market add", add)).result).to.include({ added: 0, joining: 0 });
    const consent = {
      recipient: "institution:1",
      purposes: "HMARKT,HRESCH",
      until: "30d",
      scope: `record:${world.accepted}`,
    };
    const signed = { from: "mnemonic:0", relayer: accounts.stranger.from };
    const { result: grant } = await project.run("consent grant", { ...consent, ...signed });
    expect((await project.run("market add", add)).result).to.include({ added: 1, joining: 1, joinsVersion: 1 });
    const { result: opened } = await project.run("market open", { dataset: "1", from: hospital });
    expect(opened).to.include({ version: 1, records: 1, joining: 0 });
    const { result: shown } = await project.run("market dataset", { dataset: "1", records: true });
    expect(shown).to.have.deep.property("members", [{ record: world.accepted, grant: grant.key }]);
    const { result: all } = await project.run("market datasets", { institution: "1", class: "AmbulatoryRecord" });
    expect(all.map(({ dataset, records }) => [dataset, records])).to.deep.equal([[1, 1]]);
    expect((await project.run("market datasets", { institution: "2" })).result).to.deep.equal([]);
  });

  it("rewards sharing out of an emission quota", async () => {
    const { result: deployed } = await project.run("deploy");
    await project.run("coin allot", { emitter: deployed.contracts.datasetRegistry, amount: "100" });
    const { result } = await project.run("market rewards", { dataset: "1" });
    expect(result.rewarded).to.deep.equal([{ record: world.accepted }]);
    const { result: balance } = await project.run("coin balance", { account: patientWallet(0) });
    expect(balance.balance).to.equal("0.6");
    expect((await project.run("market rewards", { ids: [world.accepted] })).result.rewarded).to.deep.equal([]);
    expect(await refusal(project.run("market rewards"))).to.match(/--dataset is missing/);
    const both = { ids: [world.accepted], dataset: "1" };
    expect(await refusal(project.run("market rewards", both))).to.match(/either --dataset, or the ids/);
    expect(await refusal(project.run("market claim", both))).to.match(/either --dataset, or the ids/);
    await project.run("coin transfer", { to: accounts.researcher.address, amount: "0.3", from: hospital });
  });

  it("publishes numbers, and quotes with them or with the consumer's own", async () => {
    const quote = { dataset: "1", minAmount: "1" };
    expect(await refusal(project.run("market quote", quote))).to.match(/^NumbersNotPublished.*Researcher/);
    const numbers = { class: "AmbulatoryRecord", role: "Researcher", alpha: "0.1", c: "2", alphaMax: "1" };
    const { result: published } = await project.run("market numbers", numbers);
    expect(published).to.have.length(1);
    expect(published[0]).to.include({ alpha: "0.1", c: "2", alphaMin: "0.1", alphaMax: "1", cMax: "2", orders: 0 });
    expect((await project.run("market numbers")).result).to.deep.equal(published);
    const shown = async (args: object) => (await project.run("market numbers", { ...args })).result;
    expect(await shown({ class: "AmbulatoryRecord", role: "Researcher" })).to.deep.equal(published);
    expect(await shown({ role: "Researcher" })).to.deep.equal(published);
    expect(await shown({ role: "Company" })).to.deep.equal([]);
    expect(await shown({ class: "EmergencyRecord" })).to.deep.equal([]);
    for (const bound of ["alphaMin", "alphaMax", "cMin", "cMax"]) {
      const alone = { class: "AmbulatoryRecord", role: "Researcher", [bound]: "50" };
      expect(await refusal(project.run("market numbers", alone)), bound).to.match(/--alpha is missing/);
    }
    expect(await shown({})).to.deep.equal(published);
    const { result } = await project.run("market quote", quote);
    expect(result).to.include({ version: 1, price: "0.1", amount: 1, payment: "0.1", regime: "MAX_BIND" });
    const own = await project.run("market quote", { ...quote, alpha: "0.1", c: "2", maxPrice: "0.08" });
    expect(own.result).to.include({ price: "0.08", amount: 1 });
    const refused = (args: object) => refusal(project.run("market quote", { ...quote, ...args }));
    expect(await refused({ maxPrice: "0.01" })).to.match(/^NoTrade.*0\.05 coins a record/);
    expect(await refused({ minAmount: "2" })).to.match(/^SupplyInsufficient/);
    expect(await refused({ alpha: "1" })).to.match(/--c is missing/);
    expect(await refused({ minAmount: undefined })).to.match(/--min-amount is missing/);
  });

  it("orders what it quoted, and nothing above the limits", async () => {
    const order = { dataset: "1", minAmount: "1", purpose: "HRESCH", from: researcher };
    const refused = (args: object) => refusal(project.run("market order", { ...order, ...args }));
    expect(await refused({ maxPayment: "0.09" })).to.match(/^QuoteExceeded.*costs 0\.1 coins/);
    expect(await refused({ maxPrice: "0.04" })).to.match(/^NoTrade/);
    expect(await refused({ purpose: "TREAT" })).to.match(/^PurposeNotOffered/);
    expect(await refused({ from: hospital })).to.match(/^NumbersNotPublished/);
    const { result, stderr } = await project.run("market order", { ...order, maxPayment: "0.1" });
    expect(stderr).to.contain("Quote: 1 records of version 1 for 0.1 coins each, 0.1 in all.");
    expect(result).to.include({ order: 1, state: "Ordered", buyer: accounts.researcher.address, payment: "0.1" });
    expect(result).to.have.property("deliverUntil");
    const second = await project.run("market order", { ...order, maxPrice: "0.05", approve: true });
    expect(second.result).to.include({ order: 2, price: "0.05", purpose: "HRESCH" });
    const { result: bought } = await project.run("market orders", { buyer: accounts.researcher.address });
    expect(bought.map(({ order: number, state }) => [number, state])).to.deep.equal([
      [1, "Ordered"],
      [2, "Ordered"],
    ]);
    expect((await project.run("market orders", { dataset: "2" })).result).to.deep.equal([]);
    expect(await refusal(project.run("market show", { order: "9" }))).to.match(/^OrderUnknown/);
  });

  it("delivers from the database file, and collects over HTTP to a key pair of the buyer's", async () => {
    const key = { file: project.path("buyer.key") };
    expect((await project.run("market new-key", key)).result).to.include({ suite: "X-Wing" });
    expect((await stat(key.file)).mode & 0o777).to.equal(0o600);
    const collect = {
      order: "1",
      ...world.database,
      keyFile: key.file,
      out: project.path("order-1"),
      from: researcher,
    };
    expect(await refusal(project.run("market collect", { ...collect, maxWait: "0s" }))).to.match(/order 1/i);
    const early = project.run("market deliver", { order: "1", ...file(), from: researcher });
    expect(await refusal(early)).to.match(/^AccountRoleMismatch/);
    const { result } = await project.run("market deliver", { order: "1", ...file(), from: hospital });
    expect(result).to.include({ state: "Delivered", delivered: 1 });
    const { result: collected } = await project.run("market collect", collect);
    expect(collected).to.deep.include({ order: 1, verified: true, records: 1, doubleSharing: [] });
    const lines = (await readFile(project.path("order-1/records.ndjson"), "utf8")).trim().split("\n");
    expect(lines.map((line) => JSON.parse(line).resourceType)).to.deep.equal(["Bundle"]);
    const [proven = ""] = (await readFile(project.path("order-1/manifest.ndjson"), "utf8")).split("\n");
    expect(JSON.parse(proven).leaf.recordId).to.equal(world.accepted);
    expect((await stat(collect.out)).mode & 0o777).to.equal(0o700);
    expect(await refusal(project.run("market collect", collect))).to.match(/is a folder that is not empty/);
  });

  it("leaves nothing behind after Ctrl-C, so that the same command can be run again", async () => {
    const silent = createServer();
    silent.listen(0, "127.0.0.1");
    await once(silent, "listening");
    const { port } = silent.address() as AddressInfo;
    const out = project.path("order-1-again");
    const args = ["--institution", "1", "--key-file", project.path("buyer.key"), "--out", out, "--from", researcher];
    const collect = project.start(["market", "collect", "1", "--url", `http://127.0.0.1:${port}`, ...args]);
    await once(silent, "request");
    expect(await readdir(out)).to.deep.equal([]);
    let said = "";
    collect.stderr?.on("data", (data) => {
      said += data;
    });
    collect.kill("SIGINT");
    expect(await once(collect, "close")).to.deep.equal([130, null]);
    expect(said).to.contain(`Stopped: nothing is left in ${out}. Run it again for all.`);
    silent.closeAllConnections();
    silent.close();
    expect(await stat(out).catch(() => "gone")).to.equal("gone");
  });

  it("keeps the evidence of a delivery that is faulty, and has it proven", async () => {
    const folder = project.path("order-1");
    const [proven = ""] = (await readFile(`${folder}/manifest.ndjson`, "utf8")).split("\n");
    const faulty = new DeliveryFaulty({
      orderId: 1,
      fault: "no-consent",
      detail: "it was over",
      ...JSON.parse(proven),
    });
    expect(await rejection(keepEvidence(folder, faulty))).to.equal(faulty);
    const evidence = JSON.parse(await readFile(`${folder}/evidence.json`, "utf8"));
    expect(evidence).to.include({ fault: "no-consent", reasonHash: reasonHashOf(faulty.evidence) });
    const proof = project.run("market prove-fraud", { order: "1", file: `${folder}/evidence.json` });
    expect(await refusal(proof)).to.match(/^FraudNotProven.*dispute the delivery instead/);
    const other = new Error("the network is down");
    expect(await rejection(keepEvidence(folder, other))).to.equal(other);
    expect(await stat(folder).catch(() => "gone")).to.equal("gone");
  });

  it("pays everybody when the buyer confirms", async () => {
    const confirm = { order: "1", from: researcher };
    expect(await refusal(project.run("market confirm", { ...confirm, from: hospital }))).to.match(/^OrderNotOf/);
    expect(await refusal(project.run("market release", { order: "1" }))).to.match(/^OrderDeadlineNotPassed/);
    const { result } = await project.run("market confirm", confirm);
    expect(result).to.include({ state: "Released", creators: "0.056", institution: "0.044" });
    const { result: shares } = await project.run("market claim", { dataset: "1" });
    expect(shares).to.include({ patients: "0.048", doctors: "0.008" });
    expect(shares.claimed).to.have.length(1);
    const { result: income } = await project.run("market income", { institution: "1" });
    expect(income).to.include({ institution: 1, income: "0.044" });
    expect(await refusal(project.run("market income", { institution: "1" }))).to.match(/^NoIncome/);
  });

  it("lets the buyer dispute, and the arbiter decide", async () => {
    await project.run("market deliver", { order: "2", ...file(), from: hospital });
    const evidence = project.path("no-evidence.json");
    await writeFile(evidence, JSON.stringify({ leaf: { recordId: world.accepted }, proof: [] }));
    const proof = project.run("market prove-fraud", { order: "2", file: evidence });
    expect(await refusal(proof)).to.match(/is no evidence/);
    const dispute = { order: "2", reason: "The second page is missing", from: researcher };
    const { result } = await project.run("market dispute", dispute);
    expect(result).to.include({ state: "Disputed" });
    expect(result.reasonHash).to.match(/^0x[0-9a-f]{64}$/);
    const rule = { order: "2", for: "buyer" };
    expect(await refusal(project.run("market rule", { ...rule, from: researcher }))).to.match(/lacks the right/);
    expect(await refusal(project.run("market rule", { ...rule, for: "both" }))).to.match(/buyer, provider/);
    expect((await project.run("market rule", rule)).result).to.include({ state: "Refunded", refunded: "0.05" });
  });

  it("gives the escrow back at the provider's word", async () => {
    const order = { dataset: "1", minAmount: "1", purpose: "HRESCH", maxPrice: "0.05", from: researcher };
    await project.run("market order", order);
    const { result } = await project.run("market refund", { order: "3", from: hospital });
    expect(result).to.include({ state: "Refunded", refunded: "0.05" });
    expect(await refusal(project.run("market refund", { order: "3" }))).to.match(/^OrderStateMismatch.*refunded/);
  });

  it("shows and sets the rules, moves what a period moves, and pauses", async () => {
    const { result } = await project.run("market rules", { disputeWindow: "2d", reward: "2" });
    expect(result).to.include({
      disputeWindowSeconds: 172_800,
      sharingReward: "2",
      turnoverPercent: 50,
      paused: false,
    });
    expect(await refusal(project.run("market rules", { turnover: "656" }))).to.match(/a percentage from 0\.01/);
    const half = { deliveryTime: "2h", patientPart: "80", doctorPart: "80" };
    expect(await refusal(project.run("market rules", half))).to.match(/^SharingRewardInvalid/);
    const { result: standing } = await project.run("market rules");
    expect(standing.deliveryTimeSeconds).to.equal(result.deliveryTimeSeconds).and.not.to.equal(7_200);
    const numbers = { class: "AmbulatoryRecord", role: "Researcher" };
    expect(await refusal(project.run("market advance", numbers))).to.match(/^PeriodNotOver/);
    expect(await refusal(project.run("market advance", { dataset: "1" }))).to.match(/^PeriodNotOver/);
    for (const also of [{ class: "AmbulatoryRecord" }, { role: "Researcher" }]) {
      const both = project.run("market advance", { dataset: "1", ...also });
      expect(await refusal(both)).to.match(/either --dataset, or --class and --role/);
    }
    expect((await project.run("market pause")).result.transactions).to.have.length(3);
    expect(await refusal(project.run("market list", listing))).to.match(/^EnforcedPause.*paused/);
    expect((await project.run("market rules")).result.paused).to.equal(true);
    expect((await project.run("market pause", { end: true })).result).to.include({ paused: false });
  });

  it("clears a round of offers and bids with one price", async () => {
    const terms = { class: "AmbulatoryRecord", purpose: "HRESCH", biddingEnd: "1m" };
    const { result: round } = await project.run("market open-round", terms);
    expect(round).to.include({ round: 1, class: "AmbulatoryRecord", purpose: "HRESCH", price: undefined });
    const offer = { round: "1", dataset: "1", cost: "0.05", capacity: "1", from: hospital };
    expect((await project.run("market offer", offer)).result).to.include({ offer: 0, cost: "0.05" });
    expect(await refusal(project.run("market offer", offer))).to.match(/^DatasetAlreadyOffered/);
    const bid = { round: "1", alpha: "0.1", c: "2", minAmount: "1", maxPrice: "0.08", from: researcher };
    expect((await project.run("market bid", bid)).result).to.include({ bid: 0, escrow: "0.1" });
    const finer = project.run("market bid", { ...bid, alpha: "1.0000000001" });
    expect(await refusal(finer)).to.match(/^The bid's alpha is 1\.0000000001: give a multiple of 1e-9 coins/);
    expect(await refusal(project.run("market clear", { round: "1" }))).to.match(/^BiddingNotOver/);
    const provider = new JsonRpcProvider(project.url);
    await provider.send("evm_increaseTime", [60]);
    provider.destroy();
    const { result: cleared } = await project.run("market clear", { round: "1" });
    expect(cleared).to.deep.include({ price: "0.05", allocations: [{ bid: 0, amount: 1, payment: "0.05" }] });
    const { result: settled } = await project.run("market settle", { round: "1" });
    expect(settled).to.deep.equal([
      { bid: 0, bidder: 2, outcome: "filled", amount: 1, payment: "0.05", orders: ["4"], refused: [] },
    ]);
    const { result: paid } = await project.run("market reclaim", { bidder: "2" });
    expect(paid[0]).to.include({ bidder: 2, amount: "0.05" });
    expect(await refusal(project.run("market reclaim", { bidder: "2" }))).to.match(/^NoRefund/);
    expect(await refusal(project.run("market reclaim"))).to.match(/--bidder is missing/);
    const { result: shown } = await project.run("market round", { round: "1" });
    expect(shown.offers).to.deep.equal([{ offer: 0, dataset: 1, institution: 1, capacity: 1, cost: "0.05" }]);
    expect(shown.bids[0]).to.include({ bidder: 2, minAmount: 1, state: "settled" });
    expect((await project.run("market rounds")).result).to.have.length(1);
  });

  it("takes records out, sets prices, and closes", async () => {
    expect((await project.run("market prune", { dataset: "1" })).result).to.deep.include({ pruned: [], version: 1 });
    const consent = { recipient: "institution:1", scope: `record:${world.accepted}`, from: "mnemonic:0" };
    await project.run("consent revoke", { ...consent, relayer: accounts.stranger.from });
    const { result: pruned } = await project.run("market prune", { dataset: "1", from: accounts.stranger.from });
    expect(pruned).to.deep.include({ pruned: [{ record: world.accepted }], version: 2, records: 0 });
    const withdraw = { dataset: "1", ids: [world.accepted], from: hospital };
    expect(await refusal(project.run("market withdraw", withdraw))).to.match(/^RecordNotListed/);
    const prices = { dataset: "1", lambdaMin: "0.06", lambdaMax: "0.09", from: hospital };
    expect((await project.run("market prices", prices)).result).to.include({ lambdaMin: "0.06", ceiling: "0.09" });
    expect((await project.run("market close", { dataset: "1", from: hospital })).result).to.include({ open: false });
  });
});

describe("npx hardhat market quote-batch", () => {
  let project: Project;
  before(async () => {
    project = await Project.start();
    await project.run("deploy");
  });
  after(() => project.stop());

  const batch = async (name: string, document: unknown) => {
    const input = project.path(name);
    await writeFile(input, typeof document === "string" ? document : JSON.stringify(document));
    return { input, output: project.path(`answers-to-${name}`) };
  };

  it("answers every case and keeps the rest of the document", async () => {
    const output = project.path("answers.json");
    await writeFile(output, "what was there before");
    const { result } = await project.run("market quote-batch", { input: vectorFile, output });
    const asked = JSON.parse(await readFile(vectorFile, "utf8"));
    const answered = JSON.parse(await readFile(output, "utf8"));
    expect(result).to.include({ cases: asked.cases.length, quoted: asked.cases.length, refused: 0 });
    expect(answered.cases[0].result).to.deep.equal({
      lambda: "1000000000000000000000",
      d: "200000000000000000000",
      payment: "200000000000000000000000",
      regime: "MAX_BIND",
    });
    for (const [place, one] of answered.cases.entries()) {
      expect(one.result.regime).to.equal(asked.cases[place].outputs.regime);
      delete one.result;
    }
    expect(answered).to.deep.equal(asked);
  });

  it("names the error of a case that is no game, or that has no numbers", async () => {
    const { cases: games } = JSON.parse(await readFile(invalidFile, "utf8"));
    const { inputs } = JSON.parse(await readFile(vectorFile, "utf8")).cases[0];
    const odd = [{ tag: "none" }, { inputs: { ...inputs, c: undefined } }];
    const numbers = ["-1", "1.5", "0x1", "", 7, String(2n ** 120n), String(2n ** 256n)];
    const cases = [...games, ...odd, ...numbers.map((alpha) => ({ inputs: { ...inputs, alpha } }))];
    const files = await batch("invalid.json", { meta: "odd", cases });
    const { result, stderr } = await project.run("market quote-batch", files);
    expect(result).to.include({ cases: 14, quoted: 0, refused: 14 });
    const { cases: answered } = JSON.parse(await readFile(files.output, "utf8"));
    expect(answered.map((one: { result: { error: string } }) => one.result.error)).to.deep.equal([
      ...["Cost", "Demand", "Gamma", "Floor", "Ceiling"].map((what) => `Pricing${what}Invalid`),
      ...Array(7).fill("InputInvalid"),
      ...Array(2).fill("PricingInputTooLarge"),
    ]);
    expect(stderr).to.contain("Case 5: inputs is missing").and.to.contain('Case 7: alpha is "-1"');
  });

  it("keeps what JavaScript's numbers cannot, and says long ones shortly", async () => {
    const { inputs } = JSON.parse(await readFile(vectorFile, "utf8")).cases[0];
    const alpha = "9".repeat(500);
    const one = JSON.stringify({ inputs: { ...inputs, alpha } }).slice(0, -1);
    const text = `{"expected": [12345678901234567890, 1.50, 1e400, -0], "cases": [${one}}]}`;
    const files = await batch("numbers.json", text);
    const { stderr } = await project.run("market quote-batch", files);
    const answered = text.replace(one, `${one},"result": {"error":"PricingInputTooLarge"}`);
    expect(await readFile(files.output, "utf8")).to.equal(answered);
    expect(stderr).to.contain(`Case 0: ${"9".repeat(20)}... (500 digits) is above`);
  });

  it("refuses a broken document before anything is written", async () => {
    const refused = async (name: string, document: unknown) => {
      const files = await batch(name, document);
      const message = await refusal(project.run("market quote-batch", files));
      expect(await stat(files.output).catch(() => "none")).to.equal("none");
      return message;
    };
    expect(await refused("broken.json", '{"cases": [')).to.match(/is not JSON/);
    expect(await refused("list.json", [])).to.match(/has no cases/);
    expect(await refused("empty.json", { cases: [] })).to.match(/has no cases/);
    expect(await refused("odd.json", { cases: [7] })).to.match(/a case that is no object, number 0/);
    const folder = { input: vectorFile, output: project.path(".") };
    expect(await refusal(project.run("market quote-batch", folder))).to.match(/is no file/);
    const nowhere = { input: vectorFile, output: project.path("no/where.json") };
    expect(await refusal(project.run("market quote-batch", nowhere))).to.match(/check its folder/);
    expect(await refusal(project.run("market quote-batch", { input: vectorFile }))).to.match(/--output is missing/);
  });
});
