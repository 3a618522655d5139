import { expect } from "chai";
import { keccak256 } from "ethers";
import { type Genesis, GenesisInvalid, readGenesis } from "../../../../chain/hardhat/genesis/genesis.js";
import { Ledger } from "../../../../chain/hardhat/ledger/ledger.js";
import { MemoryBlockStore } from "../../../../chain/hardhat/store/memoryBlockStore.js";
import { rejection } from "../../../enrolled.js";
import { beginning, SLOT } from "../beginning.js";

describe("The genesis", function () {
  this.timeout(60_000);
  let genesis: Genesis;
  let validators: string[];

  before(async () => {
    const begun = await beginning();
    genesis = begun.genesis;
    validators = begun.keys.map(({ address }) => address);
  });

  const open = (changed: Genesis) =>
    Ledger.open({ genesis: changed, store: new MemoryBlockStore(changed.blocks.length + 1) });

  it("has its blocks in ascending slots, before the present", () => {
    const slots = genesis.blocks.map(({ slot }) => slot);
    expect(slots).to.deep.equal(genesis.blocks.map((_, index) => index + 1));
    for (const { slot, timestamp } of genesis.blocks) expect(timestamp).to.equal(genesis.genesis + slot * SLOT);
    expect(genesis.blocks.at(-1)?.timestamp).to.be.below(Date.now() / 1_000);
  });

  it("elects the validators, and no two of them hold a third", async () => {
    const { head } = await open(readGenesis(JSON.parse(JSON.stringify(genesis))));
    expect(head.set.seats.map(({ validator }) => validator)).to.deep.equal(validators);
    expect(head.set.seats.map(({ candidate }) => candidate)).to.deep.equal([1, 2, 3, 4]);
    for (const { power } of head.set.seats) expect(head.set.isSome(power)).to.equal(false);
    expect(head.number).to.equal(genesis.blocks.length);
  });

  it("is replayed, and refused if it is not what its replay gives", async () => {
    const blocks = genesis.blocks.map((block, index) =>
      index === 20 ? { ...block, stateRoot: keccak256("0x01") } : block,
    );
    const changes: Partial<Genesis>[] = [
      { hash: keccak256("0x01") },
      { genesis: genesis.genesis + 1 },
      { blocks },
      { blocks: genesis.blocks.toSpliced(10, 1) },
      { blocks: genesis.blocks.slice(0, -1) },
    ];
    for (const change of changes) {
      expect(await rejection(open({ ...genesis, ...change }))).to.be.instanceOf(GenesisInvalid);
    }
  });

  it("is refused if it is malformed", () => {
    const changes = [
      { genesis: -1 },
      { slotTime: 0 },
      { blocks: [] },
      { blocks: [{}] },
      { blocks: 5 },
      { contracts: { ...genesis.contracts, blockCertifier: "0x1" } },
      { contracts: undefined },
    ];
    for (const change of changes) expect(() => readGenesis({ ...genesis, ...change })).to.throw(GenesisInvalid);
    expect(() => readGenesis(null)).to.throw(GenesisInvalid);
  });
});
