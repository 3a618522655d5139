import { isJsonObject, objectsIn, stringIn } from "../../src/records/json.js";
import { FATE_EXTENSION, RECORD_ID_EXTENSION } from "../http/transactionResponse.js";
import { type DatabaseSession, jsonOf } from "./session.js";

/** What the service says became of one encounter, in the order of the bundle. */
export interface EncounterReport {
  /** `stored`, `unchanged`, `renewed`, `waits-for-patient` or `not-ours`, see `EncounterFate`. */
  readonly fate: string;
  /**
   * Of the record that it became or, if it waits for the patient, of the one that stands in the way; undefined for another institution's
   * encounter.
   */
  readonly recordId: string | undefined;
}

/** What became of a bundle. */
export interface SentBundle {
  readonly encounters: readonly EncounterReport[];
  /** How many of the bundle's entries are stored here, by the response to each. */
  readonly stored: number;
  /** How many are not: of other institutions' encounters, or of one that waits for the patient. */
  readonly notStored: number;
}

/**
 * Sends one patient's transaction bundle to the institution; for its own wallet.
 *
 * @param bundle the bundle's bytes, which are stored as they are
 * @throws DatabaseRefused, NotAMedicalDatabase, AnswerStalled
 */
export async function sendBundle(session: DatabaseSession, bundle: Uint8Array<ArrayBuffer>): Promise<SentBundle> {
  const { entry } = jsonOf(await session.post("/", bundle));
  const responses = objectsIn(entry).flatMap(({ response }) => (isJsonObject(response) ? [response] : []));
  const encounters = responses.flatMap(({ extension }) => {
    const said = objectsIn(extension);
    const fate = said.find(({ url }) => url === FATE_EXTENSION);
    const record = said.find(({ url }) => url === RECORD_ID_EXTENSION);
    const recordId = stringIn(record, "valueString");
    return fate === undefined ? [] : [{ fate: stringIn(fate, "valueCode") ?? "", recordId }];
  });
  const stored = responses.filter(({ location }) => location !== undefined).length;
  return { encounters, stored, notStored: responses.length - stored };
}
