import { expect } from "chai";
import { ethers, loadFixture, Role, register, time, wordOf } from "../fixture.js";
import { ALL, bits, oneRecord, toInstitution, toRole } from "../records/patientActions.js";
import {
  consent,
  deliver,
  HMARKT,
  HRESCH,
  hashOfLeaf,
  type Listed,
  type Manifest,
  type ManifestLeaf,
  market,
  OrderState,
  placeOrder,
  provenAt,
  recordAt,
  SECTIONS,
  stateOf,
} from "./world.js";

/** Order 1 of the researcher, for five records. */
async function ordered() {
  const world = await loadFixture(market);
  await placeOrder(world);
  const { price } = await world.dataMarket.orderOf(1);
  const toHospital = toInstitution(1);
  const ownConsents = world.consentRegistry.connect(world.patient);
  const prove = (leaf: ManifestLeaf, proof: string[]) =>
    world.dataMarket.connect(world.stranger).proveFraud(1, leaf, proof);
  const proveOf = (manifest: Manifest, index = 0) => {
    const { leaf, proof } = provenAt(manifest, index);
    return prove(leaf, proof);
  };
  /** That nothing is proven by this leaf, now and when the buyer has disputed the delivery. */
  const proveNothing = async (manifest: Manifest, index = 0) => {
    await expect(proveOf(manifest, index))
      .to.be.revertedWithCustomError(world.dataMarket, "FraudNotProven")
      .withArgs(manifest.leaves[index]?.recordId);
    expect(await stateOf(world, 1)).to.equal(OrderState.Delivered);
  };
  return { ...world, world, price, toHospital, ownConsents, prove, proveOf, proveNothing };
}

