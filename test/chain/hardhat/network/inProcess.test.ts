import { expect } from "chai";
import { type JsonRpcProvider, Wallet } from "ethers";
import {
  type InProcessNetwork,
  type RunOptions,
  runInProcessNetwork,
} from "../../../../chain/hardhat/network/inProcess.js";
import { ValidatorNode, type ValidatorParts } from "../../../../chain/hardhat/node/validator.js";
import { rpcProvider } from "../../../../chain/hardhat/rpc/provider.js";
import { connectHealthchain, type Healthchain } from "../../../../ignition/deploy.js";
import { candidacyOf } from "../../../../src/consensus/index.js";
import {
  CrashingValidator__Harness,
  DoubleProposer__Harness,
  EquivocatingValidator__Harness,
  LyingLeader__Harness,
  LyingValidator__Harness,
  SilentLeader__Harness,
  SleepingValidator__Harness,
} from "../../../doubles/Validator__Harness.js";
import { rejection } from "../../../enrolled.js";
import { beginning, EPOCH, SLOT } from "../beginning.js";

describe("A network in one process", function () {
  this.timeout(60_000);
  let network: InProcessNetwork;
  let provider: JsonRpcProvider;
  let contracts: Healthchain;
  const lines: string[] = [];

  const start = async (options: RunOptions = {}) => {
    lines.length = 0;
    const { genesis, keys } = await beginning();
    network = await runInProcessNetwork(genesis, keys, { say: (line) => lines.push(line), ...options });
    provider = rpcProvider(network.url);
    contracts = connectHealthchain(network.contracts, await provider.getSigner(0));
  };
  /** A network whose last validator is faulty. */
  const startWith = (Faulty: new (parts: ValidatorParts) => ValidatorNode) =>
    start({ createValidator: (parts, index) => new (index === 3 ? Faulty : ValidatorNode)(parts) });
  const head = () => network.observer.ledger.head;
  const blocksFrom = (height: number) => network.observer.read(height, 64);
  const confirmed = async () => Number(await contracts.blockCertifier.confirmedHeight());

  afterEach(async () => {
    provider.destroy();
    await network.stop();
  });

  describe("of honest validators", () => {
    beforeEach(() => start());

    it("makes each block in its slot, by the leader of the schedule, with more than two thirds behind it", async () => {
      const first = head().number + 1;
      await network.mine(12);
      const leaders = new Set<string>();
      for (const { block, certificate } of await blocksFrom(first)) {
        expect(block.timestamp).to.equal(network.genesis.genesis + block.slot * SLOT);
        expect(block.miner).to.equal(await contracts.validatorRegistry.leaderAt(block.slot));
        expect(certificate.signatures).to.have.length.of.at.least(3);
        leaders.add(block.miner);
      }
      expect(leaders).to.have.lengthOf(4);
      expect(network.validators.map((validator) => validator.mempool.size)).to.deep.equal([0, 0, 0, 0]);
    });

    it("confirms each block in the next one", async () => {
      for (let made = 0; made < 6; made++) {
        await network.mine();
        expect(await confirmed()).to.equal(head().number - 1);
      }
      const { blockCertifier } = contracts;
      const confirmations = await blockCertifier.queryFilter(blockCertifier.filters.BlockConfirmed());
      // Three decide, and who compares after them has taken part all the same.
      expect(confirmations.map(({ args }) => args.signers)).to.include(0b1111n);
    });

    it("has a transaction in a block when its hash comes back, with its state and events", async () => {
      const { medicalCoin } = contracts;
      const wallet = Wallet.createRandom().address;
      const { hash } = await medicalCoin.mint(wallet, 5n);
      const receipt = await provider.getTransactionReceipt(hash);
      expect(receipt).to.include({ status: 1, blockNumber: head().number });
      expect(await medicalCoin.balanceOf(wallet)).to.equal(5n);
    });

    it("elects when the epoch is over, settles the one before, and goes on with the next set", async () => {
      await network.mine();
      const { epoch } = head().set;
      await network.advance(EPOCH);
      expect(head().set.epoch).to.equal(epoch + 1);
      await network.mine();
      expect(Number(await contracts.blockCertifier.settledEpoch())).to.equal(epoch);
      const [candidate] = head().set.seats;
      const earned = await contracts.validatorRegistry.rewardsOf(candidate?.candidate ?? 0, candidate?.validator ?? "");
      expect(earned > 0n).to.equal(true);
      await network.mine(3);
      expect(await confirmed()).to.equal(head().number - 1);
    });

    it("passes over time that nobody waits for", async () => {
      const before = network.now();
      await network.advance(30 * 86_400);
      expect(network.now()).to.be.at.least(before + 30 * 86_400);
      expect(head().timestamp).to.be.at.least(Math.floor(before) + 30 * 86_400 - SLOT);
      await network.mine(2);
      expect(await confirmed()).to.equal(head().number - 1);
    });

    it("puts what was sent together into one block", async () => {
      const wallets = Array.from({ length: 6 }, () => Wallet.createRandom());
      const signed = await Promise.all(
        wallets.map((wallet) =>
          wallet.signTransaction({
            chainId: 31_337,
            to: wallets[0]?.address ?? null,
            gasLimit: 21_000,
            maxFeePerGas: 0,
            maxPriorityFeePerGas: 0,
          }),
        ),
      );
      const hashes = await Promise.all(signed.map((raw) => provider.send("eth_sendRawTransaction", [raw])));
      const receipts = await Promise.all(hashes.map((hash) => provider.getTransactionReceipt(hash)));
      expect(new Set(receipts.map((receipt) => receipt?.blockNumber))).to.have.length.of.at.most(2);
    });
  });

  describe("with one that is down", () => {
    it("goes on, and the one that comes back catches up by replay", async () => {
      const late: ValidatorNode[] = [];
      await start({
        createValidator: (parts, index) => {
          const node = new (index === 3 ? SleepingValidator__Harness : ValidatorNode)(parts);
          if (index === 3) late.push(node);
          return node;
        },
      });
      await network.mine(70);
      const [sleeper] = late as SleepingValidator__Harness[];
      expect(sleeper?.height).to.be.below(head().number - 60);
      sleeper?.wakeUp();
      await network.mine(2);
      expect(sleeper?.height).to.equal(head().number);
      // A certificate is whole with the first three; the chain also counts who compared a little later.
      const { epoch, seats } = head().set;
      const seat = seats.findIndex(({ validator }) => validator === sleeper?.address);
      const signed = async () => Number((await contracts.blockCertifier.participationOf(epoch, seat)).signed);
      const before = await signed();
      await network.mine(3);
      expect(await signed()).to.be.above(before);
    });

    it("decides, after all have crashed, the block that they were locked on", async () => {
      const nodes: CrashingValidator__Harness[] = [];
      await start({
        createValidator: (parts) => {
          const node = new CrashingValidator__Harness(parts);
          nodes.push(node);
          return node;
        },
      });
      const { number, slot } = head();
      expect(await rejection(network.mine())).to.have.property("name", "NothingDecided");
      for (const node of nodes) await node.crash();
      await network.mine();
      const [decided] = await blocksFrom(number + 1);
      // It keeps the slot in which it was made, though it was decided in a later round.
      expect(decided?.block.slot).to.be.below(slot + 1 + (decided?.certificate.round ?? 0));
      expect(decided?.certificate.round).to.be.above(0);
      await network.mine(2);
      expect(await confirmed()).to.equal(head().number - 1);
    });

    it("makes no block without more than two thirds", async () => {
      await start({
        createValidator: (parts, index) => new (index > 1 ? SleepingValidator__Harness : ValidatorNode)(parts),
      });
      const { number } = head();
      expect(await rejection(network.mine())).to.have.property("name", "NothingDecided");
      expect(head().number).to.equal(number);
    });
  });

  describe("with a faulty one", () => {
    it("outvotes one that lies about the state, and puts it on record", async () => {
      await startWith(LyingValidator__Harness);
      await network.mine(10);
      const disputes = await contracts.blockCertifier.queryFilter(contracts.blockCertifier.filters.DisputeRecorded());
      const liar = network.keys[3]?.address;
      // Once in an epoch: the honest ones' verdicts are all the same.
      expect(disputes).to.have.lengthOf(1);
      expect([disputes[0]?.args.one, disputes[0]?.args.other]).to.include(liar);
      expect(await confirmed()).to.equal(head().number - 1);
    });

    it("signs nothing for a leader that lies about the state", async () => {
      await startWith(LyingLeader__Harness);
      const { number } = head();
      await network.mine(8);
      const blocks = await blocksFrom(number + 1);
      expect(blocks.map(({ block }) => block.miner)).to.not.include(network.keys[3]?.address);
      expect(blocks.at(-1)?.block.slot).to.be.above((blocks[0]?.block.slot ?? 0) + 7);
      expect(lines.join("\n")).to.match(/Refused block \d+ of/);
    });

    for (const Faulty of [EquivocatingValidator__Harness, DoubleProposer__Harness]) {
      it(`slashes one that signs two things, exactly once: ${Faulty.name}`, async () => {
        await startWith(Faulty);
        await network.mine(12);
        const { blockCertifier, validatorRegistry } = contracts;
        const proofs = await blockCertifier.queryFilter(blockCertifier.filters.EquivocationProven());
        const slashes = await validatorRegistry.queryFilter(validatorRegistry.filters.CandidateSlashed());
        expect(proofs.map(({ args }) => args.validator)).to.deep.equal([network.keys[3]?.address]);
        expect(slashes).to.have.lengthOf(1);
        expect(await candidacyOf(validatorRegistry, 4)).to.have.property("status", "Tombstoned");
      });
    }

    it("loses one slot to a leader that is silent", async () => {
      await startWith(SilentLeader__Harness);
      await network.mine();
      const { number, slot } = head();
      await network.mine(8);
      const blocks = await blocksFrom(number + 1);
      const slots = new Set(blocks.map(({ block }) => block.slot));
      for (let at = slot + 1; at < head().slot; at++) {
        const isSilent = (await contracts.validatorRegistry.leaderAt(at)) === network.keys[3]?.address;
        expect(slots.has(at)).to.equal(!isSilent);
      }
    });
  });
});
