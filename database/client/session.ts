import { buffer } from "node:stream/consumers";
import type { Signer } from "ethers";
import { SiweMessage } from "siwe";
import { DEFAULT_LIMITS, readSource, type SourceLimits } from "../../src/records/index.js";
import { isJsonObject, type JsonObject, objectsIn, stringIn } from "../../src/records/json.js";
import type { PurposeOfUseCode } from "../../src/records/purposeOfUse.js";
import { PURPOSE_PREFIX } from "../login.js";
import { AnswerStalled, chunksOf } from "./chunks.js";

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
  /** How long the service may send nothing while it answers, in milliseconds; 60,000 by default. */
  readonly patience?: number;
}

/** An answer of the service. */
export interface Answer {
  /** HTTP status, 200 to 299. */
  readonly status: number;
  readonly bytes: Uint8Array;
  readonly headers: Headers;
}

const MESSAGE_LIFETIME = 10 * 60_000;
const PATIENCE = 60_000;

/** A wallet that is logged in at one institution for one purpose. */
export class DatabaseSession {
  readonly institution: number;
  readonly #base: string;
  readonly #patience: number;
  readonly #token: string;

  private constructor(institution: number, base: string, patience: number, token: string) {
    this.institution = institution;
    this.#base = base;
    this.#patience = patience;
    this.#token = token;
  }

  /**
   * Logs in with a message that the wallet signs for this address, institution, chain and purpose and nothing else.
   *
   * @throws DatabaseRefused, NotAMedicalDatabase, AnswerStalled
   */
  static async open(options: SessionOptions): Promise<DatabaseSession> {
    const { url, institution, signer, purpose, chainId, clock = () => new Date(), patience = PATIENCE } = options;
    const base = `${url}/${institution}`;
    const { nonce } = jsonOf(await request(`${base}/nonce`, {}, patience));
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
    const credentials = posted(JSON.stringify({ message, signature }), "application/json");
    const login = await request(`${base}/login`, credentials, patience);
    return new DatabaseSession(institution, base, patience, String(jsonOf(login).access_token));
  }

  /** `GET` under the institution's FHIR base. @throws DatabaseRefused, NotAMedicalDatabase, AnswerStalled */
  get(path: string): Promise<Answer> {
    return this.#request(path, {});
  }

  /**
   * `GET` of something large; what cannot be read to its end throws while it is read.
   *
   * @throws DatabaseRefused, NotAMedicalDatabase, AnswerStalled
   */
  async stream(path: string): Promise<AsyncIterable<Uint8Array>> {
    const address = `${this.#base}/fhir${path}`;
    const response = await reach(address, { headers: this.#authorization() }, this.#patience);
    if (!response.ok) await answerOf(address, response, this.#patience);
    return bodyOf(address, response, this.#patience);
  }

  /** `DELETE` under the institution's FHIR base. @throws DatabaseRefused, NotAMedicalDatabase, AnswerStalled */
  delete(path: string): Promise<Answer> {
    return this.#request(path, { method: "DELETE" });
  }

  /**
   * Begins what goes on after the answer; `path` and `body` as for {@link post}.
   *
   * @throws DatabaseRefused, NotAMedicalDatabase, AnswerStalled
   */
  begin(path: string, body: string): Promise<Answer> {
    const { headers, ...rest } = posted(body, "application/fhir+json");
    return this.#request(path, { ...rest, headers: { ...headers, prefer: "respond-async" } });
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

  /** `POST` under the institution's FHIR base. @throws DatabaseRefused, NotAMedicalDatabase, AnswerStalled */
  post(path: string, body: string | Uint8Array<ArrayBuffer>, mediaType = "application/fhir+json"): Promise<Answer> {
    return this.#request(path, posted(body, mediaType));
  }

  #request(path: string, init: RequestInit & { readonly headers?: Record<string, string> }): Promise<Answer> {
    const headers = { ...init.headers, ...this.#authorization() };
    return request(`${this.#base}/fhir${path}`, { ...init, headers }, this.#patience);
  }

  #authorization() {
    return { authorization: `Bearer ${this.#token}` };
  }
}

/** The JSON object that an answer is. @throws SourceRefused */
export function jsonOf({ bytes }: Answer, limits: SourceLimits = DEFAULT_LIMITS): JsonObject {
  const { value } = readSource(bytes, limits);
  return isJsonObject(value) ? value : {};
}

function posted(body: string | Uint8Array<ArrayBuffer>, mediaType: string) {
  return { method: "POST", body, headers: { "content-type": mediaType } };
}

async function request(address: string, init: RequestInit, patience: number): Promise<Answer> {
  return answerOf(address, await reach(address, init, patience), patience);
}

async function answerOf(address: string, response: Response, patience: number): Promise<Answer> {
  const bytes = new Uint8Array(await buffer(bodyOf(address, response, patience)));
  if (response.ok) return { status: response.status, bytes, headers: response.headers };
  let outcome: unknown;
  try {
    outcome = readSource(bytes).value;
  } catch (cause) {
    throw new NotAMedicalDatabase(address, cause);
  }
  throw new DatabaseRefused(response.status, outcome);
}

async function* bodyOf(address: string, { body }: Response, patience: number): AsyncGenerator<Uint8Array> {
  try {
    if (body !== null) yield* chunksOf(address, body, patience);
  } catch (cause) {
    if (cause instanceof AnswerStalled) throw cause;
    throw new NotAMedicalDatabase(address, cause);
  }
}

async function reach(address: string, init: RequestInit, patience: number): Promise<Response> {
  // Not AbortSignal.timeout, which would cut the body off as well.
  const waiting = new AbortController();
  const timer = setTimeout(() => waiting.abort(), patience);
  try {
    // A redirect would carry the token to an address that nobody signed for.
    return await fetch(address, { ...init, redirect: "error", signal: waiting.signal });
  } catch (cause) {
    throw new NotAMedicalDatabase(address, cause);
  } finally {
    clearTimeout(timer);
  }
}
