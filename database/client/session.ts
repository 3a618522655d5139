import type { Signer } from "ethers";
import { SiweMessage } from "siwe";
import { readSource } from "../../src/records/index.js";
import { isJsonObject, type JsonObject, objectsIn, stringIn } from "../../src/records/json.js";
import type { PurposeOfUseCode } from "../../src/records/purposeOfUse.js";
import { PURPOSE_PREFIX } from "../login.js";

/** Thrown when a medical database refuses. The message is what it said. */
export class DatabaseRefused extends Error {
  override readonly name = "DatabaseRefused";
  /** HTTP status. */
  readonly status: number;
  /** Code of the OperationOutcome's issue. */
  readonly code: string;
  /** The decision on chain, such as `NoConsent`, or why a login was refused, such as `not-certified`, when that is why. */
  readonly decision: string | undefined;

  constructor(status: number, outcome: unknown) {
    const [issue] = objectsIn(isJsonObject(outcome) ? outcome.issue : undefined);
    const code = stringIn(issue, "code") ?? "unknown";
    super(stringIn(issue?.details, "text") ?? `The medical database answered with HTTP status ${status}`);
    this.status = status;
    this.code = code;
    const [coding] = objectsIn(isJsonObject(issue?.details) ? issue.details.coding : undefined);
    this.decision = stringIn(coding, "code");
  }
}

/** Thrown when an address does not answer as a medical database does. */
export class NotAMedicalDatabase extends Error {
  override readonly name = "NotAMedicalDatabase";

  constructor(address: string, cause: unknown) {
    super(`${address} does not answer as a medical database does: check the address, and that the service runs`, {
      cause,
    });
  }
}

/** How a session is opened. */
export interface SessionOptions {
  /** Address of the service without a path, such as `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Number of the institution. */
  readonly institution: number;
  /** The certified wallet that logs in. */
  readonly signer: Signer;
  readonly purpose: PurposeOfUseCode;
  /** The chain that the wallet means; what the service names is not believed. */
  readonly chainId: bigint;
  /** The present; the system's clock by default. */
  readonly clock?: () => Date;
}

/** An answer of the service. */
export interface Answer {
  /** HTTP status, 200 to 299. */
  readonly status: number;
  readonly bytes: Uint8Array;
  readonly headers: Headers;
}

const MESSAGE_LIFETIME = 10 * 60_000;
const TIMEOUT = 60_000;
const STREAM_TIMEOUT = 600_000;

/** A wallet that is logged in at one institution for one purpose. */
export class DatabaseSession {
  readonly institution: number;
  readonly #base: string;
  readonly #token: string;

  private constructor(institution: number, base: string, token: string) {
    this.institution = institution;
    this.#base = base;
    this.#token = token;
  }

  /**
   * Logs in with a message that the wallet signs for this address, institution, chain and purpose and nothing else.
   *
   * @throws DatabaseRefused, NotAMedicalDatabase
   */
  static async open(options: SessionOptions): Promise<DatabaseSession> {
    const { url, institution, signer, purpose, chainId, clock = () => new Date() } = options;
    const base = `${url}/${institution}`;
    const { nonce } = jsonOf(await request(`${base}/nonce`, {}));
    const now = clock();
    const message = new SiweMessage({
      domain: new URL(url).host,
      address: await signer.getAddress(),
      uri: `${base}/fhir`,
      version: "1",
      chainId: Number(chainId),
      nonce: String(nonce),
      issuedAt: now.toISOString(),
      expirationTime: new Date(now.getTime() + MESSAGE_LIFETIME).toISOString(),
      resources: [`${PURPOSE_PREFIX}${purpose}`],
    }).prepareMessage();
    const signature = await signer.signMessage(message);
    const login = await request(`${base}/login`, posted(JSON.stringify({ message, signature }), "application/json"));
    return new DatabaseSession(institution, base, String(jsonOf(login).access_token));
  }

  /** `GET` under the institution's FHIR base. @throws DatabaseRefused, NotAMedicalDatabase */
  get(path: string): Promise<Answer> {
    return request(`${this.#base}/fhir${path}`, { headers: this.#authorization() });
  }

  /** `GET` of something large; what cannot be read to its end throws while it is read. @throws DatabaseRefused, NotAMedicalDatabase */
  async stream(path: string): Promise<AsyncIterable<Uint8Array>> {
    const address = `${this.#base}/fhir${path}`;
    const response = await reach(address, { headers: this.#authorization() }, STREAM_TIMEOUT);
    if (!response.ok) await answerOf(address, response);
    return bodyOf(address, response);
  }

  /** `DELETE` under the institution's FHIR base. @throws DatabaseRefused, NotAMedicalDatabase */
  delete(path: string): Promise<Answer> {
    return request(`${this.#base}/fhir${path}`, { method: "DELETE", headers: this.#authorization() });
  }

  /** Begins what goes on after the answer; `path` and `body` as for {@link post}. @throws DatabaseRefused, NotAMedicalDatabase */
  begin(path: string, body: string): Promise<Answer> {
    const { headers, ...rest } = posted(body, "application/fhir+json");
    const all = { ...headers, ...this.#authorization(), prefer: "respond-async" };
    return request(`${this.#base}/fhir${path}`, { ...rest, headers: all });
  }

  /**
   * The path of an address under the institution's FHIR base: the token goes nowhere else.
   *
   * @throws NotAMedicalDatabase for any other address
   */
  pathOf(address: string): string {
    const base = `${this.#base}/fhir`;
    if (!address.startsWith(`${base}/`)) throw new NotAMedicalDatabase(address, "it is not under the base");
    return address.slice(base.length);
  }

  /** `POST` under the institution's FHIR base. @throws DatabaseRefused, NotAMedicalDatabase */
  post(path: string, body: string | Uint8Array<ArrayBuffer>, mediaType = "application/fhir+json"): Promise<Answer> {
    const { headers, ...rest } = posted(body, mediaType);
    return request(`${this.#base}/fhir${path}`, { ...rest, headers: { ...headers, ...this.#authorization() } });
  }

  #authorization() {
    return { authorization: `Bearer ${this.#token}` };
  }
}

/** The JSON object that an answer is. @throws SourceRefused */
export function jsonOf({ bytes }: Answer): JsonObject {
  const { value } = readSource(bytes);
  return isJsonObject(value) ? value : {};
}

function posted(body: string | Uint8Array<ArrayBuffer>, mediaType: string) {
  return { method: "POST", body, headers: { "content-type": mediaType } };
}

async function request(address: string, init: RequestInit): Promise<Answer> {
  return answerOf(address, await reach(address, init, TIMEOUT));
}

async function answerOf(address: string, response: Response): Promise<Answer> {
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (response.ok) return { status: response.status, bytes, headers: response.headers };
  let outcome: unknown;
  try {
    outcome = readSource(bytes).value;
  } catch (cause) {
    throw new NotAMedicalDatabase(address, cause);
  }
  throw new DatabaseRefused(response.status, outcome);
}

async function* bodyOf(address: string, { body }: Response): AsyncGenerator<Uint8Array> {
  try {
    if (body !== null) yield* body;
  } catch (cause) {
    throw new NotAMedicalDatabase(address, cause);
  }
}

async function reach(address: string, init: RequestInit, timeout: number): Promise<Response> {
  try {
    // A redirect would carry the token to an address that nobody signed for.
    return await fetch(address, { ...init, redirect: "error", signal: AbortSignal.timeout(timeout) });
  } catch (cause) {
    throw new NotAMedicalDatabase(address, cause);
  }
}
