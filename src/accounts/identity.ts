/** Who someone is outside the chain: a FHIR identifier, such as a social security number or a doctor's licence. */
export interface Identity {
  /** The namespace of the value, usually a URI: `http://hl7.org/fhir/sid/us-ssn`. */
  readonly system: string;
  readonly value: string;
}

/** The identity is not in the one form in which equal identities are equal texts. */
export class InvalidIdentity extends Error {
  override readonly name = "InvalidIdentity";

  constructor(part: keyof Identity) {
    super(
      `The identity's ${part} is malformed: give a text that is not empty, without space around it, ` +
        "in Unicode's normal form NFC.",
    );
  }
}

/**
 * The identity itself, if system and value are texts that compare equal exactly when they are the same.
 *
 * @throws {InvalidIdentity} if either is empty, has space around it, or is not Unicode in normal form NFC.
 */
export function checkIdentity({ system, value }: Identity): Identity {
  if (!isCanonical(system)) throw new InvalidIdentity("system");
  if (!isCanonical(value)) throw new InvalidIdentity("value");
  return { system, value };
}

/** Whether both name the same one: the same value in the same namespace. */
export function isSameIdentity(one: Identity, other: Identity): boolean {
  return one.system === other.system && one.value === other.value;
}

function isCanonical(text: string): boolean {
  return text !== "" && text === text.trim() && text.isWellFormed() && text === text.normalize("NFC");
}
