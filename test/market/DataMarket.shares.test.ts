import { expect } from "chai";
import { ethers, fresh, loadFixture, wordOf } from "../fixture.js";
import {
  coins,
  deliver,
  gasOf,
  idsOf,
  LISTING,
  market,
  placeOrder,
  REWARD,
  recordAt,
  registerMany,
  sell,
} from "./world.js";

/** One sale of five records of version 1, whose weights add up to 8. */
async function sold() {
  const world = await loadFixture(market);
  const order = await sell(world);
  const { price } = await world.dataMarket.orderOf(order);
  const provider = world.datasetRegistry.connect(world.hospital);
  return { ...world, world, provider, price, claiming: world.dataMarket.connect(world.stranger) };
}

const claim = (recordId: string, ordinal = 0, version = 1) => ({ recordId, ordinal, version });

/** The creators' part of a sale: 45 % of the margin. */
const creatorsOf = (price: bigint, records = 5n) => ((price - LISTING.gamma) * records * 4_500n) / 10_000n;

/** What of it a record is due, in patient's and doctor's part, by the weight that it has of 8. */
function partsOf(creators: bigint, weight = 1n, all = 8n) {
  const due = ((((creators << 64n) / all) * weight) >> 64n) as bigint;
  const doctor = (due * 1_500n) / 4_500n;
  return { due, patient: due - doctor, doctor };
}

describe("DataMarket: the creators' share of a sale", () => {
  it("is their part of the margin above the provider's cost", async () => {
    const { dataMarket, medicalCoin, price } = await sold();
    const creators = creatorsOf(price);
    expect(creators).to.be.greaterThan(5n * LISTING.floor);
    expect(await dataMarket.incomeOf(1)).to.equal(5n * price - creators);
    expect(await medicalCoin.balanceOf(dataMarket)).to.equal(5n * price);
  });

  it("is the floor at least", async () => {
    const { world, provider, dataMarket, clearing, researcher } = await sold();
    const least = LISTING.gamma + LISTING.floor;
    await dataMarket.connect(clearing).orderFor(researcher, 1, 6, least, 8);
    await deliver(world, 2n);
    await expect(dataMarket.connect(researcher).confirm(2))
      .to.emit(dataMarket, "OrderReleased")
      .withArgs(2, 6n * LISTING.floor, 6n * LISTING.gamma);
    expect((await provider.saleOf(1)).floor).to.equal(LISTING.floor);
  });

  it("rounds down in the institution's favour, never above what came in", async () => {
    const { world, provider, dataMarket, datasetRegistry, operator, clearing, researcher, records } = await sold();
    await datasetRegistry.connect(operator).setSharingReward({ ...REWARD, leastFloor: 0n });
    const listing = { ...LISTING, gamma: 1n, floor: 0n, lambdaMin: 1n, lambdaMax: 2n };
    await provider.list(listing);
    await provider.withdrawRecords(1, idsOf(records).slice(0, 3));
    const moved = records.slice(0, 3);
    await provider.addRecords(
      2,
      idsOf(moved),
      moved.map(({ key }) => key),
    );
    await provider.openVersion(2);
    await dataMarket.connect(clearing).orderFor(researcher, 2, 3, 2n, 8);
    await deliver(world, 2n);
    // A margin of 3 wei, of which 45 % are 1.35.
    await expect(dataMarket.connect(researcher).confirm(2)).to.emit(dataMarket, "OrderReleased").withArgs(2, 1, 5);
    // A third of a wei cannot be paid, and stays claimable until it is a whole one.
    const claims = moved.map(({ id }) => claim(id, 1));
    expect(await dataMarket.shareOf(claims[0] ?? claim(""))).to.deep.equal([0, 0]);
    await dataMarket.claimShares(claims);
    for (let order = 3n; order <= 5n; order += 1n) {
      await dataMarket.connect(clearing).orderFor(researcher, 2, 3, 2n, 8);
      await deliver(world, order);
      await dataMarket.connect(researcher).confirm(order);
    }
    expect(await dataMarket.shareOf(claims[0] ?? claim(""))).to.deep.equal([1, 0]);
  });
});

