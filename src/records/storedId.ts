import { createHash } from "node:crypto";

const URN_UUID = /^urn:uuid:([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})$/;

/**
 * The FHIR id under which a resource with this `fullUrl` is stored: the UUID of a `urn:uuid:`, which is unique everywhere;
 * of any other URL, which is only unique at its sender, a UUID made from its SHA-256 hash.
 */
export function storedIdOf(fullUrl: string): string {
  const uuid = URN_UUID.exec(fullUrl)?.[1];
  if (uuid !== undefined) return uuid;
  const hash = createHash("sha256").update(fullUrl).digest();
  // Version 8 and the RFC's variant: a UUID whose content the application chose.
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x80;
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80;
  return hash.toString("hex", 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
