import { isIP } from "node:net";

/** Thrown for what names no proxies. */
export class InvalidTrustProxy extends Error {
  override readonly name = "InvalidTrustProxy";

  constructor(text: string) {
    super(
      `Name the trusted proxies by address (10.0.0.2), network (10.0.0.0/8) or as loopback, with commas between, not ${text}`,
    );
  }
}

/**
 * The proxies that a text names.
 *
 * @param text addresses, networks with the length of their prefix, or `loopback`, separated by commas
 * @throws InvalidTrustProxy
 */
export function checkedProxies(text: string): string[] {
  const proxies = text.split(",").map((proxy) => proxy.trim());
  if (!proxies.every((proxy) => proxy === "loopback" || isNetwork(proxy))) throw new InvalidTrustProxy(text);
  return proxies;
}

function isNetwork(text: string): boolean {
  const [, address = "", prefix] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const bits = { 0: 0, 4: 32, 6: 128 }[isIP(address)] ?? 0;
  // A prefix of 0 would trust everybody.
  return bits > 0 && (prefix === undefined || (Number(prefix) >= 1 && Number(prefix) <= bits));
}
