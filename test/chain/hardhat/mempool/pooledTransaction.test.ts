import { expect } from "chai";
import fc from "fast-check";
import { readTransaction } from "../../../../chain/hardhat/mempool/pooledTransaction.js";
import { TransactionRejected } from "../../../../chain/hardhat/mempool/rejection.js";
import { transfer, wallet } from "../blocks.js";

const refused = (raw: unknown, name: string, message: RegExp) => {
  try {
    readTransaction(raw);
  } catch (error) {
    expect(error).to.be.instanceOf(TransactionRejected).with.property("name", name);
    expect((error as Error).message).to.match(message);
    return;
  }
  expect.fail(`Nothing was thrown for ${String(raw)}`);
};

describe("readTransaction", () => {
  it("reads the three types, and what each may cost", async () => {
    const types = [
      { type: 0, gasPrice: 3n, maxFeePerGas: null, maxPriorityFeePerGas: null },
      { type: 1, gasPrice: 3n, maxFeePerGas: null, maxPriorityFeePerGas: null, accessList: [], gasLimit: 30_000n },
      { type: 2, maxFeePerGas: 3n, accessList: [{ address: wallet(1).address, storageKeys: [] }], gasLimit: 30_000n },
    ];
    for (const fields of types) {
      const read = readTransaction(await transfer(wallet(0), 5, fields));
      expect(read).to.include({ from: wallet(0).address, nonce: 5, price: 3n, cost: 1n + 3n * read.gasLimit });
    }
  });

  it("refuses what is no signed transaction", async () => {
    const good = await transfer(wallet(0), 0);
    for (const raw of [undefined, 5, "0x", "0x1", "0x01", "hello", `${good}00`, good.slice(0, -2)]) {
      refused(raw, "TransactionMalformed", /^invalid transaction/);
    }
    refused(`0x${"00".repeat(131_073)}`, "TransactionMalformed", /131072 bytes/);
  });

  it("refuses what was signed for another chain, or for all", async () => {
    refused(await transfer(wallet(0), 0, { chainId: 1 }), "ChainMismatch", /^invalid chain id for signer/);
    const legacy = { type: 0, gasPrice: 0n, maxFeePerGas: null, maxPriorityFeePerGas: null, chainId: null };
    refused(await transfer(wallet(0), 0, legacy), "ChainMismatch", /chain 0,/);
  });

  it("refuses gas above the block's, or below what the transaction costs before it begins", async () => {
    refused(await transfer(wallet(0), 0, { gasLimit: 30_000_001n }), "GasOutOfRange", /^exceeds block gas limit/);
    refused(await transfer(wallet(0), 0, { gasLimit: 20_999n }), "GasOutOfRange", /^intrinsic gas too low.* 21000 /);
    const create = { to: null, data: "0x6001", value: 0n };
    refused(await transfer(wallet(0), 0, { ...create, gasLimit: 53_033n }), "GasOutOfRange", / 53034 /);
    readTransaction(await transfer(wallet(0), 0, { ...create, gasLimit: 53_034n }));
    const large = { to: null, data: `0x${"00".repeat(49_153)}`, gasLimit: 1_000_000n, value: 0n };
    refused(await transfer(wallet(0), 0, large), "TransactionMalformed", /max initcode size exceeded/);
  });

  it("throws nothing but its own errors, whatever is changed in a transaction", async () => {
    const good = await transfer(wallet(0), 0, { data: "0x1234", gasLimit: 40_000n });
    fc.assert(
      fc.property(fc.nat({ max: good.length / 2 - 2 }), fc.nat({ max: 255 }), (at, byte) => {
        const start = 2 + 2 * at;
        const changed = good.slice(0, start) + byte.toString(16).padStart(2, "0") + good.slice(start + 2);
        try {
          const read = readTransaction(changed);
          expect(read.from === wallet(0).address).to.equal(changed === good);
        } catch (error) {
          expect(error).to.be.instanceOf(TransactionRejected);
        }
      }),
      { numRuns: 300 },
    );
  });
});
