import { expect } from "chai";
import { concat, keccak256, toBeHex, zeroPadValue } from "ethers";
import {
  headerHash,
  type RecordHeader,
  RecordHeaderInvalid,
  recordedAtOf,
  recordId,
} from "../../src/records/recordId.js";
import { InvalidDate } from "../../src/utcDay.js";
import { thrownBy } from "./tinyBundle.js";

const header: RecordHeader = {
  chainId: 31337n,
  registry: "0x1111111111111111111111111111111111111111",
  patient: "0x2222222222222222222222222222222222222222",
  doctor: 70_000,
  institution: 300,
  recordedAt: 1_795_478_400,
  dataClass: 24,
  salt: `0x${"ab".repeat(32)}`,
};

const faultOf = (change: Partial<RecordHeader>) =>
  thrownBy(RecordHeaderInvalid, () => headerHash({ ...header, ...change })).field;

describe("records/recordId", () => {
  it("hashes the header as eight words", () => {
    const words = [31337, header.registry, header.patient, 70_000, 300, 1_795_478_400, 24, header.salt];
    const encoded = concat(words.map((word) => zeroPadValue(typeof word === "number" ? toBeHex(word) : word, 32)));
    expect(headerHash(header)).to.equal(keccak256(encoded));
  });

  it("hashes header and root into the id", () => {
    const root = `0x${"cd".repeat(32)}`;
    expect(recordId(headerHash(header), root)).to.equal(keccak256(concat([headerHash(header), root])));
  });

  it("rounds the time of signing down to the UTC day", () => {
    expect(recordedAtOf(new Date("2026-11-24T23:59:59.999Z"))).to.equal(Date.UTC(2026, 10, 24) / 1000);
    expect(recordedAtOf(new Date("2026-11-24T00:00:00Z"))).to.equal(Date.UTC(2026, 10, 24) / 1000);
    expect(() => recordedAtOf(new Date(Number.NaN))).to.throw(InvalidDate);
  });

  it("refuses what the registry's types cannot hold, and names the field", () => {
    expect(faultOf({ chainId: -1n })).to.equal("chainId");
    expect(faultOf({ registry: "0x11" })).to.equal("registry");
    expect(faultOf({ patient: "" })).to.equal("patient");
    expect(faultOf({ doctor: 2 ** 24 })).to.equal("doctor");
    expect(faultOf({ institution: 65_536 })).to.equal("institution");
    expect(faultOf({ institution: 1.5 })).to.equal("institution");
    expect(faultOf({ recordedAt: -86_400 })).to.equal("recordedAt");
    expect(faultOf({ recordedAt: header.recordedAt + 1 })).to.equal("recordedAt");
    expect(faultOf({ recordedAt: Number.NaN })).to.equal("recordedAt");
    expect(faultOf({ dataClass: 256 })).to.equal("dataClass");
    expect(faultOf({ salt: "0x" })).to.equal("salt");
  });
});
