import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { JsonRpcProvider } from "ethers";
import {
  auditEvents,
  ChainUnavailable,
  DatabaseRefused,
  type DatabaseSession,
  InvalidChainOptions,
  startDatabase,
} from "../../database/index.js";
import { tinyBundle } from "../records/tinyBundle.js";
import { type Chain, rejection, World } from "./world.js";

/** The embedded chain behind an HTTP address, which can go away or fall silent. */
class Node {
  readonly #server: Server;
  silent = false;

  constructor({ connection }: Chain) {
    this.#server = createServer(async (request, response) => {
      const chunks: Uint8Array[] = [];
      for await (const chunk of request) chunks.push(chunk);
      if (this.silent) return;
      const call = JSON.parse(Buffer.concat(chunks).toString());
      const result = await connection.provider.request({ method: call.method, params: call.params });
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ jsonrpc: "2.0", id: call.id, result }));
    });
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

describe("the chain that decides", () => {
  let world: World;
  let node: Node;
  let provider: JsonRpcProvider;
  let record: string;
  let patient: DatabaseSession;

  const chainOptions = async () => ({
    addresses: {
      accountCenter: await world.chain.accountCenter.getAddress(),
      recordRegistry: await world.chain.recordRegistry.getAddress(),
      consentRegistry: await world.chain.consentRegistry.getAddress(),
    },
  });
  const statusOf = async (run: Promise<unknown>) => {
    const error = await rejection(run);
    return error instanceof DatabaseRefused ? [error.status, error.code] : error;
  };

  before(async () => {
    world = await World.create();
    [record = ""] = await world.ingest(tinyBundle());
    await world.register(record);
    node = new Node(world.chain);
    provider = new JsonRpcProvider(await node.listen(), undefined, { batchMaxCount: 1, cacheTimeout: -1 });
    await world.start({ chain: { provider, ...(await chainOptions()), timeout: 500 } });
    patient = await world.session(await world.patientOf(record), "PATRQT");
  });
  after(async () => {
    provider.destroy();
    await world.close();
  });

  it("is asked over the network like an embedded one", async () => {
    const { bytes } = await patient.get(`/Bundle/${record.slice(2)}`);
    expect(Buffer.from(bytes).toString()).to.include("Quimbleton");
  });

  it("is not trusted when its newest block is older than ten minutes, or than what was set", async () => {
    for (const [bound, seconds, permitted] of [
      [{}, 590, true],
      [{}, 660, false],
      [{ maxBlockAge: 60 }, 120, false],
      [{ maxBlockAge: Number.POSITIVE_INFINITY }, 86_400, true],
    ] as const) {
      await world.start({ chain: { provider, ...(await chainOptions()), ...bound, timeout: 500 } });
      await world.chain.connection.networkHelpers.mine();
      const newest = await world.chain.connection.ethers.provider.getBlock("latest");
      world.ahead = ((newest?.timestamp ?? 0) + seconds) * 1000 - Date.now();
      const login = world.session(await world.patientOf(record), "PATRQT");
      const outcome = permitted ? typeof (await login).get : await statusOf(login);
      expect(outcome, `${seconds} s`).to.deep.equal(permitted ? "function" : [503, "transient"]);
    }
    world.ahead = 0;
    await world.start({ chain: { provider, ...(await chainOptions()), timeout: 500 } });
    patient = await world.session(await world.patientOf(record), "PATRQT");
  });

  it("needs an age that is one: a bound that bounds nothing would pass for one", async () => {
    for (const maxBlockAge of [0, -1, Number.NaN]) {
      const chain = { provider, ...(await chainOptions()), maxBlockAge };
      const start = startDatabase({ port: 0, institutions: [], chain, walletDirectory: world.wallets });
      expect(await rejection(start)).to.be.instanceOf(InvalidChainOptions);
    }
  });

  it("leaves nothing served, stored or logged while it is silent or gone", async () => {
    const hospital = await world.session(world.chain.hospital);
    const doctor = world.chain.doctor;
    const before = await auditEvents(world.database.storage);
    for (const end of [() => (node.silent = true), () => node.close()]) {
      end();
      expect(await statusOf(patient.get(`/Bundle/${record.slice(2)}`))).to.deep.equal([503, "transient"]);
      expect(await statusOf(patient.get("/SigningRequest"))).to.deep.equal([503, "transient"]);
      expect(await statusOf(hospital.post("/", Uint8Array.from(tinyBundle())))).to.deep.equal([503, "transient"]);
      expect(await statusOf(world.session(doctor))).to.deep.equal([503, "transient"]);
    }
    expect(await auditEvents(world.database.storage)).to.deep.equal(before);
  });

  it("has to be there when the service starts", async () => {
    const chain = { provider: new JsonRpcProvider("http://127.0.0.1:1"), ...(await chainOptions()), timeout: 300 };
    const start = startDatabase({ port: 0, institutions: [], chain, walletDirectory: world.wallets });
    expect(await rejection(start)).to.be.instanceOf(ChainUnavailable);
    chain.provider.destroy();
  });
});
