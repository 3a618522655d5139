import { setTimeout as sleep } from "node:timers/promises";
import type { DeliveryPublicKey } from "../../src/market/hpke.js";
import { isJsonObject, type JsonObject, objectsIn, stringIn } from "../../src/records/json.js";
import { FILE_TYPES, type FileType } from "../market/exportFiles.js";
import { RECORD_LIMITS } from "../recordBundle.js";
import { DeliveryFaulty, DeliveryLate } from "./deliveryFault.js";
import { type Answer, DatabaseRefused, DatabaseSession, jsonOf, type SessionOptions } from "./session.js";

/** How a wallet logs in to download a delivery. */
export type ExportLogin = Omit<SessionOptions, "purpose">;

const TOO_EARLY = 425;
const DEFAULT_RETRY = 2;
const LONGEST_RETRY = 60;
/** A record's ciphertext in base64, and what is around it. */
const LONGEST_LINE = Math.ceil(RECORD_LIMITS.bytes / 3) * 4 + 4_096;

/** One order's delivery, as a medical database hands it out in files. Nothing of it is checked here. */
export class ExportDownload {
  readonly #login: ExportLogin;
  readonly #orderId: number;
  #session: DatabaseSession;
  #status = "";
  #files: ReadonlyMap<FileType, readonly string[]> = new Map();

  private constructor(login: ExportLogin, orderId: number, session: DatabaseSession) {
    this.#login = login;
    this.#orderId = orderId;
    this.#session = session;
  }

  /**
   * Asks for the delivery and waits until it is there.
   *
   * @param maxWait in milliseconds
   * @throws DeliveryLate, DatabaseRefused, NotAMedicalDatabase, AnswerStalled
   */
  static async begin(login: ExportLogin, orderId: number, key: DeliveryPublicKey, maxWait: number) {
    const download = new ExportDownload(login, orderId, await sessionFor(login));
    const deadline = Date.now() + maxWait;
    await download.#kickOff(key, deadline, maxWait);
    try {
      await download.#wait(deadline, maxWait);
      return download;
    } catch (error) {
      await download.end();
      throw error;
    }
  }

  /**
   * The resources in the files of one type, one after the other.
   *
   * @throws DeliveryFaulty for what is no resource of this type, DatabaseRefused, NotAMedicalDatabase, AnswerStalled
   */
  async *resources(type: FileType): AsyncGenerator<JsonObject> {
    for (const path of this.#files.get(type) ?? []) {
      const body = await this.#loggedIn((session) => session.stream(path));
      for await (const line of linesOf(body, () => this.#unreadable("a line without an end"))) {
        yield this.#resource(line, type);
      }
    }
  }

  /** Lets the database forget the request. One that cannot be deleted ends by itself. */
  async end(): Promise<void> {
    await this.#loggedIn((session) => session.delete(this.#status)).catch(() => undefined);
  }

  async #kickOff({ suite, publicKey }: DeliveryPublicKey, deadline: number, maxWait: number): Promise<void> {
    const parameter = [
      { name: "_order", valueString: String(this.#orderId) },
      { name: "suite", valueCode: suite },
      { name: "publicKey", valueBase64Binary: Buffer.from(publicKey).toString("base64") },
    ];
    const body = JSON.stringify({ resourceType: "Parameters", parameter });
    for (;;) {
      try {
        const { headers } = await this.#loggedIn((session) => session.begin("/$export", body));
        this.#status = this.#session.pathOf(headers.get("content-location") ?? "");
        return;
      } catch (error) {
        if (!(error instanceof DatabaseRefused && error.status === TOO_EARLY)) throw error;
        await this.#pause(DEFAULT_RETRY, deadline, maxWait);
      }
    }
  }

  async #wait(deadline: number, maxWait: number): Promise<void> {
    for (;;) {
      const answer = await this.#loggedIn((session) => session.get(this.#status));
      if (answer.status !== 202) {
        this.#files = this.#filesOf(answer);
        return;
      }
      await this.#pause(Number(answer.headers.get("retry-after")) || DEFAULT_RETRY, deadline, maxWait);
    }
  }

  async #pause(seconds: number, deadline: number, maxWait: number): Promise<void> {
    const left = deadline - Date.now();
    if (left <= 0) throw new DeliveryLate(this.#orderId, maxWait);
    await sleep(Math.min(Math.max(seconds, 0.1) * 1000, LONGEST_RETRY * 1000, left));
  }

  #filesOf(answer: Answer): Map<FileType, string[]> {
    const output = objectsIn(jsonOf(answer).output);
    const pathsOf = (type: FileType) =>
      output.filter((file) => file.type === type).map((file) => this.#session.pathOf(stringIn(file, "url") ?? ""));
    return new Map(FILE_TYPES.map((type) => [type, pathsOf(type)]));
  }

  #resource(line: string, type: FileType): JsonObject {
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      throw this.#unreadable("a line that is not JSON");
    }
    if (!isJsonObject(value) || value.resourceType !== type) throw this.#unreadable(`a line that is no ${type}`);
    return value;
  }

  #unreadable(what: string): DeliveryFaulty {
    return new DeliveryFaulty({ orderId: this.#orderId, fault: "unreadable", detail: `it has ${what}` });
  }

  /** Logs in again when the token has expired in the middle of a large delivery. */
  async #loggedIn<T>(work: (session: DatabaseSession) => Promise<T>): Promise<T> {
    try {
      return await work(this.#session);
    } catch (error) {
      if (!(error instanceof DatabaseRefused && error.status === 401)) throw error;
      this.#session = await sessionFor(this.#login);
      return work(this.#session);
    }
  }
}

function sessionFor(login: ExportLogin): Promise<DatabaseSession> {
  return DatabaseSession.open({ ...login, purpose: "HMARKT" });
}

/** The lines of a body, without what is between them; one that is too long is refused with `tooLong`. */
export async function* linesOf(body: AsyncIterable<Uint8Array>, tooLong: () => Error): AsyncGenerator<string> {
  let parts: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    let rest = chunk;
    for (let end = rest.indexOf(0x0a); end >= 0; end = rest.indexOf(0x0a)) {
      const line = Buffer.concat([...parts, rest.subarray(0, end)]);
      if (line.length > 0) yield line.toString("utf8");
      parts = [];
      length = 0;
      rest = rest.subarray(end + 1);
    }
    length += rest.length;
    if (length > LONGEST_LINE) throw tooLong();
    parts.push(rest);
  }
  if (length > 0) yield Buffer.concat(parts).toString("utf8");
}
