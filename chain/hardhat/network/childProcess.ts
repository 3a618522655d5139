import { type ChildProcessByStdio, spawn } from "node:child_process";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { pathToFileURL } from "node:url";
import type { ProcessReady, ProcessSettings } from "./validatorProcess.js";

/** The validator's process ended before it took part. */
export class ValidatorNotStarted extends Error {
  override readonly name = "ValidatorNotStarted";

  constructor(reason: string) {
    super(`A validator could not be started: ${reason}`);
  }
}

/** How to run a validator's process. */
export interface ChildOptions {
  /** The program. */
  readonly program: URL;
  readonly settings: ProcessSettings;
  /** Hears what the process says on its standard error, a line at a time. */
  readonly say: (line: string) => void;
}

/** Milliseconds that a process has to end. */
const STOP_TIMEOUT = 5_000;

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/** A validator's process. */
export class ValidatorProcess {
  readonly address: string;
  /** Resolves with how it ended, in words. */
  readonly ended: Promise<string>;
  readonly #child: Child;

  private constructor(child: Child, { address }: ProcessReady, ended: Promise<string>) {
    this.#child = child;
    this.address = address;
    this.ended = ended;
  }

  /**
   * Starts one, and waits until it takes part.
   *
   * @throws {ValidatorNotStarted}
   */
  static async start({ program, settings, say }: ChildOptions): Promise<ValidatorProcess> {
    const child = spawn(process.execPath, [...loaderFor(program), program.pathname], {
      stdio: ["pipe", "pipe", "pipe"],
    });
    const ended = new Promise<string>((resolve) => {
      child.once("exit", (code, signal) => resolve(signal === null ? `exit code ${code}` : `signal ${signal}`));
      child.once("error", (error) => resolve(error.message));
    });
    const last = { line: "" };
    createInterface({ input: child.stderr }).on("line", (line) => {
      last.line = line;
      say(line);
    });
    // A process that has ended reads nothing more; `ended` tells of that.
    child.stdin.on("error", () => {});
    child.stdin.write(`${JSON.stringify(settings)}\n`);
    const ready = await Promise.race([firstLine(child.stdout), ended]);
    if (typeof ready === "string") throw new ValidatorNotStarted(last.line || ready);
    return new ValidatorProcess(child, ready, ended);
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Ends the process properly, or on the spot if it does not react. */
  async stop(): Promise<void> {
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), STOP_TIMEOUT);
    this.#child.stdin.end();
    await this.ended;
    clearTimeout(timer);
  }

  /** Ends the process on the spot, as a power failure would. */
  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.ended;
  }
}

function firstLine(output: Readable): Promise<ProcessReady> {
  return new Promise((resolve) => {
    createInterface({ input: output }).once("line", (line) => resolve(JSON.parse(line) as ProcessReady));
  });
}

/** From the published package the program is JavaScript; from source it is TypeScript, which Hardhat's own loader takes. */
function loaderFor(program: URL): string[] {
  if (!program.pathname.endsWith(".ts")) return [];
  const fromHardhat = createRequire(createRequire(import.meta.url).resolve("hardhat"));
  return ["--import", pathToFileURL(fromHardhat.resolve("tsx")).href];
}
