import { expect } from "chai";
import { readBundle } from "../../src/records/bundle.js";
import { documentsOf } from "../../src/records/documents.js";
import { condition, entry, LATER_VISIT, PATIENT, tinyBundle, urn, uuid, VISIT } from "./tinyBundle.js";

const subject = { reference: urn(PATIENT) };
const coverage = { sequence: 1, focal: true, coverage: { display: "private" } };

/** Where the resource with this id went, and by what. */
function placed(id: string, ...more: string[]): string {
  const { placements } = documentsOf(readBundle(tinyBundle(...more)));
  const found = placements.filter(({ entry: { fullUrl } }) => fullUrl === urn(id));
  return found.map(({ encounter, by }) => `${encounter.fullUrl === urn(VISIT) ? "first" : "later"} ${by}`).join();
}

function claim(id: string, members: object): string {
  return entry("Claim", id, {
    status: "active",
    type: { text: "x" },
    use: "claim",
    patient: subject,
    created: "2011-01-01",
    provider: { display: "x" },
    priority: { text: "x" },
    insurance: [coverage],
    ...members,
  });
}

function carePlan(id: string, members: object): string {
  return entry("CarePlan", id, { status: "active", intent: "order", subject, ...members });
}

function goal(id: string): string {
  return entry("Goal", id, { lifecycleStatus: "accepted", description: { text: "better" }, subject });
}

function allergy(id: string, members: object): string {
  const clinicalStatus = {
    coding: [{ system: "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical", code: "active" }],
  };
  return entry("AllergyIntolerance", id, { clinicalStatus, patient: subject, ...members });
}

describe("records/placement", () => {
  it("puts an encounter into its own record and what names an encounter into that", () => {
    expect(placed(VISIT)).to.equal("first itself");
    expect(placed(uuid(11))).to.equal("first encounter");
    expect(placed(uuid(30), condition(uuid(30), LATER_VISIT))).to.equal("later encounter");
  });

  it("follows a document's context", () => {
    const document = entry("DocumentReference", uuid(30), {
      status: "current",
      content: [{ attachment: { title: "x" } }],
      context: { encounter: [{ reference: urn(LATER_VISIT) }] },
    });
    expect(placed(uuid(30), document)).to.equal("later encounter");
  });

  it("follows the encounter of a claim's items", () => {
    const item = { sequence: 1, productOrService: { text: "x" }, encounter: [{ reference: urn(LATER_VISIT) }] };
    expect(placed(uuid(30), claim(uuid(30), { item: [item] }))).to.equal("later item");
  });

  it("follows a claim's prescription and the claim that a benefit answers", () => {
    const prescription = entry("MedicationRequest", uuid(31), {
      status: "active",
      intent: "order",
      medicationCodeableConcept: { text: "x" },
      subject,
      encounter: { reference: urn(LATER_VISIT) },
    });
    const prescribed = claim(uuid(30), { prescription: { reference: urn(uuid(31)) } });
    expect(placed(uuid(30), prescribed, prescription)).to.equal("later prescription");
    const benefit = entry("ExplanationOfBenefit", uuid(32), {
      status: "active",
      type: { text: "x" },
      use: "claim",
      patient: subject,
      created: "2011-01-01",
      insurer: { display: "x" },
      provider: { display: "x" },
      outcome: "complete",
      insurance: [{ focal: true, coverage: { display: "x" } }],
      claim: { reference: urn(uuid(30)) },
    });
    expect(placed(uuid(32), benefit, prescribed, prescription)).to.equal("later claim");
  });

  it("lets a goal follow its care plan", () => {
    const plan = carePlan(uuid(31), { encounter: { reference: urn(VISIT) }, goal: [{ reference: urn(uuid(30)) }] });
    expect(placed(uuid(30), goal(uuid(30)), plan)).to.equal("first carePlan");
  });

  it("lets a resource follow what refers to it, over more than one step", () => {
    const medication = entry("Medication", uuid(30), {
      code: { text: "x" },
      ingredient: [{ itemReference: { reference: urn(uuid(32)) } }],
    });
    const ingredient = entry("Medication", uuid(32), { code: { text: "y" } });
    const request = entry("MedicationRequest", uuid(31), {
      status: "active",
      intent: "order",
      medicationReference: { reference: urn(uuid(30)) },
      subject,
      encounter: { reference: urn(VISIT) },
    });
    expect(placed(uuid(30), ingredient, medication, request)).to.equal("first neighbour");
    expect(placed(uuid(32), ingredient, medication, request)).to.equal("first neighbour");
  });

  it("puts an allergy into the encounter nearest in date, whatever refers to it", () => {
    const near = allergy(uuid(30), { recordedDate: "2014-01-01" });
    const plan = carePlan(uuid(31), {
      encounter: { reference: urn(VISIT) },
      addresses: [{ reference: urn(uuid(30)) }],
    });
    expect(placed(uuid(30), near, plan)).to.equal("later nearest");
    expect(placed(uuid(30), allergy(uuid(30), { recordedDate: "1960-01-01" }))).to.equal("first nearest");
  });

  it("puts what nothing links into the encounter nearest in date, and without a date into the last", () => {
    expect(placed(uuid(30), condition(uuid(30), undefined, { recordedDate: "2012-02-01" }))).to.equal("first nearest");
    expect(placed(uuid(30), condition(uuid(30), uuid(999), { recordedDate: "2012-02-01" }))).to.equal("first nearest");
    expect(placed(uuid(30), condition(uuid(30)))).to.equal("later nearest");
    expect(placed(uuid(30), goal(uuid(30)))).to.equal("later nearest");
  });

  it("lets two that only refer to each other go by date", () => {
    const plans = [
      carePlan(uuid(30), { replaces: [{ reference: urn(uuid(31)) }], created: "2011-11-11" }),
      carePlan(uuid(31), { replaces: [{ reference: urn(uuid(30)) }], created: "2011-11-11" }),
    ];
    expect(placed(uuid(30), ...plans)).to.equal("first nearest");
  });
});
