import { expect } from "chai";
import { ethers, fresh, loadFixture, register, wordOf } from "../fixture.js";
import { coins, idsOf, LISTING, market, REWARD, recordAt } from "./world.js";

async function onSale() {
  const world = await loadFixture(market);
  const provider = world.datasetRegistry.connect(world.hospital);
  return { ...world, world, provider, claiming: world.datasetRegistry.connect(world.stranger) };
}

/** The parts of {@link REWARD}, rounded down; the institution gets the rest. */
const PATIENT = (REWARD.amount * 6_001n) / 10_000n;
const DOCTOR = (REWARD.amount * 1_001n) / 10_000n;
const INSTITUTION = REWARD.amount - PATIENT - DOCTOR;

describe("DatasetRegistry: claimSharingRewards", () => {
  it("emits a record's reward to patient, doctor and institution, whoever asks", async () => {
    const { world, claiming, datasetRegistry, medicalCoin, patient, neighbour, doctor, hospital, stranger } =
      await onSale();
    const ids = [recordAt(world, 0).id, recordAt(world, 5).id];
    const sent = claiming.claimSharingRewards(ids);
    for (const id of ids) {
      await expect(sent).to.emit(datasetRegistry, "SharingRewardClaimed").withArgs(id, PATIENT, DOCTOR, INSTITUTION);
    }
    await expect(sent).to.changeTokenBalances(
      ethers,
      medicalCoin,
      [patient, neighbour, doctor, hospital, stranger, datasetRegistry],
      [PATIENT, PATIENT, 2n * DOCTOR, 2n * INSTITUTION, 0n, 0n],
    );
    expect((await medicalCoin.emissionOf(datasetRegistry)).minted).to.equal(2n * REWARD.amount);
  });

  it("pays once in a record's life, in one call and in several, listed again or not", async () => {
    const { world, provider, claiming, datasetRegistry, medicalCoin, patient } = await onSale();
    const { id, key } = recordAt(world, 0);
    const passOver = () =>
      expect(claiming.claimSharingRewards([id])).to.not.emit(datasetRegistry, "SharingRewardClaimed");
    const sent = claiming.claimSharingRewards([id, id]);
    await expect(sent).to.changeTokenBalance(ethers, medicalCoin, patient, PATIENT);
    await passOver();
    await provider.withdrawRecords(1, [id]);
    await passOver();
    await provider.list(LISTING);
    await provider.addRecords(2, [id], [key]);
    await provider.openVersion(2);
    await passOver();
    expect((await datasetRegistry.membershipOf(id)).rewarded).to.equal(true);
  });

  it("waits while no reward is set: claiming then loses nothing", async () => {
    const { world, claiming, datasetRegistry, operator, medicalCoin, patient } = await onSale();
    const { id } = recordAt(world, 0);
    const setting = datasetRegistry.connect(operator);
    await setting.setSharingReward({ ...REWARD, amount: 0n });
    await expect(claiming.claimSharingRewards([id])).to.not.emit(datasetRegistry, "SharingRewardClaimed");
    expect((await datasetRegistry.membershipOf(id)).rewarded).to.equal(false);
    await setting.setSharingReward(REWARD);
    await expect(claiming.claimSharingRewards([id])).to.changeTokenBalance(ethers, medicalCoin, patient, PATIENT);
  });

  it("still pays for records that left, and once for those that were listed again before", async () => {
    const { world, provider, claiming, datasetRegistry, medicalCoin, patient } = await onSale();
    const [{ id: left }, { id: again, key }] = [recordAt(world, 0), recordAt(world, 1)];
    await provider.withdrawRecords(1, [left, again]);
    await provider.addRecords(1, [again], [key]);
    await expect(claiming.claimSharingRewards([left, again])).to.changeTokenBalance(
      ethers,
      medicalCoin,
      patient,
      2n * PATIENT,
    );
    await provider.openVersion(1);
    await expect(claiming.claimSharingRewards([again])).to.not.emit(datasetRegistry, "SharingRewardClaimed");
  });

  it("waits for the version that puts the record on sale", async () => {
    const { world, provider, claiming, datasetRegistry } = await onSale();
    const id = await register(world);
    for (const listed of [false, true]) {
      if (listed) await provider.addRecords(1, [id], [recordAt(world, 0).key]);
      await expect(claiming.claimSharingRewards([id])).to.not.emit(datasetRegistry, "SharingRewardClaimed");
    }
    await provider.openVersion(1);
    await claiming.claimSharingRewards([id]);
  });

  it("does not pay for a record that was withdrawn before it was on sale, until it is", async () => {
    const { world, provider, claiming, datasetRegistry } = await onSale();
    const id = await register(world);
    const { key } = recordAt(world, 0);
    const passOver = () =>
      expect(claiming.claimSharingRewards([id])).to.not.emit(datasetRegistry, "SharingRewardClaimed");
    await provider.addRecords(1, [id], [key]);
    await provider.withdrawRecords(1, [id]);
    await passOver();
    await provider.addRecords(1, [id], [key]);
    await passOver();
    await provider.openVersion(1);
    await claiming.claimSharingRewards([id]);
  });

  it("is not held up by one that was paid before", async () => {
    const { claiming, records, datasetRegistry } = await onSale();
    const ids = idsOf(records).slice(0, 3);
    await claiming.claimSharingRewards(ids.slice(1, 2));
    await claiming.claimSharingRewards(ids);
    for (const id of ids) expect((await datasetRegistry.membershipOf(id)).rewarded).to.equal(true);
  });

  it("takes 1 to 100 records", async () => {
    const { claiming, datasetRegistry } = await onSale();
    for (const count of [0, 101]) {
      await expect(claiming.claimSharingRewards(Array<string>(count).fill(wordOf(fresh()))))
        .to.be.revertedWithCustomError(datasetRegistry, "RecordCountInvalid")
        .withArgs(count, count);
    }
  });

  it("loses nothing when the emission is exhausted", async () => {
    const { world, records, claiming, operator, datasetRegistry, medicalCoin, patient } = await onSale();
    await datasetRegistry.connect(operator).setSharingReward({ ...REWARD, amount: coins(40) });
    await claiming.claimSharingRewards(idsOf(records).slice(0, 2));
    const { id } = recordAt(world, 2);
    const part = (amount: bigint) => (amount * 6_001n) / 10_000n;
    await expect(claiming.claimSharingRewards([id]))
      .to.be.revertedWithCustomError(medicalCoin, "EmissionQuotaExceeded")
      .withArgs(await datasetRegistry.getAddress(), part(coins(40)), coins(20));
    expect((await datasetRegistry.membershipOf(id)).rewarded).to.equal(false);
    // Patient and doctor would still be paid, and the institution not any more: nobody is.
    await datasetRegistry.connect(operator).setSharingReward({ ...REWARD, amount: coins(21) });
    await expect(claiming.claimSharingRewards([id])).to.be.revertedWithCustomError(
      medicalCoin,
      "EmissionQuotaExceeded",
    );
    expect((await datasetRegistry.membershipOf(id)).rewarded).to.equal(false);
    await datasetRegistry.connect(operator).setSharingReward({ ...REWARD, amount: coins(20) });
    await expect(claiming.claimSharingRewards([id])).to.changeTokenBalance(
      ethers,
      medicalCoin,
      patient,
      part(coins(20)),
    );
    expect((await medicalCoin.emissionOf(datasetRegistry)).minted).to.equal(coins(100));
  });
});

