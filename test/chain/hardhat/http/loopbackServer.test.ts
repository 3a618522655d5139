import { request } from "node:http";
import { expect } from "chai";
import { fetchJson, NoAnswer } from "../../../../chain/hardhat/http/fetchJson.js";
import {
  PortTaken,
  RequestRefused,
  type RunningServer,
  serveLocally,
} from "../../../../chain/hardhat/http/loopbackServer.js";
import { rejection } from "../../../enrolled.js";

describe("serveLocally", () => {
  let server: RunningServer;
  const json = { "content-type": "application/json" };

  before(async () => {
    server = await serveLocally(0, {
      maxBody: 1_000,
      answer: async ({ method, url, body }) => {
        if (url.pathname === "/refused") throw new RequestRefused(404, "Not here.");
        if (url.pathname === "/broken") throw new Error("secret detail");
        return { method, path: url.pathname, body };
      },
    });
  });

  after(() => server.close());

  /** `fetch` does not let a test set the Host header. */
  const send = (method: string, headers: Record<string, string>, body = "{}", path = "/") =>
    new Promise<{ status: number | undefined; headers: Record<string, unknown>; text: string }>((resolve, reject) => {
      const sent = request(`${server.url}${path}`, { method, headers }, (response) => {
        let text = "";
        response.on("data", (chunk) => {
          text += chunk;
        });
        response.on("end", () => resolve({ status: response.statusCode, headers: response.headers, text }));
      });
      sent.on("error", reject);
      sent.end(method === "POST" ? body : undefined);
    });

  it("answers JSON with JSON", async () => {
    const answer = await fetchJson(`${server.url}/path?x=1`, { timeout: 1_000, post: { a: 1 } });
    expect(answer).to.deep.equal({ method: "POST", path: "/path", body: { a: 1 } });
    expect(await fetchJson(`${server.url}/`, { timeout: 1_000 })).to.deep.equal({ method: "GET", path: "/" });
  });

  it("answers to the names of this machine only, so that no rebound name gets in", async () => {
    const { port } = new URL(server.url);
    for (const host of ["localhost", `localhost:${port}`, `127.0.0.1:${port}`, "LOCALHOST"]) {
      expect(await send("POST", { ...json, host })).to.have.property("status", 200);
    }
    for (const host of [
      "evil.example",
      `evil.example:${port}`,
      "localhost.evil.example",
      "127.0.0.1.evil.example",
      "10.0.0.1",
    ]) {
      expect(await send("POST", { ...json, host })).to.have.property("status", 403);
    }
  });

  it("answers pages of this machine, and no others", async () => {
    for (const origin of ["http://localhost:5173", "http://127.0.0.1:3000"]) {
      const { status, headers } = await send("POST", { ...json, origin });
      expect(status).to.equal(200);
      expect(headers).to.have.property("access-control-allow-origin", origin);
      expect(await send("OPTIONS", { origin })).to.have.property("status", 204);
    }
    for (const origin of ["https://evil.example", "null", "http://localhost.evil.example"]) {
      const { status, headers } = await send("POST", { ...json, origin });
      expect(status).to.equal(403);
      expect(headers).to.not.have.property("access-control-allow-origin");
    }
  });

  it("takes nothing that a page may send without asking first", async () => {
    for (const type of ["text/plain", "application/x-www-form-urlencoded", ""]) {
      expect(await send("POST", { "content-type": type })).to.have.property("status", 415);
    }
    expect(await send("PUT", json)).to.have.property("status", 405);
  });

  it("bounds the body, and says what is wrong with it", async () => {
    expect(await send("POST", json, `"${"x".repeat(2_000)}"`)).to.have.property("status", 413);
    expect(await send("POST", json, "{")).to.have.property("status", 400);
  });

  it("says why it refuses, and nothing about its own faults", async () => {
    expect(await send("POST", json, "{}", "/refused")).to.deep.include({ status: 404, text: '{"error":"Not here."}' });
    const { status, text } = await send("POST", json, "{}", "/broken");
    expect(status).to.equal(500);
    expect(text).to.not.include("secret");
  });

  it("says that a port is taken", async () => {
    const port = Number(new URL(server.url).port);
    expect(await rejection(serveLocally(port, { maxBody: 0, answer: async () => 1 }))).to.be.instanceOf(PortTaken);
  });

  describe("fetchJson", () => {
    it("says whom it asked in vain", async () => {
      for (const path of ["/refused", "/broken"]) {
        const error = await rejection(fetchJson(`${server.url}${path}`, { timeout: 1_000 }));
        expect(error).to.be.instanceOf(NoAnswer).with.property("message").that.includes(server.url);
      }
      expect(await rejection(fetchJson("http://127.0.0.1:1/", { timeout: 1_000 }))).to.be.instanceOf(NoAnswer);
    });
  });
});
