import { expect } from "chai";
import { checkSigningRequest, SigningRequestInvalid } from "../../src/records/checkSigningRequest.js";
import { DataClass } from "../../src/records/dataClass.js";
import { LeafKind, type LeafKindCode, leafHash } from "../../src/records/leaf.js";
import { headerHash, recordId } from "../../src/records/recordId.js";
import { buildSectionTree } from "../../src/records/sectionTree.js";
import type { SectionForm, SectionToSign, SigningRequest } from "../../src/records/signingRequest.js";
import { enrolled, loadFixture, requestFor } from "../enrolled.js";
import { utf8 } from "./tinyBundle.js";

const HASH = `0x${"ab".repeat(32)}`;

async function request(): Promise<SigningRequest> {
  const world = await loadFixture(enrolled);
  return requestFor(world, world.patient[0]);
}

/** The request with its section at `position` changed. */
function withSection(
  given: SigningRequest,
  position: number,
  change: (section: SectionToSign) => SectionToSign,
): SigningRequest {
  return { ...given, sections: given.sections.map((section, i) => (i === position ? change(section) : section)) };
}

/** The request with root and id made to fit its contents, as its institution could do it. */
function resealed(given: SigningRequest): SigningRequest {
  const leaf = (kind: LeafKindCode, path: string, { salt, content }: SectionForm) =>
    leafHash(kind, path, salt, utf8(content));
  const leaves = given.sections.flatMap(({ path, full, deidentified }) => [
    leaf(LeafKind.Full, path, full),
    ...(deidentified ? [leaf(LeafKind.Deidentified, path, deidentified)] : []),
  ]);
  const { root } = buildSectionTree(leaves);
  const id = recordId(headerHash({ ...given.header, chainId: BigInt(given.header.chainId) }), root);
  return { ...given, sectionsRoot: root, id };
}

function refuses(bad: SigningRequest, reason?: string): void {
  expect(() => checkSigningRequest(bad)).to.throw(SigningRequestInvalid, reason);
}

describe("checkSigningRequest", () => {
  it("accepts what ingest made, also after a journey as JSON", async () => {
    const given = await request();
    expect(() => checkSigningRequest(given)).not.to.throw();
    expect(() => checkSigningRequest(JSON.parse(JSON.stringify(given)))).not.to.throw();
  });

  it("refuses any changed field of the header, root or id", async () => {
    const given = await request();
    const changes: Partial<SigningRequest["header"]>[] = [
      { chainId: "1" },
      { registry: "0x5FbDB2315678afecb367f032d93F642f64180aa3" },
      { patient: "0x5FbDB2315678afecb367f032d93F642f64180aa3" },
      { doctor: 2 },
      { institution: 2 },
      { recordedAt: given.header.recordedAt - 86_400 },
      { dataClass: 25 },
      { salt: HASH },
    ];
    for (const change of changes) refuses({ ...given, header: { ...given.header, ...change } }, "header and root");
    refuses({ ...given, id: HASH }, "header and root");
    refuses({ ...given, sectionsRoot: HASH }, "not those of its root");
  });

  it("refuses a changed character, salt or form of any section", async () => {
    const given = await request();
    given.sections.forEach((_, position) => {
      refuses(
        withSection(given, position, (s) => ({ ...s, full: { ...s.full, content: `${s.full.content} ` } })),
        "root",
      );
      refuses(
        withSection(given, position, (s) => ({ ...s, full: { ...s.full, salt: HASH } })),
        "root",
      );
    });
    refuses(
      withSection(given, 0, ({ deidentified: _, ...others }) => others),
      "root",
    );
  });

  it("refuses missing, exchanged and added sections", async () => {
    const given = await request();
    refuses({ ...given, sections: [] }, "no sections");
    refuses({ ...given, sections: given.sections.slice(0, -1) }, "root");
    refuses({ ...given, sections: given.sections.toReversed() }, "another path");
    refuses({ ...given, sections: [...given.sections, ...given.sections.slice(0, 1)] }, "another path");
  });

  it("refuses a class that is not the content's, which consents go by", async () => {
    const given = await request();
    refuses(
      withSection(given, 1, (section) => ({ ...section, dataClass: DataClass.Surveys })),
      "class of Condition/s1",
    );
  });

  it("refuses a record that an institution sealed wrongly, though every hash fits", async () => {
    const given = await request();
    const [encounter] = given.sections;
    if (!encounter) throw new Error("The record has no sections.");
    refuses(resealed({ ...given, header: { ...given.header, dataClass: DataClass.EmergencyRecord } }), "its encounter");
    refuses(resealed({ ...given, sections: [encounter, { ...encounter, path: "Encounter/s1" }] }), "one encounter");
    const list = withSection(given, 1, (s) => ({ ...s, full: { ...s.full, content: "[]" } }));
    refuses(resealed(list), "Condition/s1 is no FHIR resource");
  });

  it("refuses a de-identified form that is not what the full form gives", async () => {
    const given = await request();
    const leaking = withSection(given, 1, (s) => ({ ...s, deidentified: s.full }));
    refuses(resealed(leaking), "de-identified form of Condition/s1");
    const withheld = given.sections.findIndex(({ resourceType }) => resourceType === "Practitioner");
    const practitioner = withSection(given, withheld, (s) => ({ ...s, deidentified: s.full }));
    refuses(resealed(practitioner), "de-identified form of Practitioner");
  });

  it("refuses what is malformed, with a typed error", async () => {
    const given = await request();
    refuses({ ...given, header: { ...given.header, chainId: "one" } }, "malformed");
    refuses({ ...given, header: { ...given.header, patient: "nobody" } }, "malformed");
    refuses(
      withSection(given, 0, (s) => ({ ...s, full: { ...s.full, salt: "0x" } })),
      "malformed",
    );
    for (const content of ["{", '{"a":1,"a":2}', ""]) {
      const broken = withSection(given, 0, (s) => ({ ...s, full: { ...s.full, content } }));
      refuses(resealed(broken), "malformed");
    }
  });
});
