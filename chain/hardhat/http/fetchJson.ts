/** A server of this machine did not answer as it should. */
export class NoAnswer extends Error {
  override readonly name = "NoAnswer";

  constructor(url: string, reason: string, options?: ErrorOptions) {
    super(`${url} does not answer: ${reason}. Check that the network runs.`, options);
  }
}

/** How to ask. */
export interface FetchOptions {
  /** Milliseconds to wait. */
  readonly timeout: number;
  /** What to post, as JSON; without it, the request is a GET. */
  readonly post?: unknown;
}

/** The greatest answer that is read, in bytes. */
const MAX_ANSWER = 16 * 1_048_576;

/**
 * Asks a server for JSON, which is not checked any further.
 *
 * @throws {NoAnswer}
 */
export async function fetchJson(url: string, { timeout, post }: FetchOptions): Promise<unknown> {
  try {
    const response = await fetch(url, {
      signal: AbortSignal.timeout(timeout),
      ...(post !== undefined && {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(post),
      }),
    });
    const text = await readText(response);
    if (!response.ok) throw new NoAnswer(url, `status ${response.status} ${text.slice(0, 200)}`);
    return JSON.parse(text);
  } catch (cause) {
    if (cause instanceof NoAnswer) throw cause;
    throw new NoAnswer(url, cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

async function readText({ body, url }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    length += chunk.length;
    if (length > MAX_ANSWER) throw new NoAnswer(url, "it sends too much");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
