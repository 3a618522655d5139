import { expect } from "chai";
import { type BaseContract, id as hashOf, keccak256, toUtf8Bytes } from "ethers";
import { ConsortiumRole } from "../../ignition/parameters.js";
import {
  DataMarket__factory,
  DatasetRegistry__factory,
  MedicalCoin__factory,
} from "../../types/ethers-contracts/index.js";
import { ethers, expectedId, headerFor, loadFixture, Role, signRecord, time, wordOf } from "../fixture.js";
import { ALL, toRole } from "../records/patientActions.js";
import {
  ALPHA,
  BOUNDS,
  C,
  coins,
  consent,
  deadlineOf,
  deliver,
  idsOf,
  keysOf,
  LISTING,
  type Market,
  market,
  OrderState,
  PURSE,
  placeOrder,
  provenAt,
  quoted,
  REWARD,
  RULES,
  recordAt,
  registerOf,
  requestFor,
  sell,
  stateOf,
} from "./world.js";

/** A {@link market} around another coin, with the same records on sale. */
async function marketOf(coinName: string): Promise<Market> {
  const world = await market();
  const { consortium, consentRegistry, recordRegistry, accountCenter, quoter, hospital, operator, researcher } = world;
  const coin = await ethers.deployContract(coinName);
  const shared = [consentRegistry, recordRegistry, accountCenter, coin];
  const registry = await ethers.deployContract("DatasetRegistry", [consortium, ...shared, REWARD]);
  const trading = await ethers.deployContract("DataMarket", [consortium, registry, quoter, ...shared, RULES]);
  const medicalCoin = MedicalCoin__factory.connect(await coin.getAddress(), operator);
  const datasetRegistry = DatasetRegistry__factory.connect(await registry.getAddress(), hospital);
  const dataMarket = DataMarket__factory.connect(await trading.getAddress(), operator);
  const { selector } = dataMarket.interface.getFunction("publishNumbers");
  await consortium.setTargetFunctionRole(dataMarket, [selector], ConsortiumRole.Operator);
  await dataMarket.publishNumbers(24, Role.Researcher, ALPHA, C, BOUNDS);
  await medicalCoin.mint(researcher, PURSE);
  await medicalCoin.connect(researcher).approve(dataMarket, PURSE);
  await datasetRegistry.list(LISTING);
  await datasetRegistry.addRecords(1, idsOf(world.records), keysOf(world.records));
  await datasetRegistry.openVersion(1);
  return { ...world, medicalCoin, datasetRegistry, dataMarket };
}

const reentrant = () => marketOf("ReentrantCoin__MockForMedicalCoin");
const feeTaking = () => marketOf("FeeTakingCoin__MockForMedicalCoin");

