import { join } from "node:path";
import { expect } from "chai";
import { Kysely, sql } from "kysely";
import { NodeSqliteDialect } from "../../../database/storage/sqlite.js";
import { rejection, temporaryFolder } from "../world.js";

interface Notes {
  notes: { id: number; text: string; bytes: Uint8Array | null };
}

describe("kysely over node:sqlite", () => {
  const folder = temporaryFolder();
  let db: Kysely<Notes>;

  before(async () => {
    db = new Kysely<Notes>({ dialect: new NodeSqliteDialect(join(folder.path, "notes.sqlite")) });
    await sql`CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL, bytes BLOB)`.execute(db);
  });
  after(async () => {
    await db.destroy();
    folder.remove();
  });
  beforeEach(() => db.deleteFrom("notes").execute());

  it("returns rows of queries and of RETURNING, and counts of the rest", async () => {
    const inserted = await db.insertInto("notes").values({ id: 1, text: "a", bytes: null }).returningAll().execute();
    expect(inserted.map(({ text }) => text)).to.deep.equal(["a"]);
    const updated = await db.updateTable("notes").set({ text: "b" }).executeTakeFirstOrThrow();
    expect(updated.numUpdatedRows).to.equal(1n);
    expect((await db.selectFrom("notes").selectAll().execute()).map(({ text }) => text)).to.deep.equal(["b"]);
  });

  it("gives bytes back as they were", async () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, value) => value);
    await db.insertInto("notes").values({ id: 1, text: "", bytes }).execute();
    const row = await db.selectFrom("notes").select("bytes").executeTakeFirstOrThrow();
    expect(Buffer.from(row.bytes ?? []).equals(bytes)).to.equal(true);
  });

  it("leaves nothing of a transaction that fails", async () => {
    const failing = db.transaction().execute(async (transaction) => {
      await transaction.insertInto("notes").values({ id: 1, text: "a", bytes: null }).execute();
      await transaction.insertInto("notes").values({ id: 1, text: "again", bytes: null }).execute();
    });
    expect(await rejection(failing)).to.be.instanceOf(Error);
    expect(await db.selectFrom("notes").selectAll().execute()).to.deep.equal([]);
  });

  it("lets transactions wait for each other, so that none loses the other's writes", async () => {
    await db.insertInto("notes").values({ id: 1, text: "", bytes: null }).execute();
    const append = (letter: string) =>
      db.transaction().execute(async (transaction) => {
        const { text } = await transaction.selectFrom("notes").select("text").executeTakeFirstOrThrow();
        await new Promise(setImmediate);
        await transaction
          .updateTable("notes")
          .set({ text: text + letter })
          .execute();
      });
    await Promise.all(Array.from("abcdef", append));
    expect((await db.selectFrom("notes").select("text").executeTakeFirstOrThrow()).text).to.equal("abcdef");
  });

  it("keeps what was committed through a loss of power, and forgets what was deleted", async () => {
    const pragma = async (name: string) => {
      const { rows } = await sql<Record<string, unknown>>`PRAGMA ${sql.raw(name)}`.execute(db);
      return rows[0]?.[name];
    };
    expect(await pragma("journal_mode")).to.equal("wal");
    expect(await pragma("synchronous")).to.equal(2);
    expect(await pragma("secure_delete")).to.equal(1);
    expect(await pragma("foreign_keys")).to.equal(1);
  });
});
