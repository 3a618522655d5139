import { expect } from "chai";
import { keccak256, Wallet } from "ethers";
import type { Block } from "../../../../chain/hardhat/block.js";
import { type Certificate, certificateOf, type DecidedBlock } from "../../../../chain/hardhat/decided.js";
import { CertificateInvalid, Ledger, LedgerBroken } from "../../../../chain/hardhat/ledger/ledger.js";
import { BlockInvalid } from "../../../../chain/hardhat/replica/replica.js";
import { MemoryBlockStore } from "../../../../chain/hardhat/store/memoryBlockStore.js";
import { NO_LEADERS, Phase, signStatement } from "../../../../src/consensus/index.js";
import { rejection } from "../../../enrolled.js";
import { beginning } from "../beginning.js";
import { transfer, wallet } from "../blocks.js";

describe("Ledger", function () {
  this.timeout(60_000);
  let keys: readonly Wallet[];
  let store: MemoryBlockStore;
  let ledger: Ledger;
  let nonce = 0;

  const open = async (blocks: MemoryBlockStore) => Ledger.open({ genesis: (await beginning()).genesis, store: blocks });

  beforeEach(async () => {
    const begun = await beginning();
    keys = begun.keys;
    store = new MemoryBlockStore(begun.genesis.blocks.length + 1);
    ledger = await open(store);
    nonce = 0;
  });

  /** The next block, made by the leader of a slot. */
  const build = async (slotsLater = 1): Promise<Block> => {
    const { set, slot } = ledger.head;
    const at = slot + slotsLater;
    const miner = set.seats[set.leaderSeat(at)]?.validator ?? "";
    const transactions = [await transfer(wallet(15), nonce++)];
    return (await ledger.build(at, miner, transactions)).block;
  };
  const sign = async (block: Block, signers: readonly Wallet[], change: object = {}): Promise<Certificate> => {
    const { epoch } = ledger.head.set;
    const vote = {
      epoch,
      height: block.number,
      round: 0,
      phase: Phase.Comparison,
      ...ledger.valueOf(block),
      ...change,
    };
    return certificateOf(await Promise.all(signers.map((key) => signStatement(key, ledger.domain, vote))));
  };
  const decide = async (slotsLater = 1): Promise<DecidedBlock> => {
    const block = await build(slotsLater);
    return { block, certificate: await sign(block, keys.slice(0, 3)) };
  };

  it("adds decided blocks, and has them again after a restart", async () => {
    const made = [await decide(), await decide()].slice(0, 0);
    nonce = 0;
    for (const slotsLater of [1, 1, 5]) {
      const decided = await decide(slotsLater);
      await ledger.append(decided);
      made.push(decided);
    }
    const again = await open(store);
    expect(again.head).to.deep.equal(ledger.head);
    expect(await again.read(ledger.firstHeight, 10)).to.deep.equal(made);
    const { block } = made[2] ?? { block: undefined };
    expect(again.madeOf(ledger.head.number)).to.deep.equal({
      epoch: 1,
      slot: block?.slot,
      seat: again.setOf(1)?.leaderSeat(block?.slot ?? 0),
    });
  });

  it("runs the hash of the leaders on from block to block", async () => {
    expect(ledger.head.leadersHash).to.equal(NO_LEADERS);
    const decided = await decide();
    const { leadersHash } = ledger.valueOf(decided.block);
    await ledger.append(decided);
    expect(ledger.head.leadersHash).to.equal(leadersHash);
    expect(leadersHash).to.not.equal(NO_LEADERS);
  });

  const proofs: Record<string, (block: Block) => Promise<Certificate>> = {
    "of too few": (block) => sign(block, keys.slice(0, 2)),
    "of one who signs twice": async (block) => {
      const { signatures, ...rest } = await sign(block, keys.slice(0, 2));
      return { ...rest, signatures: [...signatures, ...signatures.slice(0, 1)] };
    },
    "of strangers": (block) =>
      sign(
        block,
        [0, 1, 2].map((i) => new Wallet(wallet(i).privateKey)),
      ),
    "with a forged signature": async (block) => {
      const { signatures, ...rest } = await sign(block, keys.slice(0, 3));
      const [first, second, third] = signatures;
      if (!first || !second || !third) throw new Error("There are three.");
      return { ...rest, signatures: [first, second, { ...third, signature: first.signature }] };
    },
    "for another block": (block) => sign(block, keys.slice(0, 3), { blockHash: keccak256("0x01") }),
    "for another state": (block) => sign(block, keys.slice(0, 3), { stateRoot: keccak256("0x01") }),
    "for other leaders": (block) => sign(block, keys.slice(0, 3), { leadersHash: keccak256("0x01") }),
    "of verdicts": (block) => sign(block, keys.slice(0, 3), { phase: Phase.Verdict }),
    "of another epoch": (block) => sign(block, keys.slice(0, 3), { epoch: 2 }),
    "of another height": (block) => sign(block, keys.slice(0, 3), { height: block.number + 1 }),
    "that is empty": async () => certificateOf([]),
  };
  for (const [what, prove] of Object.entries(proofs)) {
    it(`refuses a certificate ${what}`, async () => {
      const { head } = ledger;
      const block = await build();
      const error = await rejection(ledger.append({ block, certificate: await prove(block) }));
      expect(error).to.be.instanceOf(CertificateInvalid);
      expect(ledger.head).to.equal(head);
      expect(store.lastHeight).to.equal(head.number);
    });
  }

  const misfits: Record<string, (block: Block) => Partial<Block>> = {
    "another parent": () => ({ parentHash: keccak256("0x01") }),
    "a slot that is not after its parent's": () => ({ slot: ledger.head.slot }),
    "a time that is not its slot's": ({ timestamp }) => ({ timestamp: timestamp + 1 }),
    "a maker that is not the slot's leader": () => ({ miner: wallet(3).address }),
    "another mix hash": () => ({ mixHash: keccak256("0x01") }),
    "another height": ({ number }) => ({ number: number + 1 }),
  };
  for (const [what, change] of Object.entries(misfits)) {
    it(`refuses a block with ${what}, even if it is signed`, async () => {
      const block = await build();
      const changed = { ...block, ...change(block) };
      const audit = await ledger.audit(changed);
      expect(audit.isValid).to.equal(false);
      const decided = { block: changed, certificate: await sign(changed, keys.slice(0, 3)) };
      expect(await rejection(ledger.append(decided))).to.be.instanceOf(CertificateInvalid);
    });
  }

  it("executes even what a quorum has signed", async () => {
    const block = { ...(await build()), stateRoot: keccak256("0x01") };
    const decided = { block, certificate: await sign(block, keys) };
    expect(await rejection(ledger.append(decided))).to.be.instanceOf(BlockInvalid);
    await ledger.append(await decide());
  });

  it("says so if a block was executed but could not be kept", async () => {
    class FullStore extends MemoryBlockStore {
      override async append(): Promise<void> {
        throw new Error("no space left on device");
      }
    }
    ledger = await open(new FullStore(ledger.firstHeight));
    expect(await rejection(ledger.append(await decide()))).to.be.instanceOf(LedgerBroken);
  });

  it("reads accounts at the head, whatever is speculative on it", async () => {
    const { address } = wallet(15);
    await build();
    expect(await ledger.accountOf(address)).to.have.property("nonce", 0);
    nonce = 0;
    await ledger.append(await decide());
    expect(await ledger.accountOf(address)).to.have.property("nonce", 1);
  });
});