describe("DataMarket: claimShares", () => {
  it("pays patients and doctors by weight, whoever asks", async () => {
    const { world, claiming, dataMarket, medicalCoin, patient, neighbour, doctor, stranger, price } = await sold();
    const creators = creatorsOf(price);
    const [one, three] = [partsOf(creators), partsOf(creators, 3n)];
    const claims = [0, 4, 5].map((index) => claim(recordAt(world, index).id));
    expect(await dataMarket.shareOf(claims[1] ?? claim(""))).to.deep.equal([three.patient, three.doctor]);
    const sent = claiming.claimShares(claims);
    for (const [index, parts] of [one, three, one].entries()) {
      await expect(sent)
        .to.emit(dataMarket, "ShareClaimed")
        .withArgs(claims[index]?.recordId, 1, 1, parts.patient, parts.doctor);
    }
    await expect(sent).to.changeTokenBalances(
      ethers,
      medicalCoin,
      [patient, neighbour, doctor, stranger, dataMarket],
      [one.patient + three.patient, one.patient, 2n * one.doctor + three.doctor, 0n, -(2n * one.due + three.due)],
    );
    expect(await dataMarket.shareOf(claims[1] ?? claim(""))).to.deep.equal([0, 0]);
  });

  it("leaves less than a wei for each record, once all have claimed", async () => {
    const { claiming, dataMarket, medicalCoin, hospital, records } = await sold();
    await claiming.claimShares(records.map(({ id }) => claim(id)));
    await dataMarket.connect(hospital).claimIncome(1);
    expect(await medicalCoin.balanceOf(dataMarket)).to.be.lessThan(BigInt(records.length));
  });

  it("pays nothing twice, in one call or in several, and later sales again", async () => {
    const { world, claiming, dataMarket, medicalCoin, patient, price } = await sold();
    const { id } = recordAt(world, 0);
    const { patient: part } = partsOf(creatorsOf(price));
    await expect(claiming.claimShares([claim(id), claim(id)])).to.changeTokenBalance(
      ethers,
      medicalCoin,
      patient,
      part,
    );
    const again = claiming.claimShares([claim(id)]);
    await expect(again).not.to.emit(dataMarket, "ShareClaimed");
    await expect(again).to.changeTokenBalance(ethers, medicalCoin, patient, 0n);
    await sell(world);
    await expect(claiming.claimShares([claim(id)])).to.changeTokenBalance(ethers, medicalCoin, patient, part);
  });

  it("pays for sales of the versions that the record was in, and not for others", async () => {
    const { world, provider, claiming, dataMarket, medicalCoin, price } = await sold();
    const { id, key } = recordAt(world, 4);
    await provider.withdrawRecords(1, [id]);
    await sell(world, { version: 2 });
    for (const wrong of [claim(id, 0, 2), claim(id, 0, 0), claim(id, 1, 1), claim(id, 255, 1)]) {
      await expect(claiming.claimShares([claim(id), wrong]))
        .to.be.revertedWithCustomError(dataMarket, "ClaimInvalid")
        .withArgs(id, wrong.ordinal, wrong.version);
      await expect(dataMarket.shareOf(wrong))
        .to.be.revertedWithCustomError(dataMarket, "ClaimInvalid")
        .withArgs(id, wrong.ordinal, wrong.version);
    }
    // Listed again, it keeps what it is due from before, and has a part in what is sold since.
    await provider.addRecords(1, [id], [key]);
    await provider.openVersion(1);
    await sell(world, { version: 3 });
    await expect(claiming.claimShares([claim(id, 1, 1)]))
      .to.be.revertedWithCustomError(dataMarket, "ClaimInvalid")
      .withArgs(id, 1, 1);
    const { patient } = partsOf(creatorsOf(price), 3n);
    const balance = await medicalCoin.balanceOf(world.patient);
    await claiming.claimShares([claim(id, 0, 1), claim(id, 1, 3)]);
    expect((await medicalCoin.balanceOf(world.patient)) - balance).to.equal(2n * patient);
  });

  it("keeps what a record earned in another dataset apart", async () => {
    const { world, provider, claiming, dataMarket, medicalCoin, patient, price } = await sold();
    const { id, key } = recordAt(world, 4);
    await provider.withdrawRecords(1, [id]);
    await provider.list({ ...LISTING, weights: 0xff01n, patientShare: 4_500, doctorShare: 0 });
    await provider.addRecords(2, [id], [key]);
    await provider.openVersion(2);
    await dataMarket.connect(world.clearing).orderFor(world.researcher, 2, 1, coins(12), 8);
    await deliver(world, 2n, [recordAt(world, 4)]);
    await dataMarket.connect(world.researcher).confirm(2);
    expect(await dataMarket.shareOf(claim(id, 0, 1))).to.deep.equal(
      Object.values(partsOf(creatorsOf(price), 3n)).slice(1),
    );
    const own = (coins(12 - 2) * 45n) / 100n;
    const { due } = partsOf(own, 255n, 255n);
    expect(await dataMarket.shareOf(claim(id, 1, 1))).to.deep.equal([due, 0]);
    await expect(claiming.claimShares([claim(id, 1, 1)])).to.changeTokenBalance(ethers, medicalCoin, patient, due);
    expect((await dataMarket.shareOf(claim(id, 0, 1)))[0]).to.be.greaterThan(0);
  });

  it("brings a record nothing that waits, was never listed, or sold nothing", async () => {
    const { world, provider, claiming, dataMarket } = await sold();
    const unknown = wordOf(fresh());
    await expect(claiming.claimShares([claim(unknown, 0, 0)]))
      .to.be.revertedWithCustomError(dataMarket, "ClaimInvalid")
      .withArgs(unknown, 0, 0);
    const [waiting = ""] = await registerMany(world, 1);
    await provider.addRecords(1, [waiting], [recordAt(world, 0).key]);
    await expect(claiming.claimShares([claim(waiting, 0, 1)]))
      .to.be.revertedWithCustomError(dataMarket, "ClaimInvalid")
      .withArgs(waiting, 0, 1);
    for (const version of [2, 2 ** 32 - 1]) {
      expect(await dataMarket.shareOf(claim(waiting, 0, version))).to.deep.equal([0, 0]);
    }
  });

  it("brings nothing before the release, and nothing from a refunded order", async () => {
    const world = await loadFixture(market);
    const { dataMarket, arbiter, researcher } = world;
    await placeOrder(world);
    await deliver(world, 1n);
    const own = claim(recordAt(world, 0).id);
    expect(await dataMarket.shareOf(own)).to.deep.equal([0, 0]);
    await dataMarket.connect(researcher).dispute(1, wordOf(1));
    await dataMarket.connect(arbiter).rule(1, true);
    expect(await dataMarket.shareOf(own)).to.deep.equal([0, 0]);
    expect(await dataMarket.incomeOf(1)).to.equal(0);
  });

  it("pays who left the market too: a revoked patient, a suspended doctor, a record without consent", async () => {
    const { world, claiming, medicalCoin, accountCenter, consentRegistry, registrar, neighbour, doctor } = await sold();
    await consentRegistry.connect(neighbour).revokeAll();
    await accountCenter.connect(registrar).revoke(neighbour, 0);
    await accountCenter.connect(registrar).suspend(doctor, 0);
    const before = [await medicalCoin.balanceOf(neighbour), await medicalCoin.balanceOf(doctor)];
    await claiming.claimShares([claim(recordAt(world, 5).id)]);
    expect(await medicalCoin.balanceOf(neighbour)).to.be.greaterThan(before[0] ?? 0n);
    expect(await medicalCoin.balanceOf(doctor)).to.be.greaterThan(before[1] ?? 0n);
  });

  it("takes 1 to 100 claims, the most within half a block's gas", async () => {
    const { world, provider, claiming, dataMarket } = await sold();
    for (const count of [0, 101]) {
      await expect(claiming.claimShares(Array(count).fill(claim(recordAt(world, 0).id))))
        .to.be.revertedWithCustomError(dataMarket, "ClaimCountInvalid")
        .withArgs(count);
    }
    const ids = await registerMany(world, 100);
    await provider.addRecords(
      1,
      ids,
      ids.map(() => recordAt(world, 0).key),
    );
    await provider.openVersion(1);
    await sell(world, { version: 2 });
    expect(await gasOf(claiming.claimShares(ids.map((id) => claim(id, 0, 2))))).to.be.lessThan(15_000_000n);
  });
});

