import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { SigningGuardInUse } from "../../../src/consensus/guard/errors.js";
import { FileSigningGuard } from "../../../src/consensus/guard/fileSigningGuard.js";
import { AlreadySigned } from "../../../src/consensus/guard/signingRecord.js";
import { rejection } from "../../enrolled.js";
import { B } from "../validators.js";
import { signingKey, vote } from "./key.js";

const script = fileURLToPath(new URL("signing.ts", import.meta.url));

function startSigning(file: string): {
  child: ChildProcess;
  lines: () => string[];
  said: (text: RegExp) => Promise<void>;
} {
  const child = spawn(process.execPath, ["--import", "tsx", script, file], {
    cwd: dirname(script),
    stdio: ["ignore", "pipe", "inherit"],
    timeout: 30_000,
    killSignal: "SIGKILL",
  });
  let output = "";
  child.stdout?.on("data", (chunk: Buffer) => {
    output += chunk.toString();
  });
  const said = async (text: RegExp) => {
    while (!text.test(output)) await once(child.stdout ?? child, "data");
  };
  return { child, lines: () => output.split("\n").slice(0, -1), said };
}

describe("consensus/guard/fileSigningGuard in several processes", function () {
  this.timeout(60_000);
  let folder: string;
  let file: string;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "guard-"));
    file = join(folder, "guard.json");
    await (await FileSigningGuard.create({ file, ...signingKey })).close();
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  it("is one process's at a time, and free when that is killed", async () => {
    const { child, said } = startSigning(file);
    await said(/^0 /m);
    const error = await rejection(FileSigningGuard.open({ file, ...signingKey }));
    expect(error).to.be.instanceOf(SigningGuardInUse).with.property("message").that.includes("Stop the other node");
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
    await (await FileSigningGuard.open({ file, ...signingKey })).close();
  });

  it("refuses a second process while this one has it", async () => {
    const guard = await FileSigningGuard.open({ file, ...signingKey });
    const { child, lines } = startSigning(file);
    await once(child, "exit");
    expect(lines()).to.deep.equal(["SigningGuardInUse"]);
    await guard.close();
  });

  it("remembers every signature that left, wherever the process was killed", async () => {
    const { child, lines, said } = startSigning(file);
    await said(/^20 /m);
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;

    const [round = "", signature = ""] = (lines().at(-1) ?? "").split(" ");
    const guard = await FileSigningGuard.open({ file, ...signingKey });
    expect(await rejection(guard.signVote(vote({ round: Number(round), ...B })))).to.be.instanceOf(AlreadySigned);
    const same = await guard.signVote(vote({ round: Number(round) })).catch((error: unknown) => error);
    // It may have kept one more than it could say.
    if (!(same instanceof AlreadySigned)) expect(same).to.have.property("signature", signature);
    await guard.signVote(vote({ round: Number(round) + 2, ...B }));
    await guard.close();
  });
});
