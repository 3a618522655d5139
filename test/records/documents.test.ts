import { expect } from "chai";
import { entryBytes, readBundle } from "../../src/records/bundle.js";
import { Directory } from "../../src/records/directory.js";
import { documentsOf, type EncounterDocument } from "../../src/records/documents.js";
import { checkResource } from "../../src/records/validate.js";
import {
  bundleOf,
  condition,
  DOCTOR,
  entry,
  HOSPITAL,
  LATER_VISIT,
  observationText,
  PATIENT,
  people,
  textOfBytes,
  tinyBundle,
  urn,
  uuid,
  VISIT,
  visit,
} from "./tinyBundle.js";

function firstDocument(bytes: Uint8Array): EncounterDocument {
  const [document] = documentsOf(readBundle(bytes)).documents;
  if (document === undefined) throw new Error("no document");
  return document;
}

const typesOf = ({ sections }: EncounterDocument) => sections.map(({ resourceType }) => resourceType);

describe("records/documents", () => {
  it("makes one document per encounter with its sections and copies", () => {
    const { documents } = documentsOf(readBundle(tinyBundle()));
    expect(documents.map(({ encounterId }) => encounterId)).to.deep.equal([VISIT, LATER_VISIT]);
    const [first, later] = documents;
    expect(first && typesOf(first)).to.deep.equal([
      "Encounter",
      "Condition",
      "Observation",
      "Patient",
      "Practitioner",
      "Organization",
    ]);
    expect(later && typesOf(later)).to.deep.equal(["Encounter", "Patient", "Practitioner", "Organization"]);
    expect(first?.sections.map(({ dataClass }) => dataClass)).to.deep.equal([0, 1, 6, 15, 16, 16]);
    expect(first?.sections.map(({ copy }) => copy)).to.deep.equal([false, false, false, true, true, true]);
  });

  it("knows date, class, people and institution of the encounter", () => {
    const document = firstDocument(tinyBundle());
    expect(document.date?.toISOString()).to.equal("2011-12-23T12:11:31.000Z");
    expect(document.dataClass).to.equal(24);
    expect([document.patient.id, document.practitioner?.id, document.serviceProvider?.id]).to.deep.equal([
      PATIENT,
      DOCTOR,
      HOSPITAL,
    ]);
  });

  it("says when nobody is named, so that the caller decides", () => {
    const alone = firstDocument(
      bundleOf(...people(), visit(VISIT, "2011", { participant: [], serviceProvider: undefined, period: undefined })),
    );
    expect([alone.practitioner, alone.serviceProvider, alone.date]).to.deep.equal([undefined, undefined, undefined]);
    expect(typesOf(alone)).to.deep.equal(["Encounter", "Patient"]);
  });

  it("prefers the attender among several participants", () => {
    const other = entry("Practitioner", uuid(40), { name: [{ family: "Second" }] });
    const attends = [
      { coding: [{ system: "http://terminology.hl7.org/CodeSystem/v3-ParticipationType", code: "ATND" }] },
    ];
    const participant = [
      { individual: { reference: urn(DOCTOR) } },
      { type: attends, individual: { reference: urn(uuid(40)) } },
    ];
    const document = firstDocument(bundleOf(...people(), other, visit(VISIT, "2011", { participant })));
    expect(document.practitioner?.id).to.equal(uuid(40));
    expect(typesOf(document).filter((type) => type === "Practitioner")).to.have.length(2);
  });

  it("accounts for every resource exactly once", () => {
    const { accounting, documents, directory, placements } = documentsOf(readBundle(tinyBundle(condition(uuid(30)))));
    expect(accounting).to.deep.equal({ input: 8, placed: 5, directory: 3, deduplicated: 0 });
    expect(documents.flatMap(({ sections }) => sections).filter(({ copy }) => !copy)).to.have.length(5);
    expect(directory).to.have.length(3);
    expect(placements.filter(({ by }) => by === "nearest")).to.have.length(1);
  });

  it("changes nothing but references in the stored text", () => {
    const bundle = readBundle(tinyBundle());
    const section = documentsOf(bundle).documents[0]?.sections[2];
    const expected = observationText(uuid(12), VISIT, "1.50")
      .replace(`urn:uuid:${PATIENT}`, `Patient/${PATIENT}`)
      .replace(`urn:uuid:${VISIT}`, `Encounter/${VISIT}`);
    expect(section && textOfBytes(section.bytes)).to.equal(expected);
    const patient = bundle.entries[0];
    const copy = documentsOf(bundle).documents[0]?.sections[3];
    expect(copy?.bytes).to.deep.equal(patient && entryBytes(bundle, patient));
  });

  it("stores sections that are valid without a warning", () => {
    for (const { bytes } of firstDocument(tinyBundle()).sections)
      expect(checkResource(JSON.parse(textOfBytes(bytes)))).to.deep.equal([]);
  });

  it("gives one organization one id in all records, also when another bundle calls it otherwise", () => {
    const directory = new Directory();
    documentsOf(readBundle(tinyBundle()), directory);
    const otherName = tinyBundle();
    const renamed = new TextEncoder().encode(textOfBytes(otherName).replaceAll(HOSPITAL, uuid(777)));
    const { documents, accounting } = documentsOf(readBundle(renamed), directory);
    expect(accounting.deduplicated).to.equal(3);
    expect(directory.entries).to.have.length(3);
    const organization = documents[0]?.sections.at(-1);
    expect([organization?.id, documents[0]?.serviceProvider?.id]).to.deep.equal([HOSPITAL, HOSPITAL]);
    expect(organization && JSON.parse(textOfBytes(organization.bytes)).id).to.equal(HOSPITAL);
    const encounter = documents[0]?.sections[0];
    expect(encounter && JSON.parse(textOfBytes(encounter.bytes)).serviceProvider.reference).to.equal(
      `Organization/${HOSPITAL}`,
    );
  });

  it("gives a copy once when two entries of one bundle are the same organization", () => {
    const twin = entry("Organization", uuid(41), {
      identifier: [{ system: "http://registry.example/org", value: "ORG-55-ALPHA" }],
    });
    const claimant = condition(uuid(42), VISIT, {
      asserter: { reference: urn(DOCTOR) },
      extension: [{ url: "http://hl7.org/fhir/StructureDefinition/x", valueReference: { reference: urn(uuid(41)) } }],
    });
    const { documents, accounting } = documentsOf(readBundle(tinyBundle(twin, claimant)));
    expect(accounting).to.include({ input: 9, placed: 5, directory: 4, deduplicated: 1 });
    expect(documents[0] && typesOf(documents[0]).filter((type) => type === "Organization")).to.have.length(1);
  });

  it("copies what a copy refers to, however long the chain", () => {
    const link = (number: number) =>
      entry("Organization", uuid(number), { name: `Part ${number}`, partOf: { reference: urn(uuid(number + 1)) } });
    const chain = Array.from({ length: 3000 }, (_, index) => link(1000 + index));
    const document = firstDocument(
      bundleOf(...people(), ...chain, visit(VISIT, "2011", { serviceProvider: { reference: urn(uuid(1000)) } })),
    );
    expect(document.sections.filter(({ copy }) => copy)).to.have.length(3002);
  });

  it("leaves references that nothing answers to, and reports them", () => {
    const dangling = condition(uuid(30), VISIT, { recorder: { reference: "urn:uuid:nobody" } });
    const { unresolved, documents } = documentsOf(readBundle(tinyBundle(dangling)));
    expect(unresolved).to.deep.equal([{ entry: 7, path: "$.recorder.reference", reference: "urn:uuid:nobody" }]);
    const section = documents[0]?.sections.find(({ id }) => id === uuid(30));
    expect(section && textOfBytes(section.bytes)).to.include('"recorder":{"reference":"urn:uuid:nobody"}');
  });

  it("gives ids of its own to resources whose sender's ids are not unique", () => {
    const text = textOfBytes(tinyBundle()).replaceAll(`"id":"${uuid(11)}"`, '"id":"1"');
    const section = firstDocument(new TextEncoder().encode(text)).sections[1];
    expect(section?.id).to.equal(uuid(11));
    expect(section && JSON.parse(textOfBytes(section.bytes)).id).to.equal(uuid(11));
  });
});