describe("DataMarket with a coin that calls back", () => {
  async function armed() {
    const world = await loadFixture(reentrant);
    const coin = await ethers.getContractAt("ReentrantCoin__MockForMedicalCoin", world.medicalCoin);
    const callBack = (target: BaseContract, data: string) => coin.getFunction("callBack")(target, data);
    /** What the coin's call was answered with: an error's name, or nothing where it went through. */
    const answered = async ({ interface: errors }: BaseContract) => {
      expect(await coin.getFunction("called")()).to.equal(true);
      if (await coin.getFunction("succeeded")()) return undefined;
      return errors.parseError(await coin.getFunction("answer")())?.name;
    };
    const asStranger = world.dataMarket.connect(world.stranger);
    return { ...world, world, callBack, answered, asStranger };
  }

  it("does not get a second order into the first", async () => {
    const { world, callBack, answered, dataMarket, medicalCoin } = await armed();
    const data = dataMarket.interface.encodeFunctionData("order", [await requestFor(world)]);
    await callBack(dataMarket, data);
    await placeOrder(world);
    expect(await answered(dataMarket)).to.equal("ReentrancyGuardReentrantCall");
    const { price } = await dataMarket.orderOf(1);
    expect(await medicalCoin.balanceOf(dataMarket)).to.equal(5n * price);
  });

  it("does not let a refund in the middle of an order pass for its payment", async () => {
    const { world, callBack, dataMarket, medicalCoin, researcher } = await armed();
    await placeOrder(world);
    const request = await requestFor(world);
    await time.increaseTo((await deadlineOf(world, 1)) + 1);
    await callBack(dataMarket, dataMarket.interface.encodeFunctionData("refund", [1]));
    await expect(dataMarket.connect(researcher).order(request))
      .to.be.revertedWithCustomError(dataMarket, "PaymentShort")
      .withArgs(0, request.maxPayment);
    expect(await medicalCoin.balanceOf(dataMarket)).to.equal(5n * (await dataMarket.orderOf(1)).price);
    expect(await dataMarket.orderCount()).to.equal(1);
  });

  it("does not get a refund twice, nor a release after it", async () => {
    const { world, callBack, answered, asStranger, dataMarket, medicalCoin, researcher } = await armed();
    for (let order = 1n; order <= 2n; order += 1n) await placeOrder(world);
    const { price } = await dataMarket.orderOf(1);
    await time.increaseTo((await deadlineOf(world, 2)) + 1);
    for (const [order, again] of [
      [1, "refund"],
      [2, "release"],
    ] as const) {
      await callBack(dataMarket, dataMarket.interface.encodeFunctionData(again as "refund", [order]));
      await expect(asStranger.refund(order)).to.changeTokenBalance(ethers, medicalCoin, researcher, 5n * price);
      expect(await answered(dataMarket)).to.equal("OrderStateMismatch");
    }
    expect(await medicalCoin.balanceOf(dataMarket)).to.equal(0);
  });

  it("does not get a share twice", async () => {
    const { world, callBack, answered, asStranger, dataMarket, medicalCoin, patient } = await armed();
    await sell(world);
    const claims = [{ recordId: recordAt(world, 0).id, ordinal: 0, version: 1 }];
    const [share] = await dataMarket.shareOf(claims[0] ?? { recordId: "", ordinal: 0, version: 0 });
    await callBack(dataMarket, dataMarket.interface.encodeFunctionData("claimShares", [claims]));
    await expect(asStranger.claimShares(claims)).to.changeTokenBalance(ethers, medicalCoin, patient, share);
    expect(await answered(dataMarket)).to.equal(undefined);
  });

  it("does not get a sharing reward twice", async () => {
    const { world, callBack, answered, datasetRegistry, medicalCoin, doctor } = await armed();
    const ids = [recordAt(world, 0).id];
    await callBack(datasetRegistry, datasetRegistry.interface.encodeFunctionData("claimSharingRewards", [ids]));
    await expect(datasetRegistry.claimSharingRewards(ids)).to.changeTokenBalance(
      ethers,
      medicalCoin,
      doctor,
      (REWARD.amount * 1_001n) / 10_000n,
    );
    expect(await answered(datasetRegistry)).to.equal(undefined);
  });
});

describe("DataMarket with a coin that takes a fee", () => {
  it("places no order that is paid short", async () => {
    const world = await loadFixture(feeTaking);
    const { dataMarket, medicalCoin, researcher } = world;
    const request = await requestFor(world);
    const received = request.maxPayment - request.maxPayment / 100n;
    await expect(dataMarket.connect(researcher).order(request))
      .to.be.revertedWithCustomError(dataMarket, "PaymentShort")
      .withArgs(received, request.maxPayment);
    expect([await dataMarket.orderCount(), await medicalCoin.balanceOf(researcher)]).to.deep.equal([0n, PURSE]);
  });
});

