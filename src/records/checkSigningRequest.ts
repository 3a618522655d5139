import { deidentify } from "./deidentify.js";
import { isJsonObject, type JsonObject, stringIn } from "./json.js";
import { LeafKind, type LeafKindCode, leafHash, sectionPath } from "./leaf.js";
import { headerHash, recordId } from "./recordId.js";
import { recordClassOf, sectionClassOf } from "./sectionClass.js";
import { buildSectionTree } from "./sectionTree.js";
import type { SectionForm, SectionToSign, SigningRequest } from "./signingRequest.js";
import { readSource } from "./source.js";

/** The request does not hold together: nobody should sign it. */
export class SigningRequestInvalid extends Error {
  override readonly name = "SigningRequestInvalid";

  constructor(reason: string, options?: ErrorOptions) {
    super(`Do not sign this request: ${reason}. Ask the institution for a new one.`, options);
  }
}

/**
 * Recomputes from the contents what a signature over the id vouches for: leaves, root and id; the classes that consents go
 * by; and the de-identified forms, which are all that a market ever sees.
 *
 * @throws {SigningRequestInvalid} if any of it differs.
 */
export function checkSigningRequest(request: SigningRequest): void {
  try {
    checkId(request);
    checkClasses(request);
    checkDeidentifiedForms(request);
  } catch (error) {
    if (error instanceof SigningRequestInvalid) throw error;
    throw new SigningRequestInvalid("a part of it is malformed", { cause: error });
  }
}

function checkId({ id, header, sectionsRoot, sections }: SigningRequest): void {
  if (sections.length === 0) throw new SigningRequestInvalid("it has no sections");
  const { root } = buildSectionTree(sections.flatMap(leavesOf));
  if (root !== sectionsRoot.toLowerCase()) throw new SigningRequestInvalid("its sections are not those of its root");
  if (recordId(headerHash({ ...header, chainId: BigInt(header.chainId) }), root) !== id.toLowerCase()) {
    throw new SigningRequestInvalid("its header and root are not those of its id");
  }
}

function leavesOf({ path, resourceType, full, deidentified }: SectionToSign, position: number): string[] {
  if (path !== sectionPath(resourceType, position)) {
    throw new SigningRequestInvalid(`section ${position} has another path`);
  }
  const leaf = (kind: LeafKindCode, form: SectionForm) => leafHash(kind, path, form.salt, bytesOf(form));
  const leaves = [leaf(LeafKind.Full, full)];
  return deidentified ? [...leaves, leaf(LeafKind.Deidentified, deidentified)] : leaves;
}

function checkClasses({ header, sections }: SigningRequest): void {
  for (const section of sections) {
    const resource = resourceIn(section);
    if (resource.resourceType !== section.resourceType || sectionClassOf(resource) !== section.dataClass) {
      throw new SigningRequestInvalid(`type or class of ${section.path} is not that of its content`);
    }
  }
  const [encounter, another] = sections.filter(({ resourceType }) => resourceType === "Encounter");
  if (encounter === undefined || another !== undefined) {
    throw new SigningRequestInvalid("it is not about one encounter");
  }
  if (recordClassOf(resourceIn(encounter)) !== header.dataClass) {
    throw new SigningRequestInvalid("its class is not that of its encounter");
  }
}

function checkDeidentifiedForms({ header, sections }: SigningRequest): void {
  const places = new Map(
    sections.map((section) => [`${section.resourceType}/${stringIn(resourceIn(section), "id")}`, section.path]),
  );
  const recordedAt = new Date(header.recordedAt * 1000);
  for (const { path, full, deidentified } of sections) {
    if (deidentified === undefined) continue;
    const { bytes } = deidentify(bytesOf(full), { places, recordedAt });
    if (bytes === undefined || !Buffer.from(bytes).equals(bytesOf(deidentified))) {
      throw new SigningRequestInvalid(`the de-identified form of ${path} is not made from its full form`);
    }
  }
}

function resourceIn({ path, full }: SectionToSign): JsonObject {
  const { value } = readSource(bytesOf(full));
  if (!isJsonObject(value)) throw new SigningRequestInvalid(`${path} is no FHIR resource`);
  return value;
}

function bytesOf({ content }: SectionForm): Uint8Array {
  return new TextEncoder().encode(content);
}
