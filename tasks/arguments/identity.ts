import type { Identity } from "../../src/accounts/index.js";
import { ArgumentInvalid } from "./argumentInvalid.js";

/**
 * Who someone is outside the chain, as FHIR writes an identifier: `system|value`.
 *
 * @throws {ArgumentInvalid}
 */
export function identityArgument(text: string): Identity {
  const bar = text.indexOf("|");
  if (bar < 1 || bar === text.length - 1) {
    throw new ArgumentInvalid(
      text,
      "an identifier as system|value, such as http://hl7.org/fhir/sid/us-ssn|999-12-3456",
    );
  }
  return { system: text.slice(0, bar), value: text.slice(bar + 1) };
}
