import { expect } from "chai";
import { AnswerUnreadable, ProofMalformed, RecordNotOnChain } from "../../database/index.js";
import { fhirIdOf } from "../../database/recordBundle.js";
import { verifyRecordBundle } from "../../database/verifyBundle.js";
import { SectionTampered, SourceRefused } from "../../src/records/index.js";
import { tinyBundle, utf8 } from "../records/tinyBundle.js";
import { rejection, World } from "./world.js";

describe("verifyRecordBundle", () => {
  let world: World;
  let id: string;
  let served: string;
  let unregistered: string;
  before(async () => {
    world = await World.create();
    const [first = "", second = ""] = await world.ingest(tinyBundle());
    await world.register(first);
    id = first;
    const bundleOf = async (record: string) => {
      const session = await world.session(await world.patientOf(record), "PATRQT");
      return Buffer.from((await session.get(`/Bundle/${fhirIdOf(record)}`)).bytes).toString("utf8");
    };
    served = await bundleOf(first);
    unregistered = served.replaceAll(fhirIdOf(first), fhirIdOf(second));
  });
  after(() => world.close());

  const verify = (text: string) => verifyRecordBundle(utf8(text), world.chain.recordRegistry);

  it("gives the record's id and sections, with their exact bytes", async () => {
    const record = await verify(served);
    expect(record).to.include({ id, subset: false });
    const texts = record.sections.map(({ bytes }) => Buffer.from(bytes).toString("utf8"));
    expect(texts.join()).to.include('"value": 1.50 ,');
  });

  it("recomputes the id and does not believe the Bundle's", async () => {
    expect((await verify(unregistered)).id).to.equal(id);
  });

  it("notices a changed number, a changed salt, and a section that stands twice", async () => {
    expect(await rejection(verify(served.replace("1.50", "1.5")))).to.be.instanceOf(SectionTampered);
    const entries = served.slice(served.indexOf('"entry":[') + 9, served.lastIndexOf("]"));
    const twice = served.replace(entries, `${entries},${entries}`);
    expect(await rejection(verify(twice))).to.be.instanceOf(AnswerUnreadable);
  });

  it("refuses a record that the chain does not know", async () => {
    const salt = /"salt","valueString":"(0x[0-9a-f]{64})"/.exec(served)?.[1] ?? "";
    expect(await rejection(verify(served.replace(salt, `0x${"12".repeat(32)}`)))).to.be.instanceOf(RecordNotOnChain);
  });

  it("reads what is larger than a bundle that is taken in, for the proofs come on top of it", async () => {
    const padded = (mebibytes: number) => served.replace("{", `{"language":"${"x".repeat(mebibytes * 1024 * 1024)}",`);
    expect((await verify(padded(20))).id).to.equal(id);
    expect(await rejection(verify(padded(48))))
      .to.be.instanceOf(SourceRefused)
      .with.property("code", "too-large");
    // More sections than a bundle has resources are no reason to refuse it.
    const entries = served.replace('"entry":[', `"entry":[${"{},".repeat(10_001)}`);
    expect(await rejection(verify(entries))).to.be.instanceOf(ProofMalformed);
  });

  it("refuses what is no served record", async () => {
    expect(await rejection(verify("{"))).to.be.instanceOf(SourceRefused);
    expect(await rejection(verify("[]"))).to.be.instanceOf(AnswerUnreadable);
    expect(await rejection(verify('{"resourceType":"Bundle","meta":{}}'))).to.be.instanceOf(ProofMalformed);
  });
});
