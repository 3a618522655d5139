import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { createHardhatRuntimeEnvironment } from "hardhat/hre";
import { HardhatPluginError } from "hardhat/plugins";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import healthchain from "../../tasks/index.js";
import type { ResultOf, Verb } from "./verbs.js";

/** What a command printed, and its exit code. */
export interface CommandOutput {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
}

/** What a verb returned and printed. */
export interface VerbOutput<V extends Verb> {
  readonly result: ResultOf<V>;
  readonly stdout: string;
  readonly stderr: string;
}

const repository = resolve(fileURLToPath(import.meta.url), "../../..");
const hardhat = join(repository, "node_modules/hardhat/dist/src/cli.js");

/** Another project that loads the plugin, with a node of its own: nothing of it touches this repository's folders. */
export class Project {
  readonly folder: string;
  readonly url: string;
  readonly #hre: HardhatRuntimeEnvironment;
  readonly #node: ChildProcess;

  private constructor(folder: string, url: string, hre: HardhatRuntimeEnvironment, node: ChildProcess) {
    this.folder = folder;
    this.url = url;
    this.#hre = hre;
    this.#node = node;
  }

  static async start(): Promise<Project> {
    const folder = await mkdtemp(join(tmpdir(), "healthchain-tasks-"));
    await writeFile(join(folder, "package.json"), JSON.stringify({ name: "another-project", type: "module" }));
    await symlink(join(repository, "node_modules"), join(folder, "node_modules"));
    await writeFile(join(folder, "hardhat.config.ts"), configText);
    const node = startCommand(folder, ["node", "--hostname", "127.0.0.1", "--port", "0"]);
    const url = await addressIn(node);
    const hre = await createHardhatRuntimeEnvironment(
      {
        plugins: [healthchain],
        networks: { chain: { type: "http", chainType: "l1", url } },
      },
      { network: "chain" },
      folder,
    );
    return new Project(folder, url, hre, node);
  }

  /** Runs a verb in this process. */
  async run<V extends Verb>(verb: V, args: Readonly<Record<string, unknown>> = {}): Promise<VerbOutput<V>> {
    const task = this.#hre.tasks.getTask(verb.split(" "));
    const { result, ...printed } = await captured(() => task.run({ json: false, ...args }));
    // Hardhat forgets what a task's action returns.
    return { result: result as ResultOf<V>, ...printed };
  }

  /** Starts a command as a user would type it after `npx hardhat`. */
  start(args: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcess {
    return startCommand(this.folder, [...(args.includes("--network") ? [] : ["--network", "chain"]), ...args], {
      CHAIN_URL: this.url,
      ...env,
    });
  }

  /** Runs such a command to its end. */
  async command(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<CommandOutput> {
    const child = this.start(args, env);
    let stdout = "";
    let stderr = "";
    child.stdout?.on("data", (data) => {
      stdout += data;
    });
    child.stderr?.on("data", (data) => {
      stderr += data;
    });
    const [code] = await once(child, "close");
    return { stdout, stderr, code };
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  async stop(): Promise<void> {
    await ended(this.#node);
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Ends a process that this test started. */
export async function ended(child: ChildProcess, signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill(signal);
  await once(child, "close");
}

/** What `work` fails with, as a user reads it. */
export async function refusal(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (HardhatPluginError.isHardhatPluginError(error)) return error.message;
    throw error;
  }
  throw new Error("Nothing was refused.");
}

/** The first line of a process's output that `pattern` finds something in, and what it finds. */
export async function lineOf(child: ChildProcess, pattern: RegExp): Promise<string> {
  if (child.stdout === null) throw new Error("The process has no output.");
  let complaint = "";
  child.stderr?.on("data", (data) => {
    complaint += data;
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const [, found] = pattern.exec(line) ?? [];
    if (found !== undefined) {
      child.stdout.resume();
      return found;
    }
  }
  throw new Error(`The process ended without ${pattern}: ${complaint}`);
}

const configText = `
import { defineConfig } from "hardhat/config";
import healthchain from ${JSON.stringify(join(repository, "tasks/index.ts"))};

export default defineConfig({
  plugins: [healthchain],
  networks: {
    node: { type: "edr-simulated", chainType: "l1", hardfork: "cancun" },
    chain: { type: "http", chainType: "l1", url: process.env.CHAIN_URL ?? "http://127.0.0.1:1" },
  },
});
`;

function startCommand(folder: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcess {
  // Without what the Hardhat that runs the tests tells its own processes, and CI, under which everybody gets stack traces.
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("HARDHAT_") && name !== "CI");
  const own = Object.fromEntries(inherited);
  return spawn(process.execPath, [hardhat, ...args], { cwd: folder, env: { ...own, ...env } });
}

function addressIn(node: ChildProcess): Promise<string> {
  return lineOf(node, /(http:\/\/127\.0\.0\.1:\d+)/);
}

async function captured(work: () => Promise<unknown>) {
  const printed = { stdout: "", stderr: "" };
  const originals = { stdout: process.stdout.write, stderr: process.stderr.write };
  for (const name of ["stdout", "stderr"] as const) {
    process[name].write = ((chunk: string | Uint8Array) => {
      printed[name] += chunk.toString();
      return true;
    }) as typeof process.stdout.write;
  }
  try {
    return { result: await work(), ...printed };
  } finally {
    process.stdout.write = originals.stdout;
    process.stderr.write = originals.stderr;
  }
}
