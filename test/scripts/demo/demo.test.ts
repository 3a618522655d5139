import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
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
    const folder = await folderOf(2);
    // Its own temporary folder: another demo beside it may come and go.
    const [before, own] = [process.env.TMPDIR, await mkdtemp(join(tmpdir(), "healthchain-"))];
    process.env.TMPDIR = own;
    const interrupt = new AbortController();
    const say = (line: string) => {
      if (line.startsWith("== ingest")) interrupt.abort();
    };
    let reason: unknown;
    const interrupted = play(folder, { say, signal: interrupt.signal }).catch((error: unknown) => {
      reason = error;
    });
    await interrupted.finally(() => {
      if (before === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = before;
    });
    expect(reason).to.have.property("name", "AbortError");
    expect(await readdir(own)).to.deep.equal([]);
    await rm(own, { recursive: true });
  });
});
