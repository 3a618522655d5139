import { relative } from "node:path";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { AccountCenterDirectory, startDatabase, startRounds } from "../../database/index.js";
import type { AccountStore } from "../../src/accounts/index.js";
import { ArgumentInvalid } from "../arguments/argumentInvalid.js";
import { durationArgument } from "../arguments/time.js";
import { type Deployment, openDeployment } from "../deployment.js";
import { printProgress, printResult } from "../result.js";
import { signerOf } from "../signer.js";
import { withStore } from "../store.js";
import { type InstitutionArguments, institutionOf, institutionsIn, type ServedInstitution } from "./institutions.js";

interface ServeArguments extends InstitutionArguments {
  readonly institutions: string | undefined;
  readonly store: string | undefined;
  readonly host: string;
  readonly port: number;
  readonly publicUrl: string | undefined;
  readonly trustProxy: string | undefined;
  readonly maxBlockAge: string;
  readonly finality: string;
  readonly enrollEvery: string;
  readonly from: string;
  readonly json: boolean;
}

const YEAR = 365 * 86_400_000;

export default async function serve(args: ServeArguments, hre: HardhatRuntimeEnvironment) {
  const institutions =
    args.institutions === undefined ? [await institutionOf(args)] : await institutionsIn(args.institutions);
  const timing = timingOf(args);
  const deployment = await openDeployment(hre);
  await withStore(hre, args.store, (store) =>
    serveUntilStopped({ ...args, ...timing }, deployment, institutions, store),
  );
  return undefined;
}

async function serveUntilStopped(
  args: Omit<ServeArguments, keyof Timing> & Timing,
  { connection, contracts, addresses }: Deployment,
  institutions: readonly ServedInstitution[],
  store: AccountStore,
): Promise<void> {
  const { host, port, publicUrl, trustProxy, maxBlockAge, finality } = args;
  const walletDirectory = new AccountCenterDirectory({
    store,
    accountCenter: contracts.accountCenter,
    registrar: await signerOf(connection, args.from),
    attending: new Map(institutions.flatMap(({ number, attending }) => (attending ? [[number, attending]] : []))),
    expires: (now) => new Date(now.getTime() + YEAR),
  });
  const running = await startDatabase({
    host,
    port,
    ...(publicUrl !== undefined && { publicUrl }),
    ...(trustProxy !== undefined && { trustProxy }),
    institutions,
    chain: { provider: connection.ethers.provider, addresses, maxBlockAge, finality },
    walletDirectory,
    onError: printError,
  });
  const rounds = startRounds(args.enrollEvery, (signal) => walletDirectory.enrollRound(signal), printError);
  const served = institutions.map(({ number, name, file }) => ({
    number,
    name,
    file: relative(process.cwd(), file),
  }));
  printResult({ url: running.url, institutions: served }, args.json);
  printProgress("Press Ctrl-C to stop.");
  await stopSignal();
  printProgress("Stopping: answering what has begun ...");
  await rounds.stop();
  await running.close();
}

function printError(error: unknown): void {
  printProgress(error instanceof Error ? error.message : String(error));
}

interface Timing {
  /** In seconds. */
  readonly maxBlockAge: number;
  readonly finality: "latest" | "finalized";
  /** In seconds. */
  readonly enrollEvery: number;
}

const WEEK = 7 * 86_400;

/** @throws {ArgumentInvalid} */
function timingOf({ maxBlockAge, finality, enrollEvery }: ServeArguments): Timing {
  if (finality !== "latest" && finality !== "finalized") throw new ArgumentInvalid(finality, "latest or finalized");
  return {
    maxBlockAge: maxBlockAge === "none" ? Number.POSITIVE_INFINITY : withinAWeek(maxBlockAge),
    finality,
    enrollEvery: withinAWeek(enrollEvery),
  };
}

function withinAWeek(text: string): number {
  const seconds = durationArgument(text);
  if (seconds < 1 || seconds > WEEK) throw new ArgumentInvalid(text, "a duration from 1s to 7d");
  return seconds;
}

/** Waits for Ctrl-C, or for the signal with which systems stop services. */
function stopSignal(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  process.once("SIGINT", () => resolve());
  process.once("SIGTERM", () => resolve());
  return promise;
}
