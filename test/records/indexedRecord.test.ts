import { expect } from "chai";
import { getAddress, toBeHex } from "ethers";
import fc from "fast-check";
import { DataClass } from "../../src/records/dataClass.js";
import {
  InvalidRecordState,
  packSubject,
  RecordState,
  recordStateName,
  unpackRecord,
} from "../../src/records/indexedRecord.js";
import { enrolled, loadFixture, registeredFor } from "../enrolled.js";
import { solidityEnum } from "../solidityEnum.js";

describe("unpackRecord", () => {
  it("reads what the contract describes", async () => {
    const world = await loadFixture(enrolled);
    const id = await registeredFor(world, world.patient[0]);
    const record = unpackRecord(BigInt(await world.recordRegistry.records(id)));
    const described = await world.recordRegistry.describe(id);
    expect(record).to.deep.equal({
      patient: described.patient,
      recordedAt: Number(described.recordedAt),
      dataClass: Number(described.dataClass),
      institution: Number(described.institution),
      doctor: Number(described.doctor),
      state: recordStateName(described.state),
    });
    expect(record).to.include({
      patient: world.patient[0].address,
      institution: 1,
      doctor: 1,
      dataClass: DataClass.AmbulatoryRecord,
      state: "Accepted",
    });
  });

  it("reads nothing of an unknown id", () => {
    expect(unpackRecord(0n)).to.include({ state: "None", doctor: 0, institution: 0, recordedAt: 0 });
  });

  it("reads back what is packed", () => {
    const wallet = fc.bigInt({ min: 0n, max: 2n ** 160n - 1n }).map((value) => getAddress(toBeHex(value, 20)));
    const subject = fc.record({ patient: wallet, recordedAt: fc.nat(2 ** 31), dataClass: fc.nat(255) });
    fc.assert(
      fc.property(subject, (fields) => {
        expect(unpackRecord(packSubject(fields))).to.include(fields);
      }),
    );
  });

  it("has the contract's states", () => {
    expect(RecordState).to.deep.equal(solidityEnum("records/Record.sol", "RecordState"));
  });

  it("refuses a state that there is not", () => {
    expect(() => unpackRecord(5n << 248n)).to.throw(InvalidRecordState, "5");
  });
});