describe("DatasetRegistry: setSharingReward", () => {
  it("counts for rewards that were not claimed yet", async () => {
    const { world, claiming, operator, datasetRegistry, medicalCoin, patient, doctor, hospital } = await onSale();
    expect(await datasetRegistry.sharingReward()).to.deep.equal(Object.values(REWARD));
    await claiming.claimSharingRewards([recordAt(world, 0).id]);
    await expect(
      datasetRegistry
        .connect(operator)
        .setSharingReward({ amount: 7n, patientPart: 10_000, doctorPart: 0, leastFloor: 3n }),
    )
      .to.emit(datasetRegistry, "SharingRewardSet")
      .withArgs([7, 10_000, 0, 3]);
    expect(await datasetRegistry.sharingReward()).to.deep.equal([7, 10_000, 0, 3]);
    await expect(claiming.claimSharingRewards([recordAt(world, 1).id])).to.changeTokenBalances(
      ethers,
      medicalCoin,
      [patient, doctor, hospital],
      [7n, 0n, 0n],
    );
  });

  it("refuses parts of more than all, and all but operators", async () => {
    const { operator, pauser, datasetRegistry } = await onSale();
    const wrong = { amount: 1n, patientPart: 5_000, doctorPart: 5_001, leastFloor: 0n };
    await expect(datasetRegistry.connect(operator).setSharingReward(wrong))
      .to.be.revertedWithCustomError(datasetRegistry, "SharingRewardInvalid")
      .withArgs(Object.values(wrong));
    await expect(datasetRegistry.connect(pauser).setSharingReward(REWARD))
      .to.be.revertedWithCustomError(datasetRegistry, "AccessManagedUnauthorized")
      .withArgs(pauser.address);
  });
});
