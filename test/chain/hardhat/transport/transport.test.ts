import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout } from "node:timers/promises";
import { expect } from "chai";
import type { DecidedBlock } from "../../../../chain/hardhat/decided.js";
import { HttpTransport } from "../../../../chain/hardhat/transport/http.js";
import { InProcessHub } from "../../../../chain/hardhat/transport/inProcess.js";
import type { Message } from "../../../../chain/hardhat/transport/message.js";
import type { Receiver, Transport } from "../../../../chain/hardhat/transport/transport.js";
import { rejection } from "../../../enrolled.js";
import { decidedBlock } from "../store/decidedBlocks.js";
import { messages } from "./statements.js";

/** Keeps what it receives. */
class Inbox implements Receiver {
  readonly received: { readonly message: Message; readonly from: string }[] = [];
  readonly #blocks: readonly DecidedBlock[];

  constructor(blocks: readonly DecidedBlock[] = []) {
    this.#blocks = blocks;
  }

  receive(message: Message, from: string): void {
    this.received.push({ message, from });
  }

  async read(from: number, count: number): Promise<DecidedBlock[]> {
    return this.#blocks.filter(({ block }) => block.number >= from).slice(0, count);
  }

  /** Resolves when this many have come. */
  async until(count: number): Promise<void> {
    for (let waited = 0; this.received.length < count && waited < 3_000; waited += 5) await setTimeout(5);
    expect(this.received).to.have.length.of.at.least(count);
  }
}

const names = ["a", "b", "c"];

async function inProcess(): Promise<Transport[]> {
  const hub = new InProcessHub();
  return names.map((name) => hub.connect(name));
}

async function overHttp(): Promise<HttpTransport[]> {
  const transports = await Promise.all(names.map((name) => HttpTransport.open(name)));
  const peers = transports.map(({ url }, index) => ({ name: names[index] ?? "", url }));
  for (const transport of transports) transport.setPeers(peers);
  return transports;
}

const makers: Record<string, () => Promise<Transport[]>> = { "In one process": inProcess, "Over HTTP": overHttp };

for (const [where, connect] of Object.entries(makers)) {
  describe(`${where}, a transport`, () => {
    let transports: Transport[];
    let inboxes: Inbox[];

    beforeEach(async () => {
      transports = await connect();
      const blocks = Array.from({ length: 100 }, (_, index) => decidedBlock(index + 1));
      inboxes = transports.map(() => new Inbox(blocks));
      for (const [index, transport] of transports.entries()) transport.listen(inboxes[index] ?? new Inbox());
    });

    afterEach(() => Promise.all(transports.map((transport) => transport.close())));

    it("brings every kind of message to all others, in order", async () => {
      for (const message of messages) transports[0]?.broadcast(message);
      await Promise.all([inboxes[1]?.until(4), inboxes[2]?.until(4)]);
      for (const inbox of inboxes.slice(1)) {
        expect(inbox.received).to.deep.equal(messages.map((message) => ({ message, from: "a" })));
      }
      expect(inboxes[0]?.received).to.be.empty;
    });

    it("fetches a peer's blocks, no more than 64 at once", async () => {
      const blocks = await transports[0]?.blocksOf("b", 7, 1_000);
      expect(blocks).to.deep.equal(Array.from({ length: 64 }, (_, index) => decidedBlock(index + 7)));
      expect(await transports[0]?.blocksOf("b", 99, 10)).to.have.lengthOf(2);
      expect(await transports[0]?.blocksOf("b", 101, 10)).to.deep.equal([]);
    });

    it("says that a peer cannot be asked", async () => {
      expect(await rejection(transports[0]?.blocksOf("nobody", 1, 1) ?? Promise.resolve())).to.be.instanceOf(Error);
    });

    it("goes on when one has left", async () => {
      await transports[1]?.close();
      transports[0]?.broadcast({ kind: "head", height: 1 });
      await inboxes[2]?.until(1);
      expect(inboxes[1]?.received).to.be.empty;
    });
  });
}

describe("HttpTransport", () => {
  let stuck: Server;
  let sender: HttpTransport;
  let receiver: HttpTransport;
  let inbox: Inbox;

  beforeEach(async () => {
    inbox = new Inbox();
    [sender, receiver] = await Promise.all([HttpTransport.open("sender"), HttpTransport.open("receiver")]);
    receiver.listen(inbox);
    stuck = createServer(() => {});
    await new Promise<void>((resolve) => stuck.listen(0, "127.0.0.1", resolve));
  });

  afterEach(async () => {
    await Promise.all([sender.close(), receiver.close()]);
    stuck.closeAllConnections();
    stuck.close();
  });

  const post = (path: string, body: unknown) =>
    fetch(`${receiver.url}${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });

  it("is not held up by a peer that never answers", async () => {
    const { port } = stuck.address() as AddressInfo;
    sender.setPeers([
      { name: "stuck", url: `http://127.0.0.1:${port}` },
      { name: "dead", url: "http://127.0.0.1:1" },
      { name: "receiver", url: receiver.url },
    ]);
    for (let height = 0; height < 2_000; height++) sender.broadcast({ kind: "head", height });
    await inbox.until(512);
    const heights = inbox.received.map(({ message }) => (message.kind === "head" ? message.height : -1));
    // What a queue has no room for is lost, the oldest first.
    expect(heights).to.deep.equal(Array.from({ length: 512 }, (_, index) => 2_000 - 512 + index));
  });

  it("reaches a peer again that has come back elsewhere", async () => {
    sender.setPeers([{ name: "receiver", url: "http://127.0.0.1:1" }]);
    sender.broadcast({ kind: "head", height: 1 });
    await setTimeout(20);
    sender.setPeers([{ name: "receiver", url: receiver.url }]);
    sender.broadcast({ kind: "head", height: 2 });
    await inbox.until(1);
    expect(inbox.received).to.deep.equal([{ message: { kind: "head", height: 2 }, from: "sender" }]);
  });

  it("passes over what it cannot read, and takes the rest", async () => {
    const messages = [{ kind: "nonsense" }, 5, { kind: "vote", vote: {} }, { kind: "head", height: 3 }];
    expect(await post("/messages", { from: "x", messages })).to.have.property("status", 200);
    expect(inbox.received).to.deep.equal([{ message: { kind: "head", height: 3 }, from: "x" }]);
  });

  it("refuses what is no delivery and no question", async () => {
    for (const body of [
      null,
      { from: 5, messages: [] },
      { from: "x" },
      { from: "x", messages: Array(2_000).fill(1) },
    ]) {
      expect(await post("/messages", body)).to.have.property("status", 400);
    }
    for (const query of ["from=a&count=1", "from=1", "from=-1&count=5", "from=1&count=0"]) {
      expect(await fetch(`${receiver.url}/blocks?${query}`)).to.have.property("status", 400);
    }
    expect(await fetch(`${receiver.url}/elsewhere`)).to.have.property("status", 404);
  });
});
