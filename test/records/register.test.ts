import { expect } from "chai";
import { ChainError } from "../../src/chainError.js";
import { domainOf } from "../../src/eip712.js";
import { unpackRecord } from "../../src/records/indexedRecord.js";
import { acceptanceStatement, repudiationStatement, signWord, verifyWord } from "../../src/records/recordSignatures.js";
import {
  acceptRecord,
  acceptRecordBySig,
  registerBatch,
  registerRecord,
  repudiateRecord,
  repudiateRecordBySig,
  WrongRegistry,
} from "../../src/records/register.js";
import { signBatch } from "../../src/records/signRecord.js";
import { dayCeil } from "../../src/utcDay.js";
import { enrolled, fund, inDays, loadFixture, rejection, requestFor, signedByBoth } from "../enrolled.js";

async function registering() {
  const world = await loadFixture(enrolled);
  const [patient] = world.patient;
  await fund(patient);
  const registry = world.recordRegistry;
  const stateOf = async (id: string) => unpackRecord(BigInt(await registry.records(id))).state;
  const asserted = async () => {
    const batch = await signBatch([await requestFor(world, patient)], world.doctor);
    const [id = ""] = (await registerBatch(registry.connect(world.hospital), batch)).ids;
    return id;
  };
  return {
    ...world,
    world,
    patient,
    stateOf,
    asserted,
    domain: await domainOf(registry),
    deadline: dayCeil(await inDays(1)),
    byHospital: registry.connect(world.hospital),
    byPatient: registry.connect(patient),
    byRelayer: registry.connect(world.relayer),
  };
}

async function refusalOf(run: Promise<unknown>): Promise<string> {
  const error = await rejection(run);
  expect(error).to.be.instanceOf(ChainError);
  return error instanceof ChainError ? error.errorName : "";
}

describe("registerRecord", () => {
  it("registers what both signed under the id that they signed, accepted", async () => {
    const { world, patient, byHospital, stateOf } = await registering();
    const signed = await signedByBoth(world, await requestFor(world, patient), patient);
    const { id, receipt } = await registerRecord(byHospital, signed);
    expect(id).to.equal(signed.request.id);
    expect(receipt.status).to.equal(1);
    expect(await stateOf(id)).to.equal("Accepted");
  });

  it("amends when the request supersedes another record", async () => {
    const { world, patient, byHospital, stateOf } = await registering();
    const first = await registerRecord(
      byHospital,
      await signedByBoth(world, await requestFor(world, patient), patient),
    );
    const amendment = await signedByBoth(world, await requestFor(world, patient, first.id), patient);
    const second = await registerRecord(byHospital, amendment);
    expect(await stateOf(first.id)).to.equal("Superseded");
    expect(await stateOf(second.id)).to.equal("Accepted");
  });

  it("says why it is refused: twice, by another sender, without a signature", async () => {
    const { world, patient, byHospital, byRelayer, byPatient } = await registering();
    const signed = await signedByBoth(world, await requestFor(world, patient), patient);
    expect(await refusalOf(registerRecord(byRelayer, signed))).to.equal("AccountNotCertified");
    expect(await refusalOf(registerRecord(byPatient, signed))).to.equal("AccountRoleMismatch");
    const { doctor } = signed.signatures;
    const unsigned = { ...signed, signatures: { doctor, patient: doctor } };
    expect(await refusalOf(registerRecord(byHospital, unsigned))).to.equal("RecordSignatureInvalid");
    await registerRecord(byHospital, signed);
    expect(await refusalOf(registerRecord(byHospital, signed))).to.equal("RecordAlreadyRegistered");
  });

  it("sends nothing to another registry", async () => {
    const { world, patient, byHospital } = await registering();
    const signed = await signedByBoth(world, await requestFor(world, patient), patient);
    const elsewhere = byHospital.attach(await world.consentRegistry.getAddress()) as typeof byHospital;
    expect(await rejection(registerRecord(elsewhere, signed))).to.be.instanceOf(WrongRegistry);
  });
});

describe("registerBatch", () => {
  it("asserts all records of the batch", async () => {
    const { world, patient, neighbour, doctor, byHospital, stateOf } = await registering();
    const requests = [await requestFor(world, patient), await requestFor(world, neighbour[0])];
    const { ids } = await registerBatch(byHospital, await signBatch(requests, doctor));
    expect(ids).to.deep.equal(requests.map(({ id }) => id));
    for (const id of ids) expect(await stateOf(id)).to.equal("Asserted");
  });

  it("registers none if one fails", async () => {
    const { world, patient, doctor, byHospital, stateOf } = await registering();
    const [first, second] = [await requestFor(world, patient), await requestFor(world, patient)];
    await registerBatch(byHospital, await signBatch([second], doctor));
    const refusal = await refusalOf(registerBatch(byHospital, await signBatch([first, second], doctor)));
    expect(refusal).to.equal("RecordAlreadyRegistered");
    expect(await stateOf(first.id)).to.equal("None");
  });
});

describe("the patient's word on an asserted record", () => {
  it("accepts it, by transaction and by signature", async () => {
    const { patient, asserted, stateOf, byPatient, byRelayer, domain, deadline } = await registering();
    const first = await acceptRecord(byPatient, await asserted());
    expect(await stateOf(first.id)).to.equal("Accepted");

    const word = await signWord(patient, domain, acceptanceStatement, { id: await asserted(), deadline });
    expect(() => verifyWord(patient.address, domain, acceptanceStatement, word)).not.to.throw();
    const second = await acceptRecordBySig(byRelayer, word);
    expect(await stateOf(second.id)).to.equal("Accepted");
  });

  it("repudiates it, by transaction and by signature", async () => {
    const { patient, asserted, stateOf, byPatient, byRelayer, domain, deadline } = await registering();
    const first = await repudiateRecord(byPatient, await asserted());
    expect(await stateOf(first.id)).to.equal("Repudiated");

    const word = await signWord(patient, domain, repudiationStatement, { id: await asserted(), deadline });
    expect(() => verifyWord(patient.address, domain, repudiationStatement, word)).not.to.throw();
    const second = await repudiateRecordBySig(byRelayer, word);
    expect(await stateOf(second.id)).to.equal("Repudiated");
  });

  it("is the patient's alone, is final, and means what was signed", async () => {
    const { patient, asserted, byPatient, byRelayer, domain, deadline } = await registering();
    const id = await asserted();
    expect(await refusalOf(acceptRecord(byRelayer, id))).to.equal("RecordNotOf");
    const acceptance = await signWord(patient, domain, acceptanceStatement, { id, deadline });
    expect(await refusalOf(repudiateRecordBySig(byRelayer, acceptance))).to.equal("RecordSignatureInvalid");
    await acceptRecordBySig(byRelayer, acceptance);
    expect(await refusalOf(acceptRecordBySig(byRelayer, acceptance))).to.equal("RecordStateMismatch");
    expect(await refusalOf(repudiateRecord(byPatient, id))).to.equal("RecordStateMismatch");
  });
});
