import { expect } from "chai";
import {
  Contract,
  ContractFactory,
  isError,
  type JsonRpcProvider,
  parseEther,
  toQuantity,
  verifyMessage,
  verifyTypedData,
  Wallet,
} from "ethers";
import { type InProcessNetwork, runInProcessNetwork } from "../../../../chain/hardhat/network/inProcess.js";
import { rpcProvider } from "../../../../chain/hardhat/rpc/provider.js";
import { connectHealthchain, type Healthchain } from "../../../../ignition/deploy.js";
import { chainErrorOf } from "../../../../src/chainError.js";
import { rejection } from "../../../enrolled.js";
import { beginning } from "../beginning.js";
import { transfer, wallet } from "../blocks.js";

/** Emits the 32 bytes that it is called with as an event's topic; created with no constructor. */
const loggerCode = "0x600a600c600039600a6000f35f355f5fa160005000fe";

describe("The JSON-RPC front", function () {
  this.timeout(60_000);
  let network: InProcessNetwork;
  let provider: JsonRpcProvider;
  let contracts: Healthchain;

  before(async () => {
    const { genesis, keys } = await beginning();
    network = await runInProcessNetwork(genesis, keys);
    provider = rpcProvider(network.url);
    contracts = connectHealthchain(network.contracts, await provider.getSigner(0));
  });

  after(async () => {
    provider.destroy();
    await network.stop();
  });

  const post = async (body: unknown) => {
    const response = await fetch(network.url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    return text === "" ? undefined : JSON.parse(text);
  };
  const call = (method: string, ...params: unknown[]) => post({ jsonrpc: "2.0", id: 1, method, params });
  const result = async (method: string, ...params: unknown[]) => (await call(method, ...params)).result;

  describe("as a list of methods", () => {
    it("keeps closed whatever changes the chain behind its validators' backs", async () => {
      const closed = [
        "hardhat_setBalance",
        "hardhat_mine",
        "hardhat_impersonateAccount",
        "hardhat_metadata",
        "hardhat_setCode",
        "hardhat_reset",
        "evm_mine",
        "evm_snapshot",
        "evm_revert",
        "evm_increaseTime",
        "evm_setAutomine",
        "eth_pendingTransactions",
        "eth_subscribe",
        "personal_unlockAccount",
        "toString",
        "constructor",
        "__proto__",
      ];
      for (const method of closed) expect((await call(method)).error, method).to.have.property("code", -32_601);
    });

    it("says who it is, and that gas is free", async () => {
      expect(await result("eth_chainId")).to.equal("0x7a69");
      expect(await result("net_version")).to.equal("31337");
      expect(await result("web3_clientVersion")).to.equal("healthchain/hardhat");
      expect(await result("eth_gasPrice")).to.equal("0x0");
      expect((await provider.getFeeData()).gasPrice).to.equal(0n);
      expect(await result("eth_syncing")).to.equal(false);
      expect((await result("eth_feeHistory", "0x2", "latest", [50])).baseFeePerGas).to.deep.equal([
        "0x0",
        "0x0",
        "0x0",
      ]);
    });
  });

  describe("as JSON-RPC", () => {
    it("answers a batch in order, without what wants no answer", async () => {
      const answers = await post([
        { jsonrpc: "2.0", id: "a", method: "eth_chainId" },
        { jsonrpc: "2.0", method: "eth_chainId" },
        { jsonrpc: "2.0", id: 7, method: "nothing" },
        5,
      ]);
      expect(answers).to.have.lengthOf(3);
      expect(answers[0]).to.deep.equal({ jsonrpc: "2.0", id: "a", result: "0x7a69" });
      expect(answers[1]).to.deep.include({ id: 7 });
      expect(answers[2]).to.deep.include({ id: null }).and.have.nested.property("error.code", -32_600);
    });

    it("refuses what is no request", async () => {
      for (const body of [null, 5, {}, [], { id: 1, method: 5 }, { id: 1, method: "eth_chainId", params: {} }]) {
        expect(await post(body)).to.have.nested.property("error.code", -32_600);
      }
    });

    it("answers a null result with null", async () => {
      expect(await call("eth_getTransactionReceipt", `0x${"00".repeat(32)}`)).to.have.property("result", null);
    });
  });

  describe("for wallets", () => {
    it("signs for the development accounts", async () => {
      expect(await provider.send("eth_accounts", [])).to.have.lengthOf(20);
      const signer = await provider.getSigner(3);
      expect(verifyMessage("hello", await signer.signMessage("hello"))).to.equal(signer.address);
      const domain = { name: "Test", chainId: 31_337 };
      const types = { Mail: [{ name: "text", type: "string" }] };
      const signature = await signer.signTypedData(domain, types, { text: "hi" });
      expect(verifyTypedData(domain, types, { text: "hi" }, signature)).to.equal(signer.address);
    });

    it("signs for nobody else", async () => {
      const from = Wallet.createRandom().address;
      for (const [method, params] of [
        ["eth_sendTransaction", [{ from, to: from }]],
        ["personal_sign", ["0x12", from]],
        ["eth_sign", [from, "0x12"]],
        ["eth_signTypedData_v4", [from, "{}"]],
      ] as const) {
        expect((await call(method, ...params)).error.code, method).to.equal(-32_602);
      }
    });

    it("gives transactions that are sent at once their own nonces", async () => {
      const from = wallet(5).address;
      const before = Number(await result("eth_getTransactionCount", from, "pending"));
      const hashes = await Promise.all(
        Array.from({ length: 5 }, () => result("eth_sendTransaction", { from, to: wallet(6).address, value: "0x1" })),
      );
      expect(new Set(hashes)).to.have.lengthOf(5);
      expect(Number(await result("eth_getTransactionCount", from, "pending"))).to.equal(before + 5);
    });

    it("shows a transaction that waits, and counts it", async () => {
      const nonce = await provider.getTransactionCount(wallet(7).address);
      const early = await transfer(wallet(7), nonce + 1);
      const hash = await result("eth_sendRawTransaction", early);
      const waiting = await provider.getTransaction(hash);
      expect(waiting).to.include({ hash, from: wallet(7).address, nonce: nonce + 1, blockNumber: null, type: 2 });
      expect(waiting?.signature.serialized).to.have.lengthOf(132);
      expect(await result("eth_getTransactionReceipt", hash)).to.equal(null);
      expect(await provider.getTransactionCount(wallet(7).address, "pending")).to.equal(nonce);
      await result("eth_sendRawTransaction", await transfer(wallet(7), nonce));
      await network.mine();
      expect(await provider.getTransactionCount(wallet(7).address)).to.equal(nonce + 2);
      expect(await provider.getTransaction(hash))
        .to.have.property("blockNumber")
        .that.is.a("number");
    });

    it("says why it refuses a transaction, in the words that wallets know", async () => {
      const signer = new Wallet(wallet(8).privateKey, provider);
      await (await signer.sendTransaction({ to: wallet(9).address })).wait();
      const tooLow = await rejection(signer.sendTransaction({ to: wallet(9).address, nonce: 0, gasLimit: 21_000 }));
      expect(isError(tooLow, "NONCE_EXPIRED")).to.equal(true);
      const tooMuch = await rejection(
        signer.sendTransaction({ to: wallet(9).address, value: parseEther("20000"), gasLimit: 21_000 }),
      );
      expect(isError(tooMuch, "INSUFFICIENT_FUNDS")).to.equal(true);
      expect((await call("eth_sendRawTransaction", "0x1234")).error.code).to.equal(-32_602);
    });

    it("lets an account without a balance send", async () => {
      const poor = new Wallet(Wallet.createRandom().privateKey, provider);
      const receipt = await (await poor.sendTransaction({ to: wallet(9).address })).wait();
      expect(receipt).to.include({ status: 1, from: poor.address });
    });
  });

  describe("for tools", () => {
    it("deploys a contract, calls it, and finds its events", async () => {
      const factory = new ContractFactory([], loggerCode, await provider.getSigner(1));
      const logger = await (await factory.deploy()).waitForDeployment();
      const address = await logger.getAddress();
      const topic = `0x${"ab".repeat(32)}`;
      const filter = await result("eth_newFilter", { address });
      const signer = await provider.getSigner(1);
      const receipt = await (await signer.sendTransaction({ to: address, data: topic })).wait();
      expect(await provider.getLogs({ address, fromBlock: 0, topics: [topic] })).to.have.lengthOf(1);
      expect((await result("eth_getFilterChanges", filter))[0].transactionHash).to.equal(receipt?.hash);
      expect(await result("eth_uninstallFilter", filter)).to.equal(true);
      const trace = await result("debug_traceTransaction", receipt?.hash);
      expect(toQuantity(trace.gas)).to.equal(toQuantity(receipt?.gasUsed ?? 0));
    });

    it("lets a contract's own error through, with its arguments", async () => {
      const { medicalCoin } = contracts;
      const stranger = medicalCoin.connect(await provider.getSigner(12));
      const error = await rejection(stranger.transfer(wallet(1).address, 5n));
      expect(chainErrorOf(error)).to.have.property("message").that.includes("ERC20InsufficientBalance");
      const read = new Contract(await medicalCoin.getAddress(), medicalCoin.interface, provider);
      const called = await rejection(read.getFunction("transfer").staticCall(wallet(1).address, 5n));
      expect(chainErrorOf(called)).to.have.property("message").that.includes("ERC20InsufficientBalance");
    });
  });
});
