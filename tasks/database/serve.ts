import { relative } from "node:path";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { AccountCenterDirectory } from "../../database/accountCenterDirectory.js";
import { startDatabase } from "../../database/index.js";
import type { AccountStore } from "../../src/accounts/index.js";
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
  readonly from: string;
  readonly json: boolean;
}

const YEAR = 365 * 86_400_000;

export default async function serve(args: ServeArguments, hre: HardhatRuntimeEnvironment) {
  const institutions =
    args.institutions === undefined ? [await institutionOf(args)] : await institutionsIn(args.institutions);
  const deployment = await openDeployment(hre);
  await withStore(hre, args.store, (store) => serveUntilStopped(args, deployment, institutions, store));
  return undefined;
}

async function serveUntilStopped(
  args: ServeArguments,
  { connection, contracts, addresses }: Deployment,
  institutions: readonly ServedInstitution[],
  store: AccountStore,
): Promise<void> {
  const { host, port, publicUrl } = args;
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
    institutions,
    chain: { provider: connection.ethers.provider, addresses },
    walletDirectory,
    onError: (error) => printProgress(error instanceof Error ? error.message : String(error)),
  });
  const served = institutions.map(({ number, name, file }) => ({
    number,
    name,
    file: relative(process.cwd(), file),
  }));
  printResult({ url: running.url, institutions: served }, args.json);
  printProgress("Press Ctrl-C to stop.");
  await stopSignal();
  printProgress("Stopping: answering what has begun ...");
  await running.close();
}

/** Waits for Ctrl-C, or for the signal with which systems stop services. */
function stopSignal(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  process.once("SIGINT", () => resolve());
  process.once("SIGTERM", () => resolve());
  return promise;
}