describe("DataMarket: a quote that is overtaken", () => {
  async function quotedAt() {
    const world = await loadFixture(market);
    const request = await requestFor(world);
    const { dataMarket, datasetRegistry, hospital, researcher } = world;
    const provider = datasetRegistry.connect(hospital);
    return { ...world, world, request, provider, buying: dataMarket.connect(researcher) };
  }

  it("by a version: refused, whether records joined or left", async () => {
    const { world, request, provider, buying, dataMarket } = await quotedAt();
    await provider.addRecords(1, [await registerOf(world, world.patient)], [recordAt(world, 0).key]);
    await provider.openVersion(1);
    await expect(buying.order(request)).to.be.revertedWithCustomError(dataMarket, "VersionChanged").withArgs(1, 1, 2);
    await provider.withdrawRecords(1, [recordAt(world, 0).id]);
    await expect(buying.order({ ...request, version: 2 }))
      .to.be.revertedWithCustomError(dataMarket, "VersionChanged")
      .withArgs(1, 2, 3);
  });

  it("by prices: never dearer than the quote, nor above the highest price that the buyer takes", async () => {
    const { request, provider, buying, dataMarket, quoter } = await quotedAt();
    // At its new lowest price the dataset would bring the provider more for fewer records.
    await provider.setPrices(1, coins(12), coins(18));
    await expect(buying.order(request)).to.be.revertedWithCustomError(quoter, "NoTrade").withArgs(coins(10), coins(12));
    const { payment } = await dataMarket.quote(1, Role.Researcher, 2, coins(20));
    expect(payment).to.be.greaterThan(request.maxPayment);
    await expect(buying.order({ ...request, maxPrice: coins(20) }))
      .to.be.revertedWithCustomError(dataMarket, "QuoteExceeded")
      .withArgs(payment, request.maxPayment);
  });

  it("by prices that fall: the buyer pays less", async () => {
    const { request, provider, buying, medicalCoin, researcher } = await quotedAt();
    await provider.setPrices(1, coins(3), coins(6));
    await expect(buying.order(request)).to.changeTokenBalance(ethers, medicalCoin, researcher, -coins(30));
  });

  it("by numbers: refused when it would cost more", async () => {
    const { world, request, buying, dataMarket, operator } = await quotedAt();
    await dataMarket.connect(operator).publishNumbers(24, Role.Researcher, coins(42), C, BOUNDS);
    const { payment } = await quoted(world, request);
    await expect(buying.order(request))
      .to.be.revertedWithCustomError(dataMarket, "QuoteExceeded")
      .withArgs(payment, request.maxPayment);
  });

  it("by others' orders: not at all, as a version sells its records again and again", async () => {
    const { world, request, buying, medicalCoin, researcher } = await quotedAt();
    await placeOrder(world);
    await expect(buying.order(request)).to.changeTokenBalance(ethers, medicalCoin, researcher, -request.maxPayment);
  });
});

describe("DataMarket: the same content under two salts", () => {
  it("can be listed twice, and is the buyer's ground for a dispute", async () => {
    const world = await loadFixture(market);
    const { dataMarket, datasetRegistry, recordRegistry, hospital, arbiter, researcher, medicalCoin } = world;
    // One section, stored under two salts: two leaves, two roots, two records, of which the chain sees no more than that.
    const bytes = toUtf8Bytes('{"resourceType":"Observation","valueQuantity":{"value":1.50}}');
    const leafOf = (salt: string) => keccak256(keccak256(`${salt}${keccak256(bytes).slice(2)}`));
    const opened: { id: string; salt: string }[] = [];
    for (const salt of [hashOf("one salt"), hashOf("another")]) {
      const header = await headerFor(world, { sectionsRoot: leafOf(salt) });
      await recordRegistry.connect(hospital).register(header, header.doctor, await signRecord(world, header));
      opened.push({ id: await expectedId(world, header), salt });
    }
    const { key } = recordAt(world, 0);
    const provider = datasetRegistry.connect(hospital);
    await provider.addRecords(1, idsOf(opened.map(({ id }) => ({ id, key }))), [key, key]);
    await provider.openVersion(1);
    await placeOrder(world, { version: 2 });
    const manifest = await deliver(
      world,
      1n,
      opened.map(({ id }) => ({ id, key })),
    );
    const { leaf, proof } = provenAt(manifest);
    await expect(dataMarket.proveFraud(1, leaf, proof)).to.be.revertedWithCustomError(dataMarket, "FraudNotProven");

    // The evidence: the same bytes open both records' leaves, each with its own salt.
    const [first, second] = opened;
    expect(first?.id).to.not.equal(second?.id);
    const evidence = keccak256(toUtf8Bytes(JSON.stringify({ bytes: keccak256(bytes), opened })));
    await dataMarket.connect(researcher).dispute(1, evidence);
    const { price } = await dataMarket.orderOf(1);
    await expect(dataMarket.connect(arbiter).rule(1, true)).to.changeTokenBalance(
      ethers,
      medicalCoin,
      researcher,
      2n * price,
    );
  });
});

