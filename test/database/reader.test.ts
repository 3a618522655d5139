import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import type { HDNodeWallet } from "ethers";
import {
  AnswerUnreadable,
  DatabaseReader,
  NotAMedicalDatabase,
  OtherResourceServed,
  RecordNotOnChain,
} from "../../database/index.js";
import { decodeProofHeader, encodeProofHeader, PROOF_HEADER, ProofMalformed } from "../../database/proofExtensions.js";
import { RecordMismatch, SectionTampered } from "../../src/records/index.js";
import { tinyBundle, uuid } from "../records/tinyBundle.js";
import { rejection, World } from "./world.js";

interface Answer {
  body: string;
  proof: string | undefined;
}

/** A dishonest address between reader and service: passes logins through and changes what is read. */
class Imposter {
  readonly #server: Server;
  service = "";
  change: (answer: Answer, path: string) => Promise<Answer> | Answer = (answer) => answer;

  constructor() {
    this.#server = createServer(async (request, response) => {
      const chunks: Uint8Array[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const path = request.url ?? "";
      const passed = await this.pass(path, request.method ?? "GET", request.headers, Buffer.concat(chunks));
      const answer = path.includes("/fhir/") ? await this.change(passed, path) : passed;
      response.setHeader("content-type", "application/fhir+json");
      if (answer.proof !== undefined) response.setHeader(PROOF_HEADER, answer.proof);
      response.end(answer.body);
    });
  }

  authorization = "";

  async pass(
    path: string,
    method: string,
    headers: NodeJS.Dict<string | string[]>,
    body?: Uint8Array<ArrayBuffer>,
  ): Promise<Answer> {
    this.authorization = String(headers.authorization ?? this.authorization);
    const sent: Record<string, string> = { authorization: this.authorization, "content-type": "application/json" };
    const init = method === "GET" ? { headers: sent } : { method, headers: sent, body: body ?? new Uint8Array() };
    const response = await fetch(`${this.service}${path}`, init);
    return { body: await response.text(), proof: response.headers.get(PROOF_HEADER) ?? undefined };
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

describe("a reader", () => {
  let world: World;
  let record: string;
  let unregistered: string;
  let patient: HDNodeWallet;
  let reader: DatabaseReader;
  const imposter = new Imposter();

  before(async () => {
    world = await World.create();
    [record = "", unregistered = ""] = await world.ingest(tinyBundle());
    await world.register(record);
    patient = await world.patientOf(record);
    const url = await imposter.listen();
    await world.start({ publicUrl: url });
    imposter.service = world.service.url;
    const { chainId, recordRegistry } = world.chain;
    reader = await DatabaseReader.open(
      { url, institution: 1, signer: patient, purpose: "PATRQT", chainId },
      recordRegistry,
    );
  });
  afterEach(() => {
    imposter.change = (answer) => answer;
  });
  after(async () => {
    imposter.close();
    await world.close();
  });

  /** What reading the record throws when the answer's body is changed so. */
  const recordAgainst = (change: (body: string) => string) => {
    imposter.change = ({ body, proof }) => ({ body: change(body), proof });
    return rejection(reader.readRecord(record));
  };
  const sectionAgainst = (change: (body: string) => string) => {
    imposter.change = ({ body, proof }) => ({ body: change(body), proof });
    return rejection(reader.readSection("Observation", uuid(12)));
  };

  it("reads through an honest address", async () => {
    expect((await reader.readRecord(record)).sections).to.have.length(6);
    expect((await reader.readSection("Observation", uuid(12))).path).to.equal("Observation/s2");
  });

  it("notices a changed number, letter or space", async () => {
    for (const [from, to] of [
      ['"value": 1.50 ', '"value": 1.5 '],
      ['"value": 1.50 ', '"value": 1.50'],
      ["eight", "eighT"],
    ] as const) {
      expect(await recordAgainst((body) => body.replace(from, to))).to.be.instanceOf(SectionTampered);
      expect(await sectionAgainst((body) => body.replace(from, to))).to.be.instanceOf(SectionTampered);
    }
  });

  it("notices another header, root, salt, path or proof", async () => {
    const changes: [RegExp, string][] = [
      [/("url":"patient","valueString":")0x.{40}/, `$1${`0x${"1".repeat(40)}`}`],
      [/("url":"doctor","valueString":")1/, "$12"],
      [/("url":"sectionsRoot","valueString":")0x.{64}/, `$1${`0x${"1".repeat(64)}`}`],
    ];
    for (const [from, to] of changes) {
      const error = await recordAgainst((body) => body.replace(from, to));
      expect(error).to.be.instanceOf(RecordMismatch);
    }
    const ofSection: [RegExp, string][] = [
      [/("url":"path","valueString":")Encounter\/s0/, "$1Encounter/s9"],
      [/("url":"leaf","valueString":")full/, "$1deidentified"],
      [/(section-proof.*?"url":"salt","valueString":")0x.{64}/, `$1${`0x${"1".repeat(64)}`}`],
      [/("url":"proof","valueString":")0x.{64}/, `$1${`0x${"1".repeat(64)}`}`],
    ];
    for (const [from, to] of ofSection) {
      const error = await recordAgainst((body) => body.replace(from, to));
      expect(error).to.be.instanceOf(SectionTampered);
    }
  });

  it("does not take a true section for the one that it asked for", async () => {
    const path = (type: string, id: string) => `/1/fhir/${type}/${id}`;
    imposter.change = () => imposter.pass(path("Condition", uuid(11)), "GET", {});
    expect(await rejection(reader.readSection("Observation", uuid(12)))).to.be.instanceOf(OtherResourceServed);
    imposter.change = () => imposter.pass(`${path("Observation", uuid(12))}?_leaf=deidentified`, "GET", {});
    expect(await rejection(reader.readSection("Observation", uuid(12), { leaf: "full" }))).to.be.instanceOf(
      OtherResourceServed,
    );
    imposter.change = () => imposter.pass(`/1/fhir/Bundle/${record}?_leaf=deidentified`, "GET", {});
    expect(await rejection(reader.readRecord(record, { leaf: "full" }))).to.be.instanceOf(OtherResourceServed);
  });

  it("does not take one section twice", async () => {
    const error = await recordAgainst((body) => {
      const entries = body.slice(body.indexOf('"entry":[') + 9, -2);
      return body.replace(/\]\}$/, `,${entries}]}`);
    });
    expect(error).to.be.instanceOf(AnswerUnreadable);
  });

  it("does not take a record that the chain does not know, nor another record", async () => {
    imposter.change = () => imposter.pass(`/1/fhir/Bundle/${record}`, "GET", {});
    expect(await rejection(reader.readRecord(unregistered))).to.be.instanceOf(RecordNotOnChain);
    imposter.change = ({ body, proof }) => {
      const { header, sectionsRoot, path, kind, salt, proof: hashes } = decodeProofHeader(proof ?? null);
      if (typeof header === "string") throw new Error("The header is hashed.");
      const moved = {
        header: { ...header, patient: world.wallets.of(patient.address).address, doctor: 7 },
        sectionsRoot,
      };
      return { body, proof: encodeProofHeader(moved, { path, kind, salt, proof: hashes }) };
    };
    expect(await rejection(reader.readSection("Observation", uuid(12)))).to.be.instanceOf(RecordNotOnChain);
  });

  it("does not take answers without proof, or that are no record at all", async () => {
    imposter.change = ({ body }) => ({ body, proof: undefined });
    expect(await rejection(reader.readSection("Observation", uuid(12)))).to.be.instanceOf(ProofMalformed);
    for (const body of ["", "{}", "[]", "null", '{"resourceType":"Bundle","meta":{}}', "<html>"]) {
      const error = await recordAgainst(() => body);
      expect(error, body).to.be.instanceOf(Error);
    }
    const withoutResource = await recordAgainst((body) => body.replace(',"resource":', ',"other":'));
    expect(withoutResource).to.be.instanceOf(AnswerUnreadable);
  });

  it("says when there is no medical database at the address", async () => {
    const { chainId, recordRegistry } = world.chain;
    const options = { url: "http://127.0.0.1:1", institution: 1, signer: patient, purpose: "PATRQT", chainId } as const;
    expect(await rejection(DatabaseReader.open(options, recordRegistry))).to.be.instanceOf(NotAMedicalDatabase);
  });
});
