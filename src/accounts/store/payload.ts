const BLOCK_BYTES = 512;

/** A row's content as bytes, filled up to whole blocks so that the length of a name or a number does not show. */
export function encodePayload(content: object): Uint8Array {
  const json = Buffer.from(JSON.stringify(content));
  return Buffer.alloc(Math.ceil(json.length / BLOCK_BYTES) * BLOCK_BYTES, " ").fill(json, 0, json.length);
}

/** The content that `encodePayload` encoded. */
export function decodePayload(payload: Uint8Array): unknown {
  return JSON.parse(Buffer.from(payload).toString());
}
