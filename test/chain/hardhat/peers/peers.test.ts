import { expect } from "chai";
import { ZeroHash } from "ethers";
import { openGateway } from "../../../../chain/hardhat/peers/gateway.js";
import { PeerBook } from "../../../../chain/hardhat/peers/peerBook.js";
import { PeerRecordInvalid, readPeerRecord, signPeerRecord } from "../../../../chain/hardhat/peers/peerRecord.js";
import { Registration } from "../../../../chain/hardhat/peers/registration.js";
import { HttpTransport } from "../../../../chain/hardhat/transport/http.js";
import type { Message } from "../../../../chain/hardhat/transport/message.js";
import { certifierDomain } from "../../../../src/consensus/index.js";
import { wallet } from "../blocks.js";

const domain = certifierDomain(31_337n, wallet(0).address, ZeroHash.replace("0x00", "0x01"));
const elsewhere = certifierDomain(31_337n, wallet(0).address, ZeroHash.replace("0x00", "0x02"));
const URL = "http://127.0.0.1:4000";

describe("Peers", () => {
  describe("readPeerRecord", () => {
    it("reads what a validator signed", async () => {
      const record = await signPeerRecord(wallet(1), domain, URL);
      expect(readPeerRecord(JSON.parse(JSON.stringify(record)), domain)).to.deep.equal(record);
    });

    it("refuses what the validator did not sign, or signed for another network", async () => {
      const record = await signPeerRecord(wallet(1), domain, URL);
      const changes = [
        { url: "http://127.0.0.1:4001" },
        { since: 5 },
        { validator: wallet(2).address },
        { signature: "0x" },
      ];
      for (const change of changes) {
        expect(() => readPeerRecord({ ...record, ...change }, domain)).to.throw(PeerRecordInvalid);
      }
      expect(() => readPeerRecord(record, elsewhere)).to.throw(PeerRecordInvalid);
      expect(() => readPeerRecord(null, domain)).to.throw(PeerRecordInvalid);
    });

    it("refuses addresses outside this machine", async () => {
      for (const url of [
        "http://10.0.0.1:4000",
        "https://127.0.0.1:4000",
        `${URL}/path`,
        "http://127.0.0.1@evil.example:80",
      ]) {
        const record = await signPeerRecord(wallet(1), domain, url);
        expect(() => readPeerRecord(record, domain)).to.throw(PeerRecordInvalid, "127.0.0.1");
      }
    });
  });

  describe("PeerBook", () => {
    it("keeps each validator's last record, whatever the order in which they come", async () => {
      const first = await signPeerRecord(wallet(1), domain, URL);
      await new Promise((resolve) => setTimeout(resolve, 5));
      const second = await signPeerRecord(wallet(1), domain, "http://127.0.0.1:4001");
      const book = new PeerBook(domain);
      expect([second, first, second].map((record) => book.add(record))).to.deep.equal([true, false, false]);
      expect(book.records()).to.deep.equal([second]);
    });
  });

  describe("The gateway", () => {
    const closing: (() => unknown)[] = [];

    afterEach(async () => {
      for (const close of closing) await close();
    });

    it("makes nodes known to each other and to itself, and gives away the genesis", async () => {
      const genesis = { hash: ZeroHash } as Parameters<typeof openGateway>[0];
      const gateway = await openGateway(genesis, domain);
      const nodes = await Promise.all([1, 2].map((index) => HttpTransport.open(wallet(index).address)));
      closing.push(...[gateway, ...nodes].map((transport) => () => transport.close()));
      const heard: string[] = [];
      const listenAs = (name: string) => ({
        receive: (message: Message, from: string) => void heard.push(`${name} hears ${message.kind} of ${from}`),
        read: async () => [],
      });
      gateway.listen(listenAs("gateway"));
      const registrations: Registration[] = [];
      for (const [index, node] of nodes.entries()) {
        node.listen(listenAs(`node ${index}`));
        const record = await signPeerRecord(wallet(index + 1), domain, node.url);
        const registration = new Registration(gateway.url, record, node, domain);
        registrations.push(registration);
        closing.push(() => registration.stop());
      }
      for (const registration of [...registrations, ...registrations]) await registration.start();

      nodes[0]?.broadcast({ kind: "head", height: 1 });
      gateway.broadcast({ kind: "head", height: 2 });
      for (let waited = 0; heard.length < 4 && waited < 2_000; waited += 5) {
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      const first = wallet(1).address;
      expect(heard).to.have.members([
        `gateway hears head of ${first}`,
        "node 0 hears head of gateway",
        "node 1 hears head of gateway",
        `node 1 hears head of ${first}`,
      ]);
      expect(await (await fetch(`${gateway.url}/genesis`)).json()).to.deep.equal(genesis);
      const forged = await fetch(`${gateway.url}/peers`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ validator: wallet(3).address, url: URL, since: 1, signature: `0x${"11".repeat(65)}` }),
      });
      expect(forged.status).to.equal(400);
    });
  });
});
