import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { Wallet } from "ethers";
import { AnswerStalled, DatabaseSession, NotAMedicalDatabase } from "../../../database/index.js";
import { rejection } from "../world.js";

const PATIENCE = 250;
const CHUNK = "0123456789";

describe("the session with a slow service", () => {
  let server: Server;
  let url: string;
  let session: DatabaseSession;
  /** How the service answers what is asked of it after the login. */
  let answer: (response: ServerResponse) => unknown;

  before(async () => {
    server = createServer((request, response) => {
      if (request.url === "/1/nonce") return response.end('{"nonce":"abcdefgh12345678"}');
      if (request.url === "/1/login") return response.end('{"access_token":"token"}');
      return answer(response);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const signer = Wallet.createRandom();
    const login = { url, institution: 1, signer, purpose: "HMARKT", chainId: 1n } as const;
    session = await DatabaseSession.open({ ...login, patience: PATIENCE });
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  const lengthOf = async (body: Promise<AsyncIterable<Uint8Array>>, pause = 0) => {
    let length = 0;
    for await (const chunk of await body) {
      length += chunk.length;
      if (pause > 0) await sleep(pause);
    }
    return length;
  };
  const inPieces = async (response: ServerResponse) => {
    for (let piece = 0; piece < 8; piece++) {
      response.write(CHUNK);
      await sleep(PATIENCE / 4);
    }
    response.end();
  };

  it("waits for an answer that makes progress, however long all of it takes", async () => {
    answer = inPieces;
    expect(await lengthOf(session.stream("/file"))).to.equal(80);
    expect((await session.get("/Bundle/1")).bytes).to.have.length(80);
  });

  it("counts only the service's time, not what is done with each chunk", async () => {
    answer = inPieces;
    expect(await lengthOf(session.stream("/file"), 2 * PATIENCE)).to.equal(80);
  });

  it("gives up when the service stops in the middle, and ends the connection", async () => {
    let ended = false;
    answer = (response) => {
      response.on("close", () => {
        ended = true;
      });
      response.write(CHUNK);
    };
    const message = `${url}/1/fhir/file sent nothing more for 0.25 s in the middle of its answer: check the connection, and ask again`;
    expect(await rejection(lengthOf(session.stream("/file"))))
      .to.be.instanceOf(AnswerStalled)
      .with.property("message", message);
    expect(await rejection(session.get("/file"))).to.be.instanceOf(AnswerStalled);
    expect(ended).to.equal(true);
  });

  it("takes an address that never answers, or breaks off, for no medical database", async () => {
    answer = () => undefined;
    expect(await rejection(session.stream("/file"))).to.be.instanceOf(NotAMedicalDatabase);
    answer = (response) => response.write(CHUNK, () => response.destroy());
    expect(await rejection(lengthOf(session.stream("/file")))).to.be.instanceOf(NotAMedicalDatabase);
    expect(await rejection(session.get("/file"))).to.be.instanceOf(NotAMedicalDatabase);
  });
});
