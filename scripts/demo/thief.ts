import { registerRecord } from "../../src/records/register.js";
import type { SignedRequest } from "../../src/records/signRecord.js";
import { type Consortium, type Hospital, othersThan } from "./consortium.js";
import { type Outcome, outcomeOf } from "./stage.js";

/** An institution that sees a signed record on its way and tries to register it first, as its own. */
export class Thief {
  readonly #consortium: Consortium;
  #outcome: Promise<Outcome> | undefined;

  constructor(consortium: Consortium) {
    this.#consortium = consortium;
  }

  /** Tries it with the first record that it sees. */
  async tryOnce(signed: SignedRequest, hospital: Hospital): Promise<void> {
    const [thief] = this.#outcome === undefined ? othersThan(hospital, this.#consortium) : [];
    if (!thief) return;
    const registry = this.#consortium.contracts.recordRegistry.connect(thief.signer);
    this.#outcome = registerRecord(registry, signed).then(() => "registered", outcomeOf);
    await this.#outcome;
  }

  /** What came of it. */
  async outcome(): Promise<Outcome> {
    return this.#outcome ?? "not tried";
  }
}
