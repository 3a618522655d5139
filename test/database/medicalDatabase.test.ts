import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect } from "chai";
import { InstitutionMismatch } from "../../database/institutionKeys.js";
import { KeyUnwrapFailed } from "../../database/keyring.js";
import {
  type InstitutionOptions,
  InstitutionOptionsInvalid,
  openMedicalDatabase,
} from "../../database/medicalDatabase.js";
import { StorageUnusable } from "../../database/storage/errors.js";
import { rejection, temporaryFolder } from "./world.js";

describe("an institution's file", () => {
  const folder = temporaryFolder();
  const kek = randomBytes(32);
  const options = (fields: Partial<InstitutionOptions> = {}): InstitutionOptions => ({
    number: 7,
    name: "Fernhollow General",
    organization: { system: "http://registry.example/org", value: "7" },
    file: join(folder.path, "seven.sqlite"),
    kek,
    ...fields,
  });
  after(() => folder.remove());

  it("keeps its keys over a restart, and finds the same things by them", async () => {
    const first = await openMedicalDatabase(options());
    const index = first.keys.indexOf("section", "Patient", "1");
    await first.close();
    const again = await openMedicalDatabase(options());
    expect(again.keys.indexOf("section", "Patient", "1")).to.deep.equal(index);
    await again.close();
  });

  it("is not opened with another key, nor for another institution", async () => {
    expect(await rejection(openMedicalDatabase(options({ kek: randomBytes(32) })))).to.be.instanceOf(KeyUnwrapFailed);
    expect(await rejection(openMedicalDatabase(options({ number: 8 })))).to.be.instanceOf(InstitutionMismatch);
  });

  it("holds neither the key-encryption key nor any key in the clear", () => {
    expect(readFileSync(options().file).includes(kek)).to.equal(false);
  });

  it("is for its owner only, with what SQLite keeps beside it", async () => {
    const file = join(folder.path, "private.sqlite");
    const { close } = await openMedicalDatabase(options({ file }));
    for (const name of [file, `${file}-wal`, `${file}-shm`]) {
      expect(statSync(name).mode & 0o777, name).to.equal(0o600);
    }
    await close();
  });

  it("is left alone when it is something else", async () => {
    const letter = join(folder.path, "letter.txt");
    writeFileSync(letter, "Dear colleague, ".repeat(100));
    const cookbook = join(folder.path, "cookbook.sqlite");
    const recipes = new DatabaseSync(cookbook);
    recipes.exec("CREATE TABLE recipes (name TEXT)");
    recipes.close();
    for (const file of [letter, cookbook]) {
      const before = readFileSync(file);
      expect(await rejection(openMedicalDatabase(options({ file })))).to.be.instanceOf(StorageUnusable);
      expect(readFileSync(file)).to.deep.equal(before);
    }
  });

  it("is not made where there is no folder", async () => {
    const file = join(folder.path, "nowhere", "seven.sqlite");
    expect(await rejection(openMedicalDatabase(options({ file })))).to.be.instanceOf(StorageUnusable);
  });

  it("gets the tables that came later", async () => {
    const file = join(folder.path, "earlier.sqlite");
    await (await openMedicalDatabase(options({ file }))).close();
    const earlier = new DatabaseSync(file);
    for (const table of ["delivered_records", "deliveries", "exports"]) earlier.exec(`DROP TABLE ${table}`);
    earlier.exec("DELETE FROM kysely_migration WHERE name = '0002-deliveries'");
    earlier.close();
    const { storage, close } = await openMedicalDatabase(options({ file }));
    for (const table of ["delivered_records", "deliveries", "exports"] as const) {
      expect(await storage.selectFrom(table).selectAll().execute()).to.be.empty;
    }
    await close();
  });

  it("has the tables of a later version refused", async () => {
    const file = join(folder.path, "later.sqlite");
    await (await openMedicalDatabase(options({ file }))).close();
    const later = new DatabaseSync(file);
    later.exec("INSERT INTO kysely_migration VALUES ('9999-later', '2030-01-01')");
    later.close();
    expect(await rejection(openMedicalDatabase(options({ file })))).to.be.instanceOf(StorageUnusable);
  });

  it("is not made for a number that no institution has", async () => {
    for (const number of [0, -1, 1.5, 65_536, Number.NaN]) {
      const file = join(folder.path, "none.sqlite");
      expect(await rejection(openMedicalDatabase(options({ number, file })))).to.be.instanceOf(
        InstitutionOptionsInvalid,
      );
      expect(existsSync(file)).to.equal(false);
    }
  });

  it("tells kinds and boundaries of what it looks up apart", async () => {
    const { keys, close } = await openMedicalDatabase(options());
    const indexes = [
      keys.indexOf("section", "Patient", "12"),
      keys.indexOf("copy", "Patient", "12"),
      keys.indexOf("section", "Patient1", "2"),
      keys.indexOf("section", "Patient12"),
      keys.indexOf("section", "Patient", "12", ""),
    ].map((index) => Buffer.from(index).toString("hex"));
    expect(new Set(indexes)).to.have.property("size", indexes.length);
    await close();
  });
});
