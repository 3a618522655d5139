import { expect } from "chai";
import { BundleRefused, entryBytes, NotAPatientBundle, readBundle } from "../../src/records/bundle.js";
import {
  bundleOf,
  condition,
  entry,
  entryText,
  observationText,
  PATIENT,
  people,
  textOfBytes,
  thrownBy,
  tinyBundle,
  utf8,
  uuid,
  VISIT,
  visit,
} from "./tinyBundle.js";

function refusal(bytes: Uint8Array): { reason: string; entry: number | undefined } {
  const { reason, entry: index } = thrownBy(BundleRefused, () => readBundle(bytes));
  return { reason, entry: index };
}

const aVisit = visit(VISIT, "2011-12-23");

describe("records/bundle", () => {
  it("reads a patient's bundle and keeps the exact bytes of every entry", () => {
    const bundle = readBundle(tinyBundle());
    expect(bundle.entries.map(({ resourceType }) => resourceType)).to.deep.equal([
      "Patient",
      "Practitioner",
      "Organization",
      "Encounter",
      "Condition",
      "Observation",
      "Encounter",
    ]);
    expect(bundle.patient.index).to.equal(0);
    expect(bundle.warnings).to.deep.equal([]);
    const observation = bundle.entries[5];
    expect(observation && textOfBytes(entryBytes(bundle, observation))).to.equal(
      observationText(uuid(12), VISIT, "1.50"),
    );
  });

  it("tells a bundle that is nobody's record from a broken one", () => {
    const [patient = "", ...others] = people();
    expect(thrownBy(NotAPatientBundle, () => readBundle(bundleOf(...others))).missing).to.equal("Patient");
    expect(thrownBy(NotAPatientBundle, () => readBundle(bundleOf())).missing).to.equal("Patient");
    expect(thrownBy(NotAPatientBundle, () => readBundle(bundleOf(patient))).missing).to.equal("Encounter");
  });

  it("refuses two patients", () => {
    const second = entry("Patient", uuid(99), { gender: "male" });
    expect(refusal(bundleOf(...people(), aVisit, second))).to.deep.equal({ reason: "several-patients", entry: 4 });
  });

  it("refuses texts that cannot be read, and names the entry where it can", () => {
    expect(refusal(utf8("{"))).to.deep.equal({ reason: "unreadable", entry: undefined });
    expect(refusal(Uint8Array.of(0xff))).to.deep.equal({ reason: "unreadable", entry: undefined });
    const twice = entryText("Condition", uuid(4), '{"resourceType":"Condition","id":"a","id":"b"}');
    expect(refusal(bundleOf(...people(), aVisit, twice))).to.deep.equal({ reason: "unreadable", entry: 4 });
    const proto = entryText("Condition", uuid(4), '{"resourceType":"Condition","__proto__":{}}');
    expect(refusal(bundleOf(proto))).to.deep.equal({ reason: "unreadable", entry: 0 });
  });

  it("refuses what is no transaction", () => {
    for (const text of ["null", "[]", "1", '{"resourceType":"Patient"}', '{"resourceType":"Bundle","type":"batch"}']) {
      expect(refusal(utf8(text)).reason, text).to.equal("not-a-transaction");
    }
    expect(refusal(utf8('{"resourceType":"Bundle","type":"transaction","entry":{}}')).reason).to.equal(
      "entry-malformed",
    );
  });

  it("refuses malformed entries and requests other than an unconditional POST", () => {
    for (const bad of [
      "null",
      "1",
      "{}",
      '{"fullUrl":"urn:uuid:a"}',
      '{"fullUrl":"urn:uuid:a","resource":null}',
      '{"fullUrl":"urn:uuid:a","resource":{}}',
    ]) {
      expect(refusal(bundleOf(...people(), bad)), bad).to.deep.equal({ reason: "entry-malformed", entry: 3 });
    }
    for (const request of [
      "null",
      '{"method":"PUT","url":"Patient"}',
      '{"method":"POST","url":"Encounter"}',
      '{"method":"POST","url":"Patient","ifNoneExist":"identifier=1"}',
    ]) {
      const text = `{"fullUrl":"urn:uuid:a","resource":{"resourceType":"Patient"},"request":${request}}`;
      expect(refusal(bundleOf(text)), request).to.deep.equal({ reason: "request-unsupported", entry: 0 });
    }
  });

  it("refuses two entries of one name", () => {
    expect(refusal(bundleOf(...people(), aVisit, aVisit))).to.deep.equal({ reason: "duplicate-entry", entry: 4 });
    const sameId = entryText(
      "Condition",
      uuid(5),
      condition(uuid(4))
        .replace(/^.*"resource": /, "")
        .replace(/, "request".*$/, ""),
    );
    expect(refusal(bundleOf(...people(), aVisit, condition(uuid(4)), sameId))).to.deep.equal({
      reason: "duplicate-entry",
      entry: 5,
    });
  });

  it("refuses an invalid resource with its errors", () => {
    const bad = entry("Observation", uuid(30), {
      status: "final",
      code: { text: "x" },
      valueString: "a",
      valueInteger: 1,
    });
    const error = thrownBy(BundleRefused, () => readBundle(tinyBundle(bad)));
    expect([error.reason, error.entry, error.findings[0]?.rule]).to.deep.equal(["resource-invalid", 7, "choice"]);
    expect(error.message).to.include("entry 7");
    const purple = [entry("Patient", PATIENT, { gender: "purple" }), aVisit];
    expect(refusal(bundleOf(...purple))).to.deep.equal({ reason: "resource-invalid", entry: 0 });
  });
});
