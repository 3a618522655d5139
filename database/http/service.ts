import type { ChainView } from "../chainView.js";
import type { LoginRules } from "../login.js";
import type { MedicalDatabase } from "../medicalDatabase.js";
import type { WalletDirectory } from "../walletDirectory.js";

/** What the routes stand on. */
export interface Service {
  /** By number. */
  readonly institutions: ReadonlyMap<number, MedicalDatabase>;
  readonly chain: ChainView;
  readonly wallets: WalletDirectory;
  readonly clock: () => Date;
  /** The service's address without a path, `http://127.0.0.1:8080`; known once it listens. */
  readonly origin: () => string;
  /** How long a token lasts, in milliseconds. */
  readonly sessionLifetime: number;
  /** Requests of one client address in a minute. */
  readonly requestsPerMinute: number;
  /** The proxies whose `X-Forwarded-For` is believed, see `checkedProxies`; none if left out. */
  readonly trustProxy?: readonly string[];
  /** Told of every error that is the service's fault. */
  readonly onError: (error: unknown) => void;
}

/** An institution's FHIR base. */
export function fhirBaseOf({ origin }: Service, { institution }: MedicalDatabase): string {
  return `${origin()}/${institution.number}/fhir`;
}

/** What a login at an institution must be signed for. */
export function loginRulesOf(service: Service, database: MedicalDatabase): LoginRules {
  const { origin, sessionLifetime } = service;
  return { domain: new URL(origin()).host, uri: fhirBaseOf(service, database), sessionLifetime };
}