describe("DataMarket: claimIncome", () => {
  it("pays the institution what its sales brought, once", async () => {
    const { world, dataMarket, medicalCoin, hospital, stranger, price } = await sold();
    await sell(world);
    const income = 2n * (5n * price - creatorsOf(price));
    const sent = dataMarket.connect(stranger).claimIncome(1);
    await expect(sent).to.emit(dataMarket, "IncomeClaimed").withArgs(1, hospital.address, income);
    await expect(sent).to.changeTokenBalances(ethers, medicalCoin, [hospital, dataMarket], [income, -income]);
    expect(await dataMarket.incomeOf(1)).to.equal(0);
    await expect(dataMarket.connect(hospital).claimIncome(1))
      .to.be.revertedWithCustomError(dataMarket, "NoIncome")
      .withArgs(1);
  });

  it("is each institution's own, and comes whatever the state of its certificate", async () => {
    const { dataMarket, accountCenter, medicalCoin, registrar, hospital, clinic, price } = await sold();
    for (const institution of [0, 2, 65_535]) {
      await expect(dataMarket.connect(clinic).claimIncome(institution))
        .to.be.revertedWithCustomError(dataMarket, "NoIncome")
        .withArgs(institution);
    }
    await accountCenter.connect(registrar).revoke(hospital, 0);
    const income = 5n * price - creatorsOf(price);
    await expect(dataMarket.connect(clinic).claimIncome(1)).to.changeTokenBalances(
      ethers,
      medicalCoin,
      [hospital, clinic, dataMarket],
      [income, 0n, -income],
    );
  });
});
