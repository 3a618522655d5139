import { expect } from "chai";
import { startInProcessNetwork } from "../../../../chain/hardhat/network/inProcess.js";
import { ValidatorNode } from "../../../../chain/hardhat/node/validator.js";
import { rpcProvider } from "../../../../chain/hardhat/rpc/provider.js";

describe("BlockMaker", () => {
  it("makes smaller blocks when one took too long, and loses no transaction by it", async () => {
    // Every block with users' transactions takes longer than no time at all.
    const network = await startInProcessNetwork({
      createValidator: (parts) => new ValidatorNode({ ...parts, patience: 0 }),
    });
    try {
      const provider = rpcProvider(network.url);
      const senders = await Promise.all([1, 2, 3, 4].map((index) => provider.getSigner(index)));
      const to = senders[0]?.address ?? "";
      const sent = await Promise.all(
        senders.map((sender) => sender.sendTransaction({ to, value: 1n, gasLimit: 21_000 })),
      );
      await network.mine(20);
      const receipts = await Promise.all(sent.map(({ hash }) => provider.getTransactionReceipt(hash)));
      expect(receipts.map((receipt) => receipt?.status)).to.deep.equal([1, 1, 1, 1]);
    } finally {
      await network.stop();
    }
  });
});