describe("DataMarket: a pause", () => {
  it("traps nothing: orders are delivered, judged, refunded, released, and everybody is paid", async () => {
    const world = await loadFixture(market);
    const { dataMarket, datasetRegistry, medicalCoin, pauser, arbiter, hospital, researcher, stranger } = world;
    for (let order = 1n; order <= 5n; order += 1n) await placeOrder(world);
    await dataMarket.connect(pauser).pause();
    await datasetRegistry.connect(pauser).pause();
    for (const order of [1n, 2n, 3n]) await deliver(world, order);
    await dataMarket.connect(researcher).confirm(1);
    await dataMarket.connect(researcher).dispute(2, wordOf(1));
    await dataMarket.connect(arbiter).rule(2, true);
    await dataMarket.connect(hospital).refund(4);
    await time.increaseTo((await deadlineOf(world, 5)) + 1);
    await dataMarket.connect(stranger).refund(5);
    await dataMarket.connect(stranger).release(3);
    const claims = world.records.map(({ id }) => ({ recordId: id, ordinal: 0, version: 1 }));
    await dataMarket.connect(stranger).claimShares(claims);
    await dataMarket.connect(stranger).claimIncome(1);
    await datasetRegistry.connect(stranger).claimSharingRewards(idsOf(world.records));
    expect(await medicalCoin.balanceOf(dataMarket)).to.be.lessThan(BigInt(world.records.length));
    const states = await Promise.all([1, 2, 3, 4, 5].map((order) => stateOf(world, order)));
    const { Released, Refunded } = OrderState;
    expect(states).to.deep.equal([Released, Refunded, Released, Refunded, Refunded]);
  });

  it("does not stop a proof of fraud, nor the pruning of the record", async () => {
    const world = await loadFixture(market);
    const { dataMarket, datasetRegistry, consentRegistry, pauser, neighbour, stranger } = world;
    await placeOrder(world);
    await dataMarket.connect(pauser).pause();
    await datasetRegistry.connect(pauser).pause();
    await consentRegistry.connect(neighbour).revoke(ALL, toRole(Role.Institution));
    const sold = recordAt(world, 5);
    const { leaf } = provenAt(await deliver(world, 1n, [sold]));
    await dataMarket.connect(stranger).proveFraud(1, leaf, []);
    await datasetRegistry.connect(stranger).prune(1, [sold.id], [sold.key]);
    expect(await stateOf(world, 1)).to.equal(OrderState.Refunded);
    expect((await datasetRegistry.stockOf(1)).records).to.equal(5);
  });
});

describe("DataMarket: another institution", () => {
  it("cannot list the hospital's record, though the patient consents to all institutions", async () => {
    const world = await loadFixture(market);
    const { datasetRegistry, clinic, patient } = world;
    const id = await registerOf(world, patient);
    const key = await consent(world, patient, toRole(Role.Institution));
    await datasetRegistry.connect(clinic).list(LISTING);
    await expect(datasetRegistry.connect(clinic).addRecords(2, [id], [key]))
      .to.be.revertedWithCustomError(datasetRegistry, "RecordNotListable")
      .withArgs(id, 2, 3);
  });
});
