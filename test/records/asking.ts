import { type Actor, healthchain, register, type World } from "../fixture.js";
import { Purpose, type Recipient, type Scope, type Terms, termsFor } from "./patientActions.js";

/** The decision that searches the grants, and the one that is told the grant's key. */
export const SEARCH = "isPermitted(bytes32,address,uint8,uint8)";
export const BY_KEY = "isPermitted(bytes32,bytes32,address,uint8,uint8)";

/** Treatment, a class that `termsFor` covers. */
export const TREAT = Purpose.TREAT;
export const SECTION = 3;

/** An accepted record of class 24 by the hospital's doctor; the colleague, of institution 2, asks for it. */
export async function recorded() {
  const world = await healthchain();
  const id = await register(world);
  return { ...world, world, id, ...asking(world, id) };
}

/** Questions about a record, by the colleague unless said otherwise, and the patient's grants. */
export function asking({ consentRegistry, patient, colleague }: World, id: string) {
  const decide = (requester: Actor = colleague, purpose: number = TREAT, dataClass: number = SECTION) =>
    consentRegistry.decisionOf(id, requester, purpose, dataClass);
  const permits = (requester: Actor = colleague, purpose: number = TREAT, dataClass: number = SECTION) =>
    consentRegistry[SEARCH](id, requester, purpose, dataClass);
  const permitsByKey = (key: string, requester: Actor = colleague, purpose: number = TREAT, dataClass = SECTION) =>
    consentRegistry[BY_KEY](key, id, requester, purpose, dataClass);
  const keyOf = (scope: Scope, recipient: Recipient, owner: Actor = patient) =>
    consentRegistry.grantKeyOf(owner, scope, recipient);
  const grant = async (scope: Scope, recipient: Recipient, terms: Partial<Terms> = {}) => {
    await consentRegistry.connect(patient).grant(scope, recipient, await termsFor(terms));
    return keyOf(scope, recipient);
  };
  return { decide, permits, permitsByKey, keyOf, grant };
}