describe("DataMarket: proveFraud", () => {
  it("refunds the buyer of a record whose consent was over at the export, whoever proves it", async () => {
    const { world, dataMarket, medicalCoin, researcher, ownConsents, toHospital, price, proveOf } = await ordered();
    await ownConsents.revoke(ALL, toHospital);
    const manifest = await deliver(world, 1n);
    const sent = proveOf(manifest, 1);
    await expect(sent).to.emit(dataMarket, "FraudProven").withArgs(1, recordAt(world, 1).id);
    await expect(sent)
      .to.emit(dataMarket, "EscrowRefunded")
      .withArgs(1, researcher.address, 5n * price);
    await expect(sent).to.changeTokenBalances(ethers, medicalCoin, [researcher, dataMarket], [5n * price, -5n * price]);
    expect(await stateOf(world, 1)).to.equal(OrderState.Refunded);
    expect(await dataMarket.incomeOf(1)).to.equal(0);
    await expect(proveOf(manifest, 1))
      .to.be.revertedWithCustomError(dataMarket, "OrderStateMismatch")
      .withArgs(1, OrderState.Refunded);
  });

  it("refunds what was delivered where a part was refunded before", async () => {
    const { world, dataMarket, medicalCoin, researcher, ownConsents, price, proveOf } = await ordered();
    await ownConsents.revokeAll();
    const manifest = await deliver(world, 1n, [recordAt(world, 2)]);
    await expect(proveOf(manifest)).to.changeTokenBalance(ethers, medicalCoin, researcher, price);
    expect(await medicalCoin.balanceOf(dataMarket)).to.equal(0);
  });

  it("counts in a dispute, and when the window is over, until the order is released", async () => {
    const { world, dataMarket, researcher, stranger, ownConsents, proveOf } = await ordered();
    for (let order = 2n; order <= 3n; order += 1n) await placeOrder(world);
    await ownConsents.revokeAll();
    const manifest = await deliver(world, 1n);
    await dataMarket.connect(researcher).dispute(1, wordOf(1));
    await proveOf(manifest);
    expect(await stateOf(world, 1)).to.equal(OrderState.Refunded);
    for (const order of [2n, 3n]) await deliver(world, order);
    await time.increase(30 * 86_400);
    const { leaf, proof } = provenAt(manifest);
    await dataMarket.connect(stranger).proveFraud(2, leaf, proof);
    expect(await stateOf(world, 2)).to.equal(OrderState.Refunded);
    await dataMarket.connect(stranger).release(3);
    await expect(dataMarket.connect(stranger).proveFraud(3, leaf, proof))
      .to.be.revertedWithCustomError(dataMarket, "OrderStateMismatch")
      .withArgs(3, OrderState.Released);
  });

  it("goes for a consent that ended, and one revoked in the very second of the export", async () => {
    const { world, patient, ownConsents, toHospital, dataMarket, proveOf } = await ordered();
    await placeOrder(world);
    const until = (await time.latest()) + 1_000;
    await ownConsents.narrow(ALL, toHospital, bits(HMARKT, HRESCH), SECTIONS, until);
    await time.increaseTo(until);
    await proveOf(await deliver(world, 1n, undefined, until));
    await consent(world, patient, toHospital);
    await ownConsents.revoke(ALL, toHospital);
    const manifest = await deliver(world, 2n, undefined, await time.latest());
    const { leaf, proof } = provenAt(manifest);
    await dataMarket.proveFraud(2, leaf, proof);
    expect([await stateOf(world, 1), await stateOf(world, 2)]).to.deep.equal([
      OrderState.Refunded,
      OrderState.Refunded,
    ]);
  });

  it("goes for the key of another grant than one to the provider on this record", async () => {
    const { world, patient, neighbour } = await ordered();
    const { id } = recordAt(world, 0);
    for (const [index, key] of [
      wordOf(0),
      recordAt(world, 5).key,
      await consent(world, patient, toInstitution(2)),
      await consent(world, patient, toRole(Role.Researcher)),
      await consent(world, neighbour, toInstitution(1)),
    ].entries()) {
      const order = BigInt(index + 1);
      if (order !== 1n) await placeOrder(world);
      const { leaf } = provenAt(await deliver(world, order, [{ id, key }]));
      await world.dataMarket.proveFraud(order, leaf, []);
      expect(await stateOf(world, order)).to.equal(OrderState.Refunded);
    }
  });

  it("goes for what was revoked with everything, whatever is granted and revoked with everything after the export", async () => {
    const { world, patient, ownConsents, proveOf } = await ordered();
    await ownConsents.revokeAll();
    const manifest = await deliver(world, 1n);
    await consent(world, patient, toRole(Role.Institution));
    await ownConsents.revokeAll();
    await proveOf(manifest);
    expect(await stateOf(world, 1)).to.equal(OrderState.Refunded);
  });

  it("goes for a grant for care in the place of the revoked one for the market", async () => {
    const { world, patient, consentRegistry, ownConsents, toHospital, dataMarket } = await ordered();
    const { id, key: listed } = recordAt(world, 0);
    const until = (await time.latest()) + 90 * 86_400;
    const care = { purposes: bits(0), dataClasses: SECTIONS, from: 0, until };
    await ownConsents.grant(oneRecord(id), toHospital, care);
    await ownConsents.revoke(ALL, toHospital);
    const key = await consentRegistry.grantKeyOf(patient.address, oneRecord(id), toHospital);
    expect(key).to.not.equal(listed);
    const { leaf } = provenAt(await deliver(world, 1n, [{ id, key }]));
    expect(await consentRegistry.isRefuted(key, id, 1, await time.latest())).to.equal(false);
    await dataMarket.proveFraud(1, leaf, []);
    expect(await stateOf(world, 1)).to.equal(OrderState.Refunded);
  });

  it("goes for a grant that was replaced before the export by one that starts after it", async () => {
    const { world, ownConsents, toHospital, proveOf } = await ordered();
    const from = (await time.latest()) + 30 * 86_400;
    const later = { purposes: bits(HMARKT, HRESCH), dataClasses: SECTIONS, from, until: from + 86_400 };
    await ownConsents.grant(ALL, toHospital, later);
    await proveOf(await deliver(world, 1n));
    expect(await stateOf(world, 1)).to.equal(OrderState.Refunded);
  });

  it("goes for a record that is not in the version, though consent holds", async () => {
    const { world, datasetRegistry, hospital, proveOf, dataMarket } = await ordered();
    const outside: Listed = { id: await register(world), key: recordAt(world, 0).key };
    const manifest = await deliver(world, 1n, [recordAt(world, 0), outside]);
    await proveOf(
      manifest,
      manifest.leaves.findIndex(({ recordId }) => recordId === outside.id),
    );
    // Nor does it help that it joined the next version.
    await placeOrder(world);
    await datasetRegistry.connect(hospital).addRecords(1, [outside.id], [outside.key]);
    await datasetRegistry.connect(hospital).openVersion(1);
    const { leaf } = provenAt(await deliver(world, 2n, [outside]));
    await expect(dataMarket.proveFraud(2, leaf, []))
      .to.emit(dataMarket, "FraudProven")
      .withArgs(2, outside.id);
  });

  it("proves nothing by a consent that was revoked or narrowed after the export", async () => {
    const { world, ownConsents, toHospital, proveNothing } = await ordered();
    const exportedAt = await time.latest();
    await ownConsents.narrow(ALL, toHospital, bits(HRESCH), bits(3), exportedAt + 3_000);
    const manifest = await deliver(world, 1n, undefined, exportedAt);
    await proveNothing(manifest);
    await ownConsents.revoke(ALL, toHospital);
    await proveNothing(manifest);
    await ownConsents.revokeAll();
    await proveNothing(manifest);
  });

  it("proves nothing by a consent that was narrowed before the export, but not in time", async () => {
    const { world, ownConsents, toHospital, proveNothing } = await ordered();
    await ownConsents.narrow(ALL, toHospital, bits(HRESCH), bits(3), (await time.latest()) + 3_000);
    await proveNothing(await deliver(world, 1n));
  });

  it("proves nothing by a grant that came after the export, though it is over", async () => {
    const { world, patient, ownConsents, toHospital, proveNothing } = await ordered();
    await ownConsents.revoke(ALL, toHospital);
    const exportedAt = await time.latest();
    await time.increase(1);
    await consent(world, patient, toHospital);
    await ownConsents.revoke(ALL, toHospital);
    await proveNothing(await deliver(world, 1n, undefined, exportedAt));
  });

  it("proves nothing by a record that left the dataset since", async () => {
    const { world, datasetRegistry, hospital, proveNothing } = await ordered();
    await datasetRegistry.connect(hospital).withdrawRecords(1, [recordAt(world, 0).id]);
    await proveNothing(await deliver(world, 1n));
  });

  it("needs a leaf of the manifest, hashed twice, with its proof", async () => {
    const { world, dataMarket, ownConsents, prove } = await ordered();
    await ownConsents.revokeAll();
    const manifest = await deliver(world, 1n);
    const { leaf, proof } = provenAt(manifest);
    const { leaf: other, proof: otherProof } = provenAt(manifest, 1);
    const [sibling = "", ...rest] = proof;
    for (const [wrong, wrongProof] of [
      [leaf, otherProof],
      [leaf, []],
      [leaf, rest],
      [leaf, [...proof, sibling]],
      [{ ...leaf, keyHash: wordOf(1) }, proof],
      [{ ...leaf, recordId: wordOf(1) }, proof],
      [{ ...leaf, key: wordOf(1) }, proof],
      [{ ...leaf, ciphertextHash: wordOf(1) }, proof],
    ] as const) {
      await expect(prove(wrong, [...wrongProof]))
        .to.be.revertedWithCustomError(dataMarket, "ManifestLeafInvalid")
        .withArgs(1);
    }
    expect(hashOfLeaf(leaf)).to.not.equal(hashOfLeaf(other));
    await prove(leaf, proof);
  });
});
