import { expect } from "chai";
import { type HDNodeWallet, keccak256, parseEther, type TransactionRequest, Wallet } from "ethers";
import fc from "fast-check";
import { type AccountState, Mempool, WHOLE_BLOCK } from "../../../../chain/hardhat/mempool/mempool.js";
import { rejection } from "../../../enrolled.js";
import { transfer, wallet } from "../blocks.js";
import { decidedBlock } from "../store/decidedBlocks.js";

describe("Mempool", () => {
  let accounts: Map<string, AccountState>;
  let pool: Mempool;

  const account = (of: HDNodeWallet | Wallet, state: Partial<AccountState>) =>
    accounts.set(of.address, { nonce: 0, balance: parseEther("10"), ...state });
  const add = async (from: HDNodeWallet | Wallet, nonce: number, fields: TransactionRequest = {}) =>
    pool.add(await transfer(from, nonce, fields));
  const refusal = async (from: HDNodeWallet | Wallet, nonce: number, fields: TransactionRequest = {}) =>
    (await rejection(add(from, nonce, fields))) as Error;
  const picked = async (space: Partial<typeof WHOLE_BLOCK> = {}) =>
    (await pool.pick({ ...WHOLE_BLOCK, ...space })).map(({ from, nonce }) => [
      [0, 1, 2].find((index) => wallet(index).address === from),
      nonce,
    ]);
  const mined = (raws: string[], number = 1) => pool.update({ ...decidedBlock(number).block, transactions: raws });

  beforeEach(() => {
    accounts = new Map();
    for (const index of [0, 1, 2]) account(wallet(index), {});
    pool = new Mempool(async (address) => accounts.get(address) ?? { nonce: 0, balance: 0n });
  });

  describe("add", () => {
    it("takes what can be executed, also from an account that has nothing", async () => {
      await add(wallet(0), 0);
      await add(new Wallet(keccak256("0x01")), 0, { value: 0n });
      expect(pool.size).to.equal(2);
    });

    it("takes each transaction once", async () => {
      const { hash } = await add(wallet(0), 0);
      expect(await refusal(wallet(0), 0)).to.include({ name: "TransactionKnown", code: -32_000 });
      expect(pool.get(hash)?.hash).to.equal(hash);
    });

    it("refuses a nonce that was used", async () => {
      account(wallet(0), { nonce: 3 });
      expect((await refusal(wallet(0), 2)).message).to.match(/^nonce too low: .* 3, not 2/);
    });

    it("refuses what the account cannot pay, with all that waits of it", async () => {
      await add(wallet(0), 0, { value: parseEther("6") });
      expect((await refusal(wallet(0), 1, { value: parseEther("5") })).message).to.match(/^insufficient funds for gas/);
      await add(wallet(0), 1, { value: parseEther("4") });
    });

    it("replaces one of the same nonce for a tenth more", async () => {
      const first = await add(wallet(0), 0, { maxFeePerGas: 100n });
      await add(wallet(1), 0);
      expect((await refusal(wallet(0), 0, { maxFeePerGas: 109n })).message).to.match(
        /^replacement transaction underpriced.* 110 /,
      );
      await add(wallet(0), 0, { maxFeePerGas: 110n });
      expect(pool.size).to.equal(2);
      expect(pool.get(first.hash)).to.equal(undefined);
      // It keeps its place in the queue.
      expect(await picked()).to.deep.equal([
        [0, 0],
        [1, 0],
      ]);
    });

    it("replaces a free one for any price", async () => {
      await add(wallet(0), 0);
      expect(await refusal(wallet(0), 0, { value: 2n })).to.have.property("name", "ReplacementUnderpriced");
      await add(wallet(0), 0, { maxFeePerGas: 1n });
    });

    it("bounds what waits of one sender", async () => {
      for (let nonce = 0; nonce < 256; nonce++) await add(wallet(0), nonce, { value: 0n });
      expect(await refusal(wallet(0), 256, { value: 0n })).to.have.property("name", "PoolFull");
      await add(wallet(1), 0);
    });
  });

  describe("nextNonce", () => {
    it("counts what can be executed one after the other", async () => {
      account(wallet(0), { nonce: 4 });
      for (const nonce of [4, 5, 7]) await add(wallet(0), nonce);
      expect(await pool.nextNonce(wallet(0).address)).to.equal(6);
      await add(wallet(0), 6);
      expect(await pool.nextNonce(wallet(0).address)).to.equal(8);
      expect(await pool.nextNonce(wallet(1).address)).to.equal(0);
    });
  });

  describe("pick", () => {
    it("takes them in the order of arrival, and of one sender in that of nonces", async () => {
      await add(wallet(0), 1);
      await add(wallet(1), 0);
      await add(wallet(0), 0);
      await add(wallet(2), 0);
      expect(await picked()).to.deep.equal([
        [1, 0],
        [0, 0],
        [0, 1],
        [2, 0],
      ]);
    });

    it("lets those wait that came too early", async () => {
      await add(wallet(0), 1);
      await add(wallet(1), 0);
      expect(await picked()).to.deep.equal([[1, 0]]);
    });

    it("stays within gas, bytes and number, and skips nobody's nonce", async () => {
      await add(wallet(0), 0, { gasLimit: 60_000n });
      await add(wallet(0), 1);
      await add(wallet(1), 0);
      expect(await picked({ gas: 50_000n })).to.deep.equal([[1, 0]]);
      expect(await picked({ transactions: 2 })).to.deep.equal([
        [0, 0],
        [0, 1],
      ]);
      expect(await picked({ bytes: 120 })).to.have.lengthOf(1);
    });

    it("takes no more of a sender than it can pay by now", async () => {
      await add(wallet(0), 0, { value: parseEther("4") });
      await add(wallet(0), 1, { value: parseEther("4") });
      account(wallet(0), { balance: parseEther("5") });
      expect(await picked()).to.deep.equal([[0, 0]]);
    });

    it("gives every block an order that the EVM can execute", async () => {
      const sends = await Promise.all(
        [0, 1, 2].flatMap((index) => [0, 1, 2, 3].map(async (nonce) => transfer(wallet(index), nonce))),
      );
      await fc.assert(
        fc.asyncProperty(fc.shuffledSubarray(sends), fc.integer({ min: 1, max: 12 }), async (order, transactions) => {
          pool = new Mempool(async (address) => accounts.get(address) ?? { nonce: 0, balance: 0n });
          for (const raw of order) await pool.add(raw);
          const next = [0, 0, 0];
          for (const [index = 0, nonce] of await picked({ transactions })) {
            expect(nonce).to.equal(next[index]);
            next[index] = (next[index] ?? 0) + 1;
          }
        }),
        { numRuns: 30 },
      );
    });
  });

  describe("update", () => {
    it("forgets what was mined", async () => {
      const { raw } = await add(wallet(0), 0);
      await add(wallet(1), 0);
      account(wallet(0), { nonce: 1 });
      await mined([raw]);
      expect(pool.waiting().map(({ from }) => from)).to.deep.equal([wallet(1).address]);
    });

    it("forgets what another transaction with its nonce made impossible", async () => {
      await add(wallet(0), 0);
      const other = await transfer(wallet(0), 0, { value: 7n });
      account(wallet(0), { nonce: 1 });
      await mined([other]);
      expect(pool.size).to.equal(0);
    });

    it("forgets, before long, what can no longer be paid", async () => {
      await add(wallet(0), 0, { value: parseEther("4") });
      account(wallet(0), { balance: 0n });
      await mined([], 15);
      expect(pool.size).to.equal(1);
      await mined([], 16);
      expect(pool.size).to.equal(0);
    });
  });

  it("forgets what it is told to", async () => {
    const { hash } = await add(wallet(0), 0);
    pool.drop([hash, keccak256("0x05")]);
    expect(pool.size).to.equal(0);
    await add(wallet(0), 0);
  });
});
