import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { BlockOutOfOrder, type BlockStore } from "../../../../chain/hardhat/store/blockStore.js";
import { BlockStoreDamaged, BlockStoreInUse, FileBlockStore } from "../../../../chain/hardhat/store/fileBlockStore.js";
import { MemoryBlockStore } from "../../../../chain/hardhat/store/memoryBlockStore.js";
import { rejection } from "../../../enrolled.js";
import { decidedBlock } from "./decidedBlocks.js";

const FIRST = 5;

describe("Block stores", () => {
  let folder: string;
  let file: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "healthchain-test-"));
    file = join(folder, "blocks.jsonl");
  });

  afterEach(() => rm(folder, { recursive: true, force: true }));

  const stores: Record<string, () => Promise<BlockStore>> = {
    MemoryBlockStore: async () => new MemoryBlockStore(FIRST),
    FileBlockStore: () => FileBlockStore.open(file, FIRST),
  };

  const filled = async (store: BlockStore, count: number) => {
    for (let i = 0; i < count; i++) await store.append(decidedBlock(FIRST + i));
    return store;
  };

  for (const [name, open] of Object.entries(stores)) {
    describe(name, () => {
      it("is empty at first", async () => {
        const store = await open();
        expect(store).to.include({ firstHeight: FIRST, lastHeight: FIRST - 1 });
        expect(await store.read(FIRST, 10)).to.deep.equal([]);
        await store.close();
      });

      it("gives back any range", async () => {
        const store = await filled(await open(), 6);
        expect(store.lastHeight).to.equal(FIRST + 5);
        expect(await store.read(FIRST + 2, 2)).to.deep.equal([decidedBlock(FIRST + 2), decidedBlock(FIRST + 3)]);
        expect(await store.read(FIRST + 4, 10)).to.have.lengthOf(2);
        expect(await store.read(0, 2)).to.deep.equal([decidedBlock(FIRST), decidedBlock(FIRST + 1)]);
        expect(await store.read(FIRST + 6, 10)).to.deep.equal([]);
        await store.close();
      });

      it("takes the blocks in order only, and each once", async () => {
        const store = await filled(await open(), 2);
        for (const height of [FIRST, FIRST + 1, FIRST + 3]) {
          expect(await rejection(store.append(decidedBlock(height)))).to.be.instanceOf(BlockOutOfOrder);
        }
        expect(store.lastHeight).to.equal(FIRST + 1);
        await store.close();
      });
    });
  }

  describe("FileBlockStore", () => {
    const reopened = () => FileBlockStore.open(file, FIRST);

    it("has after a restart what it had before, also beyond a megabyte", async () => {
      const store = await filled(await reopened(), 3);
      await store.append(decidedBlock(FIRST + 3, 600_000));
      await store.append(decidedBlock(FIRST + 4));
      await store.close();
      const again = await reopened();
      expect(await again.read(FIRST, 10)).to.deep.equal([
        ...[0, 1, 2].map((i) => decidedBlock(FIRST + i)),
        decidedBlock(FIRST + 3, 600_000),
        decidedBlock(FIRST + 4),
      ]);
      await again.close();
    });

    it("cuts off a last line that is torn, wherever it is torn, and goes on", async () => {
      await (await filled(await reopened(), 2)).close();
      const whole = await readFile(file);
      const torn = Buffer.from(JSON.stringify(decidedBlock(FIRST + 2)));
      for (const length of [1, 100, torn.length]) {
        await writeFile(file, whole);
        await appendFile(file, torn.subarray(0, length));
        const store = await reopened();
        expect(store.lastHeight).to.equal(FIRST + 1);
        await store.append(decidedBlock(FIRST + 2));
        expect(await store.read(FIRST + 2, 1)).to.deep.equal([decidedBlock(FIRST + 2)]);
        await store.close();
      }
    });

    it("says which block is damaged", async () => {
      await (await filled(await reopened(), 3)).close();
      const lines = (await readFile(file, "utf8")).split("\n");
      for (const damaged of [lines[1]?.replace("parentHash", "patentHash"), lines[0], "{}"]) {
        await writeFile(file, [lines[0], damaged, lines[2], ""].join("\n"));
        const store = await reopened();
        expect(await rejection(store.read(FIRST, 3)))
          .to.be.instanceOf(BlockStoreDamaged)
          .with.property("message")
          .that.includes(`block ${FIRST + 1}.`);
        await store.close();
      }
    });

    it("is one node's at a time, so that no other cuts off what is being written", async () => {
      const store = await filled(await reopened(), 1);
      expect(await rejection(reopened())).to.be.instanceOf(BlockStoreInUse);
      await store.append(decidedBlock(FIRST + 1));
      await store.close();
      expect(await (await reopened()).read(FIRST, 9)).to.have.length(2);
    });

    it("is for its user's eyes only", async () => {
      await (await reopened()).close();
      const { mode } = await import("node:fs/promises").then(({ stat }) => stat(file));
      expect(mode & 0o077).to.equal(0);
    });
  });
});
