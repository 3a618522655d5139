import { connect } from "node:net";
import { expect } from "chai";
import { auditEvents, shredRecord } from "../../../database/index.js";
import { checkResource } from "../../../src/records/index.js";
import { isJsonObject, objectsIn } from "../../../src/records/json.js";
import { tinyBundle } from "../../records/tinyBundle.js";
import { World } from "../world.js";

interface Refusal {
  readonly status: number;
  readonly code: unknown;
  readonly text: string;
  readonly headers: Headers;
}

describe("the service's answers", () => {
  let world: World;
  let id: string;
  let hospital: Headers;
  let patient: Headers;

  /** What the service answers; it must be a valid OperationOutcome. */
  const refused = async (path: string, init: RequestInit = {}): Promise<Refusal> => {
    const response = await fetch(`${world.service.url}${path}`, init);
    const outcome: unknown = init.method === "HEAD" ? undefined : await response.json();
    if (outcome !== undefined)
      expect(checkResource(outcome).filter(({ severity }) => severity === "error")).to.be.empty;
    const [issue] = objectsIn(isJsonObject(outcome) ? outcome.issue : undefined);
    const { status, headers } = response;
    return { status, code: issue?.code, text: JSON.stringify(issue?.details ?? ""), headers };
  };
  const authorized = async (signer: Parameters<World["session"]>[0]): Promise<Headers> => {
    const token = await world.token(signer);
    return new Headers({ authorization: `Bearer ${token}`, "content-type": "application/fhir+json" });
  };
  const post = (headers: Headers, body: string | Uint8Array): RequestInit => {
    return { method: "POST", headers, body: typeof body === "string" ? body : Buffer.from(body) };
  };

  before(async () => {
    world = await World.create();
    [id = ""] = await world.ingest(tinyBundle());
    await world.register(id);
    hospital = await authorized(world.chain.hospital);
    patient = await authorized(await world.patientOf(id));
  });
  after(() => world.close());

  it("publish a valid CapabilityStatement without a login", async () => {
    const response = await fetch(`${world.service.url}/1/fhir/metadata`);
    expect(response.headers.get("content-type")).to.include("application/fhir+json");
    expect(response.headers.get("cache-control")).to.equal("no-store");
    expect(checkResource(await response.json())).to.be.empty;
  });

  it("are valid FHIR: the record's Bundle, and the transaction's response", async () => {
    const bundle: unknown = await (
      await fetch(`${world.service.url}/1/fhir/Bundle/${id}`, { headers: patient })
    ).json();
    expect(checkResource(bundle).filter(({ severity }) => severity === "error")).to.be.empty;
    const response = await fetch(`${world.service.url}/1/fhir/`, post(hospital, tinyBundle()));
    const report: unknown = await response.json();
    expect(checkResource(report).filter(({ severity }) => severity === "error")).to.be.empty;
    expect(isJsonObject(report) && report.type).to.equal("transaction-response");
  });

  it("let nobody in without a token, with a wrong one, or with another scheme", async () => {
    const read = `/1/fhir/Bundle/${id}`;
    for (const authorization of [undefined, "Bearer ", `Bearer ${"A".repeat(43)}`, `Basic ${"A".repeat(43)}`]) {
      const answer = await refused(read, { headers: authorization === undefined ? {} : { authorization } });
      expect([answer.status, answer.code]).to.deep.equal([401, "login"]);
      expect(answer.headers.get("www-authenticate")).to.equal("Bearer");
    }
    expect(
      (await refused("/1/fhir/", post(new Headers({ "content-type": "application/json" }), "{}"))).status,
    ).to.equal(401);
  });

  it("refuse an expired token and say so", async () => {
    const headers = await authorized(world.chain.doctor);
    world.ahead = 601_000;
    const { status, code } = await refused(`/1/fhir/Bundle/${id}`, { headers });
    world.ahead = 0;
    expect([status, code]).to.deep.equal([401, "expired"]);
  });

  it("take bundles from the institution's own wallet only", async () => {
    for (const headers of [patient, await authorized(world.chain.doctor), await authorized(world.chain.clinic)]) {
      const { status, code } = await refused("/1/fhir/", post(headers, tinyBundle()));
      expect([status, code]).to.deep.equal([403, "forbidden"]);
      const [last] = (await auditEvents(world.database.storage)).slice(-1);
      expect(last).to.include({ action: "C", outcome: "4", outcomeDesc: "NotTheInstitution" });
    }
  });

  it("name the entry that is at fault in a bundle, and store nothing of it", async () => {
    const { storage } = world.database;
    const count = async () => (await storage.selectFrom("records").select("record_id").execute()).length;
    const before = await count();
    const broken = Buffer.from(tinyBundle()).toString().replace('"female"', '"purple"').replaceAll("0b1e", "0b1f");
    expect((await refused("/1/fhir/", post(hospital, broken))).status).to.equal(422);
    for (const body of ["", "{", "[]", "null", '{"resourceType":"Bundle"}', "\u{feff}{}", '{"a":1,"a":2}']) {
      expect((await refused("/1/fhir/", post(hospital, body))).status, body).to.be.oneOf([400, 422]);
    }
    expect(await count()).to.equal(before);
  });

  it("refuse bodies that are too large or of another type, before reading them", async () => {
    const huge = await refused(
      "/1/login",
      post(new Headers({ "content-type": "application/json" }), "x".repeat(70_000)),
    );
    expect([huge.status, huge.code]).to.deep.equal([413, "too-long"]);
    const xml = new Headers(hospital);
    xml.set("content-type", "application/fhir+xml");
    const other = await refused("/1/fhir/", post(xml, "<Bundle/>"));
    expect([other.status, other.code]).to.deep.equal([415, "not-supported"]);
  });

  it("know no other methods", async () => {
    for (const method of ["HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"]) {
      const answer = await refused(`/1/fhir/Bundle/${id}`, { method, headers: patient });
      expect(answer.status, method).to.equal(405);
      expect(answer.headers.get("allow")).to.equal("GET");
    }
    expect((await refused("/1/fhir/", { headers: hospital })).status).to.equal(405);
  });

  it("know no other institution and no other place", async () => {
    for (const path of ["/2/fhir/metadata", "/01/fhir/metadata", "/1e0/fhir/metadata", "/nonce", "/", "/65536/nonce"]) {
      expect((await refused(path)).status, path).to.equal(404);
    }
  });

  it("take nothing but ids for ids", async () => {
    for (const path of ["..%2f..%2fetc%2fpasswd", "%00", "a'--", "x".repeat(65)]) {
      expect((await refused(`/1/fhir/Encounter/${path}`, { headers: patient })).status, path).to.be.oneOf([400, 404]);
      expect((await refused(`/1/fhir/Bundle/${path}`, { headers: patient })).status, path).to.be.oneOf([400, 404]);
    }
    expect((await refused("/1/fhir/Bundle/%", { headers: patient })).status).to.equal(400);
    const long = await refused(`/1/fhir/Bundle/${"f".repeat(4_000)}`, { headers: patient });
    expect(long.status).to.be.oneOf([404, 414]);
    for (const query of ["_leaf=half", "_leaf=full&_leaf=full", "_leaf="]) {
      expect((await refused(`/1/fhir/Bundle/${id}?${query}`, { headers: patient })).status, query).to.equal(400);
    }
    expect((await refused("/1/fhir/Encounter/x?_record=1&_record=2", { headers: patient })).status).to.equal(400);
  });

  it("answer what is no HTTP, and headers that are too large, with an OperationOutcome too", async () => {
    const spoken = async (text: string): Promise<string> => {
      const { promise, resolve } = Promise.withResolvers<string>();
      let answer = "";
      const socket = connect(Number(new URL(world.service.url).port), "127.0.0.1", () => socket.write(text));
      socket.on("data", (data) => (answer += data.toString())).on("close", () => resolve(answer));
      return promise;
    };
    expect(await spoken("hello\r\n\r\n")).to.match(/^HTTP\/1.1 400 .*OperationOutcome/s);
    const large = `GET / HTTP/1.1\r\nhost: x\r\nx: ${"y".repeat(20_000)}\r\n\r\n`;
    expect(await spoken(large)).to.match(/^HTTP\/1.1 431 .*OperationOutcome/s);
  });

  it("show a signing request to its parties and nobody else", async () => {
    const [, second = ""] = await world.ingest(tinyBundle());
    const path = `/1/fhir/SigningRequest/${second}`;
    expect(
      (await fetch(`${world.service.url}${path}`, { headers: await authorized(world.chain.doctor) })).status,
    ).to.equal(200);
    for (const headers of [patient, await authorized(world.chain.researcher)]) {
      expect((await refused(path, { headers })).status).to.equal(404);
      const sign = post(headers, JSON.stringify({ signature: `0x${"11".repeat(65)}` }));
      expect((await refused(`${path}/$sign`, sign)).status).to.equal(404);
    }
    const doctor = await authorized(world.chain.doctor);
    expect(
      (await refused(`${path}/$sign`, post(doctor, JSON.stringify({ signature: `0x${"11".repeat(65)}` })))).status,
    ).to.equal(422);
    expect((await refused(`${path}/$sign`, post(doctor, "{}"))).status).to.equal(400);
    expect((await refused(`${path}/$sign`, post(hospital, JSON.stringify({ signature: "0x" })))).status).to.equal(404);
    await world.travel(40 * 86_400_000);
    const late = await refused(
      `${path}/$sign`,
      post(await authorized(world.chain.doctor), JSON.stringify({ signature: "0x" })),
    );
    expect([late.status, late.code]).to.deep.equal([409, "expired"]);
  });

  it("say that a shredded record is gone", async () => {
    await shredRecord(world.database, id);
    const headers = await authorized(await world.patientOf(id));
    const { status, code } = await refused(`/1/fhir/Bundle/${id}`, { headers });
    expect([status, code]).to.deep.equal([410, "deleted"]);
  });

  it("slow down who asks too much, refused or not", async () => {
    for (const path of ["/1/fhir/metadata", "/1/fhir/Encounter/x", "/nowhere"]) {
      await world.start({ requestsPerMinute: 3 });
      for (let count = 0; count < 3; count++) await fetch(`${world.service.url}${path}`);
      const { status, code, headers } = await refused(path);
      expect([status, code], path).to.deep.equal([429, "throttled"]);
      expect(headers.has("retry-after")).to.equal(true);
    }
  });

  it("count each client of a trusted proxy by itself, and believe nobody else", async () => {
    const url = () => `${world.service.url}/1/fhir/metadata`;
    const statusFor = async (client: string) => (await fetch(url(), { headers: { "x-forwarded-for": client } })).status;
    const statuses = async (clients: readonly string[]) => {
      const seen: number[] = [];
      for (const client of clients) seen.push(await statusFor(client));
      return seen;
    };
    const clients = ["192.0.2.1", "192.0.2.2", "192.0.2.1", "192.0.2.2"];
    await world.start({ requestsPerMinute: 2, trustProxy: "loopback" });
    expect(await statuses(clients)).to.deep.equal([200, 200, 200, 200]);
    // What a client wrote itself stands before what the proxy added.
    expect(await statuses(["192.0.2.9, 192.0.2.1"])).to.deep.equal([429]);
    for (const trustProxy of [undefined, "192.0.2.50"]) {
      await world.start({ requestsPerMinute: 2, ...(trustProxy === undefined ? {} : { trustProxy }) });
      expect(await statuses(clients)).to.deep.equal([200, 200, 429, 429]);
    }
  });
});
