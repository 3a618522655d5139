import { expect } from "chai";
import { keccak256, parseEther, ZeroHash } from "ethers";
import fc from "fast-check";
import type { Block } from "../../../../chain/hardhat/block.js";
import { BlockInvalid, Replica } from "../../../../chain/hardhat/replica/replica.js";
import { rejection } from "../../../enrolled.js";
import { START, transfer, wallet } from "../blocks.js";

const miner = wallet(7).address;
/** Creates a contract whose code is one STOP. */
const initCode = "0x60016000f3";

describe("Replica", () => {
  let maker: Replica;
  let auditor: Replica;
  let slot: number;

  before(async () => {
    [maker, auditor] = await Promise.all([Replica.open(START), Replica.open(START)]);
  });

  beforeEach(() => {
    slot = (maker.head.timestamp - START) / 2 + 1;
  });

  const nonceOf = async (index: number) =>
    Number(await maker.request("eth_getTransactionCount", [wallet(index).address, "latest"]));
  const build = (transactions: readonly string[]) =>
    maker.build({ slot, timestamp: START + slot * 2, miner, transactions });
  const attachToBoth = async (block: Block) => {
    await Promise.all([maker.attach(block), auditor.attach(block)]);
    expect(auditor.head).to.deep.equal(maker.head);
  };

  it("opens with the same block 0 wherever it is", () => {
    expect(auditor.head).to.deep.equal(maker.head);
    expect(maker.head.number).to.equal(0);
  });

  it("replays 200 random blocks to the same hashes", async () => {
    const random = fc.sample(
      fc.record({
        skipped: fc.integer({ min: 0, max: 40 }),
        senders: fc.array(fc.tuple(fc.integer({ min: 0, max: 6 }), fc.boolean(), fc.bigInt(0n, 9n)), { maxLength: 6 }),
      }),
      { numRuns: 200, seed: 7 },
    );
    const nonces = await Promise.all(Array.from({ length: 7 }, (_, index) => nonceOf(index)));
    for (const { skipped, senders } of random) {
      slot += skipped;
      const transactions = senders.map(([sender, creates, value]) => {
        const nonce = nonces[sender] ?? 0;
        nonces[sender] = nonce + 1;
        const created = { to: null, data: initCode, gasLimit: 100_000n, value: 0n };
        return transfer(wallet(sender), nonce, creates ? created : { value });
      });
      const { block, leftOut } = await build(await Promise.all(transactions));
      expect(leftOut).to.be.empty;
      expect(await auditor.audit(block)).to.deep.equal({ isValid: true });
      await attachToBoth(block);
      slot += 1;
    }
    expect(maker.head.number).to.equal(200);
  });

  describe("build", () => {
    it("leaves out what the EVM refuses, and says why", async () => {
      const good = await transfer(wallet(0), await nonceOf(0));
      const poor = await transfer(wallet(1), await nonceOf(1), { value: parseEther("10001") });
      const { block, leftOut } = await build([poor, good, "0x1234"]);
      expect(block.transactions).to.deep.equal([good]);
      expect(leftOut.map(({ transaction }) => transaction)).to.deep.equal([poor, "0x1234"]);
      expect(leftOut[0]?.refusal).to.match(/enough funds/);
      await attachToBoth(block);
    });

    it("leaves out what finds no room, and goes on with what does", async () => {
      const heavy = await transfer(wallet(0), await nonceOf(0), { gasLimit: 20_000_000n });
      const crowded = await transfer(wallet(1), await nonceOf(1), { gasLimit: 29_990_000n });
      const light = await transfer(wallet(2), await nonceOf(2));
      const { block, leftOut } = await build([heavy, crowded, light]);
      expect(block.transactions).to.deep.equal([heavy, light]);
      expect(leftOut).to.deep.equal([{ transaction: crowded, refusal: undefined }]);
      expect(await maker.request("eth_pendingTransactions")).to.be.empty;
      await attachToBoth(block);
    });

    it("finds the transaction that would make the whole block fail", async () => {
      const nonce = await nonceOf(3);
      const half = parseEther("6000");
      const first = await transfer(wallet(3), nonce, { value: half });
      const second = await transfer(wallet(3), nonce + 1, { value: half });
      const others = [await transfer(wallet(4), await nonceOf(4)), await transfer(wallet(5), await nonceOf(5))];
      const { block, leftOut } = await build([first, ...others.slice(0, 1), second, ...others.slice(1)]);
      expect(block.transactions).to.deep.equal([first, ...others]);
      expect(leftOut.map(({ transaction }) => transaction)).to.deep.equal([second]);
      await attachToBoth(block);
    });

    it("keeps the base fee at zero after full blocks", async () => {
      for (let i = 0; i < 3; i++) {
        // The INVALID instruction burns all gas at once.
        const burning = { to: null, data: "0xfe", gasLimit: 29_000_000n, value: 0n };
        const { block } = await build([await transfer(wallet(0), await nonceOf(0), burning)]);
        await attachToBoth(block);
        slot += 1;
      }
      const latest = (await maker.request("eth_getBlockByNumber", ["latest", false])) as Record<string, string>;
      expect(Number(latest.gasUsed)).to.equal(29_000_000);
      expect(Number(latest.baseFeePerGas)).to.equal(0);
    });

    it("makes no block at a time that is not after the head's", async () => {
      slot -= 1;
      expect(await rejection(build([]))).to.be.instanceOf(BlockInvalid);
      slot -= 1;
      expect(await rejection(build([]))).to.be.instanceOf(BlockInvalid);
    });
  });

  describe("audit", () => {
    const hostile: Record<string, (block: Block, foreign: string) => Block> = {
      "a false state root": (block) => ({ ...block, stateRoot: keccak256("0x01") }),
      "a false hash": (block) => ({ ...block, hash: keccak256("0x01") }),
      "a false parent": (block) => ({ ...block, parentHash: ZeroHash }),
      "another miner": (block) => ({ ...block, miner: wallet(8).address }),
      "another mix hash": (block) => ({ ...block, mixHash: keccak256("0x02") }),
      "a time that is its parent's": (block) => ({ ...block, timestamp: auditor.head.timestamp }),
      "a time long ago": (block) => ({ ...block, timestamp: START - 5 }),
      "a time beyond all numbers": (block) => ({ ...block, timestamp: Number.MAX_SAFE_INTEGER }),
      "another number": (block) => ({ ...block, number: block.number + 1 }),
      "a transaction less": (block) => ({ ...block, transactions: block.transactions.slice(1) }),
      "a transaction twice": (block) => ({ ...block, transactions: [...block.transactions, ...block.transactions] }),
      "a foreign transaction": (block, foreign) => ({ ...block, transactions: [...block.transactions, foreign] }),
      "bytes that are no transaction": (block) => ({ ...block, transactions: ["0x", ...block.transactions] }),
      "its transactions in another order": (block) => ({ ...block, transactions: block.transactions.toReversed() }),
    };

    for (const [what, change] of Object.entries(hostile)) {
      it(`refuses a block with ${what}, and leaves no trace`, async () => {
        const head = auditor.head;
        const foreign = await transfer(wallet(6), 0, { chainId: 1 });
        const transactions = [await transfer(wallet(0), await nonceOf(0)), await transfer(wallet(1), await nonceOf(1))];
        const { block } = await build(transactions);
        expect(await auditor.audit(change(block, foreign))).to.have.property("isValid", false);
        expect(auditor.head).to.deep.equal(head);
        expect(await auditor.request("eth_pendingTransactions")).to.be.empty;
        expect(Number(await auditor.request("eth_blockNumber"))).to.equal(head.number);
        expect(await auditor.audit(block)).to.deep.equal({ isValid: true });
        await maker.rewind();
        await auditor.rewind();
      });
    }

    it("is not disturbed by a stray transaction in the EVM's pool", async () => {
      await auditor.request("eth_sendRawTransaction", [await transfer(wallet(9), 0)]);
      const { block } = await build([await transfer(wallet(0), await nonceOf(0))]);
      expect(await auditor.audit(block)).to.deep.equal({ isValid: true });
      await attachToBoth(block);
    });
  });

  describe("attach", () => {
    it("replays the block if another was executed since", async () => {
      const { block } = await build([await transfer(wallet(0), await nonceOf(0))]);
      await build([]);
      await attachToBoth(block);
      expect(Number(await maker.request("eth_blockNumber"))).to.equal(block.number);
    });

    it("refuses a block that its execution does not give, and stays at its head", async () => {
      const { block } = await build([]);
      const { head } = auditor;
      expect(await rejection(auditor.attach({ ...block, stateRoot: ZeroHash }))).to.be.instanceOf(BlockInvalid);
      expect(auditor.head).to.deep.equal(head);
      await attachToBoth(block);
    });

    it("goes back to the head when the speculative block is taken back", async () => {
      await build([await transfer(wallet(0), await nonceOf(0))]);
      await maker.rewind();
      expect(Number(await maker.request("eth_blockNumber"))).to.equal(maker.head.number);
    });
  });
});
