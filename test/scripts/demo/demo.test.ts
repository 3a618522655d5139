import { readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { expect } from "chai";
import { folderOf, play } from "./plays.js";

describe("scripts/demo", function () {
  this.timeout(300_000);

  it("says what to do about a folder without patients", async () => {
    let message = "";
    await play(await folderOf(0)).catch((error: Error) => {
      message = error.message;
    });
    expect(message).to.contain("--data");
  });

  it("stops when it is told to, and leaves no files", async () => {
    const before = (await readdir(tmpdir())).filter((name) => name.startsWith("healthchain-demo-"));
    const interrupt = new AbortController();
    const say = (line: string) => {
      if (line.startsWith("== ingest")) interrupt.abort();
    };
    let reason: unknown;
    await play(await folderOf(2), { say, signal: interrupt.signal }).catch((error: unknown) => {
      reason = error;
    });
    expect(reason).to.have.property("name", "AbortError");
    const after = (await readdir(tmpdir())).filter((name) => name.startsWith("healthchain-demo-"));
    expect(after).to.deep.equal(before);
  });
});
