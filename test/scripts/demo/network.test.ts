import { expect } from "chai";
import { type JsonRpcProvider, Wallet } from "ethers";
import {
  type InProcessNetwork,
  operatorWallet,
  rpcProvider,
  startInProcessNetwork,
} from "../../../chain/hardhat/index.js";
import { connectHealthchain } from "../../../ignition/deploy.js";
import { ChainClock } from "../../../scripts/demo/clock.js";
import { ConcurrentWallet } from "../../../scripts/demo/concurrentWallet.js";
import { ChainError } from "../../../src/chainError.js";
import { mined } from "../../../src/transaction.js";
import { DAY } from "../../../src/utcDay.js";

describe("what the demo does with its network", function () {
  this.timeout(120_000);
  let network: InProcessNetwork;
  let provider: JsonRpcProvider;
  before(async () => {
    network = await startInProcessNetwork({ slotTime: 1 });
    provider = rpcProvider(network.url);
  });
  after(async () => {
    provider?.destroy();
    await network?.stop();
  });

  const head = () => provider.getBlock("latest");

  describe("ChainClock", () => {
    it("travels to the very second, near or far, and never back", async () => {
      const clock = new ChainClock(network);
      for (const ahead of [10 * DAY, 1, 2, 300]) {
        const time = clock.seconds() + ahead;
        await clock.travelTo(time);
        expect((await head())?.timestamp).to.equal(time);
        expect(clock.now().getTime()).to.equal(time * 1000);
      }
      const time = clock.seconds();
      await clock.travelTo(time - 5);
      expect(clock.seconds()).to.equal(time);
    });
  });

  describe("ConcurrentWallet", () => {
    it("sends many transactions at once, which share blocks, whatever is refused among them", async () => {
      const operator = new ConcurrentWallet(operatorWallet().privateKey, provider);
      const { medicalCoin } = connectHealthchain(network.contracts, operator);
      const receiver = Wallet.createRandom().address;
      const before = (await head())?.number ?? 0;
      const sent = Array.from({ length: 20 }, (_, index) =>
        // More than the operator has.
        index % 5 === 0
          ? mined(medicalCoin, () => medicalCoin.transfer(receiver, 10n ** 30n)).catch((error: unknown) => error)
          : mined(medicalCoin, () => medicalCoin.mint(receiver, 1n)),
      );
      const results = await Promise.all(sent);
      expect(results.filter((result) => result instanceof ChainError)).to.have.length(4);
      expect(await medicalCoin.balanceOf(receiver)).to.equal(16n);
      expect(((await head())?.number ?? 0) - before).to.be.within(1, 10);
    });
  });
});
