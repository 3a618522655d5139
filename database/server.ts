import type { FastifyInstance } from "fastify";
import { type ChainOptions, ChainView } from "./chainView.js";
import { createApp } from "./http/app.js";
import {
  type InstitutionOptions,
  InstitutionOptionsInvalid,
  type MedicalDatabase,
  openMedicalDatabase,
} from "./medicalDatabase.js";
import { checkedProxies } from "./trustedProxies.js";
import type { WalletDirectory } from "./walletDirectory.js";

/** How a service is started. */
export interface DatabaseOptions {
  /** 0 to 65,535; 0 for a free one. */
  readonly port: number;
  /** Address to listen on, `127.0.0.1` by default. */
  readonly host?: string;
  /** The address under which clients reach the service, without a path, when it is behind a proxy. Logins are signed for it. */
  readonly publicUrl?: string;
  /** Whose records are kept here; each has a file of its own. */
  readonly institutions: readonly InstitutionOptions[];
  readonly chain: ChainOptions;
  readonly walletDirectory: WalletDirectory;
  /** The present; the system's clock by default. */
  readonly clock?: () => Date;
  /** How long a token lasts, in seconds; 600 by default. */
  readonly sessionLifetime?: number;
  /** Requests of one client address in a minute; 1,200 by default. */
  readonly requestsPerMinute?: number;
  /**
   * The proxies whose `X-Forwarded-For` is believed, so that each of their clients has a limit of its own: addresses, networks such as
   * `10.0.0.0/8`, or `loopback`, separated by commas. By default none is, for whoever reaches the service could write what he likes.
   */
  readonly trustProxy?: string;
  /** Told of every error that is the service's fault; by default nobody is. */
  readonly onError?: (error: unknown) => void;
}

/** A running service. */
export interface RunningDatabase {
  /** Its address, without a path and a slash at the end. */
  readonly url: string;
  /** The databases that it serves, by the institution's number. */
  readonly institutions: ReadonlyMap<number, MedicalDatabase>;
  /** Answers what has begun, then closes all files. Closing again does nothing. */
  close(): Promise<void>;
}

/**
 * Starts the medical databases of one or more institutions behind one HTTP address.
 *
 * @throws InstitutionOptionsInvalid, InvalidKeyEncryptionKey, InvalidChainOptions, InvalidTrustProxy, StorageUnusable,
 * InstitutionMismatch, KeyUnwrapFailed, ChainUnavailable, or what the system says when the port is taken; then nothing is left open
 */
export async function startDatabase(options: DatabaseOptions): Promise<RunningDatabase> {
  const { port, host = "127.0.0.1", publicUrl = "" } = options;
  const institutions = await openAll(options.institutions);
  let origin = publicUrl.replace(/\/+$/, "");
  const app = await appOver(institutions, options, () => origin);
  try {
    const url = await app.listen({ port, host });
    origin ||= url;
    return { url, institutions, close: async () => void (await app.close()) };
  } catch (error) {
    await app.close();
    throw error;
  }
}

async function appOver(
  institutions: RunningDatabase["institutions"],
  options: DatabaseOptions,
  origin: () => string,
): Promise<FastifyInstance> {
  const { walletDirectory, trustProxy, sessionLifetime = 600, requestsPerMinute = 1_200 } = options;
  try {
    const app = await createApp({
      institutions,
      chain: await ChainView.open(options.chain),
      wallets: walletDirectory,
      clock: options.clock ?? (() => new Date()),
      origin,
      sessionLifetime: sessionLifetime * 1000,
      requestsPerMinute,
      ...(trustProxy === undefined ? {} : { trustProxy: checkedProxies(trustProxy) }),
      onError: options.onError ?? (() => undefined),
    });
    app.addHook("onClose", () => closeAll(institutions));
    return app;
  } catch (error) {
    await closeAll(institutions);
    throw error;
  }
}

async function openAll(options: readonly InstitutionOptions[]): Promise<RunningDatabase["institutions"]> {
  const open = new Map<number, MedicalDatabase>();
  try {
    for (const one of options) {
      if (open.has(one.number)) throw new InstitutionOptionsInvalid(`Give institution ${one.number} once`);
      open.set(one.number, await openMedicalDatabase(one));
    }
    return open;
  } catch (error) {
    await closeAll(open);
    throw error;
  }
}

async function closeAll(institutions: RunningDatabase["institutions"]): Promise<void> {
  for (const database of institutions.values()) await database.close();
}
