import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { keccak256 } from "ethers";
import { FileLockStore, type LockedProposal, MemoryLockStore } from "../../../../chain/hardhat/store/lockStore.js";
import { Phase } from "../../../../src/consensus/index.js";
import { wallet } from "../blocks.js";
import { decidedBlock } from "./decidedBlocks.js";

const value = { blockHash: keccak256("0x01"), stateRoot: keccak256("0x02"), leadersHash: keccak256("0x03") };
const signed = { signer: wallet(0).address, signature: `0x${"22".repeat(65)}` };
const locked: LockedProposal = {
  proposal: { statement: { epoch: 1, height: 9, round: 2, validRound: -1, ...value }, ...signed },
  block: decidedBlock(9).block,
  verdicts: [{ statement: { epoch: 1, height: 9, round: 2, phase: Phase.Verdict, ...value }, ...signed }],
};

describe("Lock stores", () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "healthchain-test-"));
  });

  afterEach(() => rm(folder, { recursive: true, force: true }));

  it("keep the last proposal", async () => {
    for (const store of [new MemoryLockStore(), new FileLockStore(join(folder, "locked.json"))]) {
      expect(await store.read()).to.equal(undefined);
      await store.keep({ ...locked, verdicts: [] });
      await store.keep(locked);
      expect(await store.read()).to.deep.include(locked);
    }
    expect(await new FileLockStore(join(folder, "locked.json")).read()).to.deep.include(locked);
  });

  it("take a damaged file for none: the other validators have the proposal too", async () => {
    const file = join(folder, "locked.json");
    for (const text of ["", "{", '{"kind":"vote"}', '{"kind":"proposal"}']) {
      await writeFile(file, text);
      expect(await new FileLockStore(file).read()).to.equal(undefined);
    }
  });
});
