import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { InputUnreadable, NoPatientBundles, readInput } from "../../../scripts/demo/input.js";

const examples = new URL("../../../data/fhir-r4/", import.meta.url);
const silent = () => undefined;

interface Bundle {
  readonly entry: { readonly resource: Record<string, unknown> }[];
}

/** Another example bundle with each resource of one type changed. */
async function changed(type: string, change: (resource: Record<string, unknown>) => void): Promise<string> {
  const bundle = JSON.parse(await readFile(new URL("lucja-wojcik.json", examples), "utf8")) as Bundle;
  for (const { resource } of bundle.entry) if (resource.resourceType === type) change(resource);
  return JSON.stringify(bundle);
}

describe("scripts/demo/input", () => {
  let folder = "";
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "healthchain-input-test-"));
    await cp(new URL("ines-quaresma.json", examples), join(folder, "ines.json"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const add = (file: string, text: string) => writeFile(join(folder, file), text);
  const reasons = async () => {
    const { patients, skipped, broken } = await readInput(folder, silent);
    return { patients: patients.map(({ file }) => file), skipped, broken };
  };

  it("reads patients' bundles and no folders", async () => {
    await mkdir(join(folder, "folder.json"));
    expect(await reasons()).to.deep.equal({ patients: ["ines.json"], skipped: [], broken: [] });
  });

  it("names a patient without identifier, and loses nothing else", async () => {
    await add("nobody.json", await changed("Patient", (patient) => delete patient.identifier));
    const { patients, broken } = await reasons();
    expect(patients).to.deep.equal(["ines.json"]);
    expect(broken[0]?.file).to.equal("nobody.json");
    expect(broken[0]?.reason).to.contain("patient has no identifier");
  });

  it("names an encounter without institution", async () => {
    await add("nowhere.json", await changed("Encounter", (encounter) => delete encounter.serviceProvider));
    const { broken } = await reasons();
    expect(broken[0]?.reason).to.match(/^Encounter [\w-]+ names no institution/);
  });

  it("skips a second copy of the same encounters", async () => {
    await cp(join(folder, "ines.json"), join(folder, "zz-copy.json"));
    const { patients, skipped } = await reasons();
    expect(patients).to.deep.equal(["ines.json"]);
    expect(skipped).to.deep.equal([
      { file: "zz-copy.json", reason: "It has encounters that were read from ines.json already" },
    ]);
  });

  it("names what is no bundle at all", async () => {
    for (const [file, text] of [
      ["empty.json", ""],
      ["half.json", '{"resourceType": "Bundle", "type": "transaction", "entry": ['],
      ["list.json", "[]"],
      ["null.json", "null"],
      ["object.json", "{}"],
    ] as const) {
      await add(file, text);
    }
    const { patients, skipped, broken } = await reasons();
    expect(patients).to.deep.equal(["ines.json"]);
    expect([...skipped, ...broken].map(({ file }) => file).sort()).to.deep.equal([
      "empty.json",
      "half.json",
      "list.json",
      "null.json",
      "object.json",
    ]);
  });

  it("refuses a folder that is none, or has no patient", async () => {
    const refusal = (path: string) => readInput(path, silent).catch((error: unknown) => error);
    expect(await refusal(join(folder, "missing"))).to.be.instanceOf(InputUnreadable);
    expect(await refusal(join(folder, "ines.json"))).to.be.instanceOf(InputUnreadable);
    await rm(join(folder, "ines.json"));
    expect(await refusal(folder)).to.be.instanceOf(NoPatientBundles);
  });
});
