import { expect } from "chai";
import type { Signer } from "ethers";
import { SealBroken } from "../../../database/index.js";
import { newDeliveryKeyPair } from "../../../src/market/hpke.js";
import { checkResource } from "../../../src/records/index.js";
import { isJsonObject, objectsIn, stringIn } from "../../../src/records/json.js";
import type { PurposeOfUseCode } from "../../../src/records/purposeOfUse.js";
import { MarketWorld } from "../market/marketWorld.js";
import { rejection } from "../world.js";

interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Headers;
}

describe("the service's export of deliveries", () => {
  let sale: MarketWorld;
  let buyer: Record<string, string>;
  let orderId: number;

  before(async () => {
    sale = await MarketWorld.create(2);
    buyer = await authorized(sale.buyer);
    orderId = await sale.order(2);
  });
  after(() => sale.close());

  const authorized = async (signer: Signer, purpose: PurposeOfUseCode = "HMARKT") => {
    return { authorization: `Bearer ${await sale.world.token(signer, purpose)}` };
  };
  /** What the service answers; every FHIR resource must be valid. */
  const ask = async (path: string, init: RequestInit = {}): Promise<Answer> => {
    const address = path.startsWith("http") ? path : `${sale.world.service.url}/1/fhir${path}`;
    const response = await fetch(address, init);
    const text = await response.text();
    const isJson = !response.headers.get("content-type")?.includes("ndjson");
    const body: unknown = isJson && text !== "" ? JSON.parse(text) : text;
    if (isJsonObject(body) && "resourceType" in body) {
      expect(checkResource(body).filter(({ severity }) => severity === "error")).to.be.empty;
    }
    return { status: response.status, body, headers: response.headers };
  };
  const refused = async (path: string, init: RequestInit) => {
    const { status, body } = await ask(path, init);
    const [issue] = objectsIn(isJsonObject(body) ? body.issue : undefined);
    return [status, issue?.code];
  };
  const kickOff = (query = `?_order=${orderId}`, headers = buyer) => {
    return ask(`/$export${query}`, { headers: { ...headers, prefer: "respond-async" } });
  };
  const posted = (parameter: object[], headers = buyer): RequestInit => ({
    method: "POST",
    headers: { ...headers, prefer: "respond-async", "content-type": "application/fhir+json" },
    body: JSON.stringify({ resourceType: "Parameters", parameter }),
  });
  const parametersOf = (order: number, suite: string, publicKey: Uint8Array) => [
    { name: "_order", valueString: String(order) },
    { name: "suite", valueCode: suite },
    { name: "publicKey", valueBase64Binary: Buffer.from(publicKey).toString("base64") },
  ];
  const linesIn = (body: unknown): unknown[] => {
    return String(body)
      .split("\n")
      .filter((line) => line !== "")
      .map((line): unknown => JSON.parse(line));
  };

  it("needs a login, the buyer's, for the market, and says to wait", async () => {
    expect(await refused(`/$export?_order=${orderId}`, {})).to.deep.equal([401, "login"]);
    const prefer = { prefer: "respond-async" };
    const path = `/$export?_order=${orderId}`;
    for (const [signer, purpose] of [
      [sale.world.chain.hospital, "HMARKT"],
      [sale.buyer, "HRESCH"],
    ] as const) {
      const headers = { ...(await authorized(signer, purpose)), ...prefer };
      expect(await refused(path, { headers })).to.deep.equal([403, "forbidden"]);
    }
    const early = await kickOff();
    expect(early.status).to.equal(425);
    expect(early.headers.get("retry-after")).to.equal("5");
  });

  it("takes an order's number, a key of its suite, and only as an asynchronous request", async () => {
    const { publicKey } = await newDeliveryKeyPair("X25519");
    expect(await refused(`/$export?_order=${orderId}`, { headers: buyer })).to.deep.equal([400, "required"]);
    for (const query of ["", "?_order=", "?_order=0", "?_order=x", "?_order=1&_order=1", "?_order=4294967296"]) {
      expect((await kickOff(query)).status, query).to.equal(400);
    }
    const faulty: (readonly [object[], string])[] = [
      [parametersOf(orderId, "X25519", publicKey.subarray(1)), "invalid"],
      [parametersOf(orderId, "X-Wing", publicKey), "invalid"],
      [parametersOf(orderId, "X448", publicKey), "required"],
      [parametersOf(0, "X25519", publicKey), "invalid"],
      [[], "required"],
    ];
    for (const [parameters, code] of faulty) {
      expect(await refused("/$export", posted(parameters))).to.deep.equal([400, code]);
    }
    expect(await refused("/$export", { ...posted([]), body: "[" })).to.deep.equal([400, "structure"]);
    expect(await refused("/$export", { ...posted([]), body: "x".repeat(70_000) })).to.deep.equal([413, "too-long"]);
    expect(await refused("/$export", { method: "PUT", headers: buyer })).to.deep.equal([405, "not-supported"]);
  });

  it("goes from 202 to a manifest, whose files end with the request", async () => {
    const prepared = await sale.prepare(orderId);
    const begun = await kickOff();
    expect(begun.status).to.equal(202);
    const status = begun.headers.get("content-location") ?? "";
    expect(status).to.match(/\/1\/fhir\/\$export-status\/[0-9a-f]{32}$/);
    const waiting = await ask(status, { headers: buyer });
    expect([waiting.status, waiting.headers.get("retry-after")]).to.deep.equal([202, "1"]);
    expect(waiting.headers.get("x-progress")).to.include("not on the chain yet");
    const hidden = status.replace("$export-status", "$export-files");
    expect(await refused(`${hidden}/Binary-0`, { headers: buyer })).to.deep.equal([404, "not-found"]);

    await sale.deliver(prepared);
    const ready = await ask(status, { headers: buyer });
    expect(ready.status).to.equal(200);
    expect(ready.headers.get("content-type")).to.include("application/json");
    expect(ready.body).to.deep.equal({
      transactionTime: new Date(prepared.exportedAt * 1000).toISOString(),
      request: `${sale.world.service.url}/1/fhir/$export?_order=${orderId}`,
      requiresAccessToken: true,
      output: ["Binary", "Parameters"].map((type) => ({ type, url: `${hidden}/${type}-0`, count: 2 })),
      error: [],
    });

    for (const type of ["Binary", "Parameters"]) {
      const file = await ask(`${hidden}/${type}-0`, { headers: buyer });
      expect(file.headers.get("content-type")).to.include("application/fhir+ndjson");
      const resources = linesIn(file.body);
      expect(resources.map((one) => stringIn(one, "id"))).to.deep.equal(
        prepared.leaves.map(({ recordId }) => recordId.slice(2)),
      );
      for (const one of resources) {
        expect(checkResource(one)).to.be.empty;
        expect(JSON.stringify(one)).to.not.include("wrappedKey");
      }
    }
    for (const file of ["Binary-1", "Binary-00", "Patient-0", "..%2f", "Binary-0.ndjson"]) {
      expect((await refused(`${hidden}/${file}`, { headers: buyer }))[0], file).to.be.equal(404);
    }

    const other = await authorized(sale.world.chain.doctor);
    for (const method of ["GET", "DELETE"]) {
      expect(await refused(status, { method, headers: other })).to.deep.equal([404, "not-found"]);
    }
    expect((await ask(status, { method: "DELETE", headers: buyer })).status).to.equal(202);
    expect(await refused(status, { headers: buyer })).to.deep.equal([404, "not-found"]);
    expect(await refused(`${hidden}/Binary-0`, { headers: buyer })).to.deep.equal([404, "not-found"]);
  });

  it("wraps the keys when one was posted, and keeps the request over a restart", async () => {
    const { suite, publicKey } = await newDeliveryKeyPair("X-Wing");
    const begun = await ask("/$export", posted(parametersOf(orderId, suite, publicKey)));
    const id = begun.headers.get("content-location")?.split("/").at(-1);
    await sale.world.start();
    const again = await authorized(sale.buyer);
    const { body } = await ask(`/$export-files/${id}/Parameters-0`, { headers: again });
    const wrapped = linesIn(body).map((line) => {
      const parameters = objectsIn(isJsonObject(line) ? line.parameter : undefined);
      const parts = objectsIn(parameters.find(({ name }) => name === "wrappedKey")?.part);
      return parts.map((part) => Buffer.from(stringIn(part, "valueBase64Binary") ?? "", "base64").length);
    });
    expect(wrapped).to.deep.equal([
      [1_120, 48],
      [1_120, 48],
    ]);
    buyer = again;
  });

  it("refuses a key that nothing can be wrapped to before it begins", async () => {
    for (const [suite, bytes] of [
      ["X-Wing", new Uint8Array(1_216).fill(255)],
      ["X25519", new Uint8Array(32)],
    ] as const) {
      expect(await refused("/$export", posted(parametersOf(orderId, suite, bytes)))).to.deep.equal([400, "invalid"]);
    }
  });

  it("breaks off when what is stored is damaged, and tells the operator", async () => {
    const told: unknown[] = [];
    await sale.world.start({ onError: (error) => told.push(error) });
    buyer = await authorized(sale.buyer);
    const { storage } = sale.world.database;
    await storage
      .updateTable("delivered_records")
      .set({ sealed_key: new Uint8Array(60) })
      .where("position", "=", 1)
      .execute();
    const { suite, publicKey } = await newDeliveryKeyPair("X25519");
    const begun = await ask("/$export", posted(parametersOf(orderId, suite, publicKey)));
    const file = `/$export-files/${begun.headers.get("content-location")?.split("/").at(-1)}/Parameters-0`;
    expect(await rejection(ask(file, { headers: buyer }))).to.be.instanceOf(TypeError);
    expect(told).to.have.length(1).and.have.property("0").that.is.instanceOf(SealBroken);
    await storage
      .updateTable("delivered_records")
      .set({ sealed_key: new Uint8Array(60) })
      .execute();
    expect(await refused(file, { headers: buyer })).to.deep.equal([500, "exception"]);
    expect(told).to.have.length(2);
  });

  it("keeps sixteen requests of a buyer and order, the newest, for a day", async () => {
    const { storage } = sale.world.database;
    await storage.deleteFrom("exports").execute();
    const begun: string[] = [];
    for (let count = 0; count < 17; count++) begun.push((await kickOff()).headers.get("content-location") ?? "");
    const [oldest = "", second = ""] = begun;
    expect(await refused(oldest, { headers: buyer })).to.deep.equal([404, "not-found"]);
    expect((await ask(second, { headers: buyer })).status).to.equal(200);
    expect((await ask(begun.at(-1) ?? "", { headers: buyer })).status).to.equal(200);
    await storage.updateTable("exports").set({ expires_at: 0 }).execute();
    expect(await refused(second, { headers: buyer })).to.deep.equal([404, "not-found"]);
    expect((await kickOff()).status).to.equal(202);
    expect(await storage.selectFrom("exports").selectAll().execute()).to.have.length(1);
  });

  it("is in the CapabilityStatement, and nowhere without a market", async () => {
    const { body } = await ask("/metadata");
    expect(JSON.stringify(body)).to.include("OperationDefinition/export");
    const { connection, accountCenter, recordRegistry, consentRegistry } = sale.world.chain;
    const addresses = {
      accountCenter: await accountCenter.getAddress(),
      recordRegistry: await recordRegistry.getAddress(),
      consentRegistry: await consentRegistry.getAddress(),
    };
    await sale.world.start({ chain: { provider: connection.ethers.provider, addresses } });
    buyer = await authorized(sale.buyer);
    expect(
      await refused(`/$export?_order=${orderId}`, { headers: { ...buyer, prefer: "respond-async" } }),
    ).to.deep.equal([404, "not-supported"]);
  });
});
