import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { Wallet } from "ethers";
import { type CreateValidator, startValidator, type ValidatorService } from "./validatorService.js";

/** What a validator's process is told, as one line of JSON on its standard input. */
export interface ProcessSettings {
  /** File that holds the validator's private key in hex. It is not told itself: files can be kept from other users. */
  readonly keyFile: string;
  readonly folder: string;
  readonly gateway: string;
}

/** What a validator's process says once it takes part, as one line of JSON on its standard output. */
export interface ProcessReady {
  readonly address: string;
  readonly url: string;
}

/**
 * Runs a validator as a process of its own: told what to do on the standard input, and for as long as that stays open, so
 * that it does not outlive who started it. What it has to say goes to the standard error.
 *
 * @param createNode makes the node; an honest one by default.
 */
export function runValidatorProcess(createNode?: CreateValidator): void {
  let service: Promise<ValidatorService> | undefined;
  const lines = createInterface({ input: process.stdin });
  const say = (line: string) => void process.stderr.write(`${line}\n`);
  const fail = (error: unknown) => {
    say(error instanceof Error ? error.message : String(error));
    process.exit(1);
  };
  const end = async () => {
    await service?.then((running) => running.stop()).catch(fail);
    process.exit(0);
  };

  lines.once("line", (line) => {
    service = start(JSON.parse(line) as ProcessSettings, say, fail, createNode);
    service.then(({ address, url }) => process.stdout.write(`${JSON.stringify({ address, url })}\n`), fail);
  });
  lines.once("close", () => void end());
  process.once("SIGTERM", () => void end());
  // Ctrl-C reaches every process of the terminal; who started this one ends it.
  process.on("SIGINT", () => {});
}

async function start(
  { keyFile, folder, gateway }: ProcessSettings,
  say: (line: string) => void,
  onFatal: (error: unknown) => void,
  createNode: CreateValidator | undefined,
): Promise<ValidatorService> {
  const key = new Wallet((await readFile(keyFile, "utf8")).trim());
  return startValidator({ key, folder, gateway, say, onFatal, ...(createNode && { createNode }) });
}
