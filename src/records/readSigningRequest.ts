import { getAddress, isAddress, isHexString } from "ethers";
import { SigningRequestInvalid } from "./checkSigningRequest.js";
import { isJsonObject, type JsonObject } from "./json.js";
import type { SectionForm, SectionToSign, SigningRequest } from "./signingRequest.js";

/**
 * A signing request from JSON that nobody has checked: every field of the right kind, nothing else kept. Whether it holds
 * together, `checkSigningRequest` says.
 *
 * @param value what `JSON.parse` gave.
 * @throws {SigningRequestInvalid} naming the field at fault.
 */
export function readSigningRequest(value: unknown): SigningRequest {
  const request = objectAt(value, "request");
  const header = objectAt(request.header, "header");
  const sections = request.sections;
  if (!Array.isArray(sections)) throw malformed("sections", "a list");
  return {
    id: hashAt(request, "id"),
    supersedes: hashAt(request, "supersedes"),
    header: {
      chainId: chainIdAt(header),
      registry: addressAt(header, "registry"),
      patient: addressAt(header, "patient"),
      doctor: numberAt(header, "doctor"),
      institution: numberAt(header, "institution"),
      recordedAt: numberAt(header, "recordedAt"),
      dataClass: numberAt(header, "dataClass"),
      salt: hashAt(header, "salt"),
    },
    doctorWallet: addressAt(request, "doctorWallet"),
    sectionsRoot: hashAt(request, "sectionsRoot"),
    deadline: numberAt(request, "deadline"),
    sections: sections.map(sectionOf),
  };
}

function sectionOf(value: unknown): SectionToSign {
  const section = objectAt(value, "section");
  return {
    path: textAt(section, "path"),
    resourceType: textAt(section, "resourceType"),
    dataClass: numberAt(section, "dataClass"),
    full: formOf(section.full),
    ...(section.deidentified !== undefined && { deidentified: formOf(section.deidentified) }),
  };
}

function formOf(value: unknown): SectionForm {
  const form = objectAt(value, "form of a section");
  return { salt: hashAt(form, "salt"), content: textAt(form, "content") };
}

function objectAt(value: unknown, name: string): JsonObject {
  if (!isJsonObject(value)) throw malformed(name, "an object");
  return value;
}

function textAt(parent: JsonObject, field: string): string {
  const value = parent[field];
  if (typeof value !== "string") throw malformed(field, "a text");
  return value;
}

function numberAt(parent: JsonObject, field: string): number {
  const value = parent[field];
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) throw malformed(field, "a whole number");
  return value;
}

function hashAt(parent: JsonObject, field: string): string {
  const value = textAt(parent, field);
  if (!isHexString(value, 32)) throw malformed(field, "32 bytes in hex");
  return value.toLowerCase();
}

function addressAt(parent: JsonObject, field: string): string {
  const value = textAt(parent, field);
  if (!isAddress(value)) throw malformed(field, "an address");
  return getAddress(value);
}

function chainIdAt(header: JsonObject): string {
  const value = textAt(header, "chainId");
  if (!/^[1-9]\d{0,77}$/.test(value)) throw malformed("chainId", "a chain id in decimal digits");
  return value;
}

function malformed(field: string, expected: string): SigningRequestInvalid {
  return new SigningRequestInvalid(`its ${field} is not ${expected}`);
}
