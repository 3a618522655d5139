import type { Signer } from "ethers";
import type { TypedDomain } from "../../eip712.js";
import { readProposal, readVote } from "../readStatement.js";
import type { Proposal, Signed, Vote } from "../statement.js";
import { signStatement } from "../vote.js";
import type { SigningGuard, SigningLock } from "./signingGuard.js";
import { lockOf, recordOf, type SigningRecord, signatureOnRecord } from "./signingRecord.js";

/** What a guard signs with. */
export interface SigningKey {
  /** The validator's own. */
  readonly key: Signer;
  /** In which its statements count, see `certifierDomain`. */
  readonly domain: TypedDomain;
}

/** A guard that keeps a record; where, its subclass says. */
export abstract class RecordingGuard implements SigningGuard {
  readonly signer: string;
  readonly #key: SigningKey;
  #record: SigningRecord;
  #turn: Promise<unknown> = Promise.resolve();

  protected constructor(signer: string, key: SigningKey, record: SigningRecord) {
    this.signer = signer;
    this.#key = key;
    this.#record = record;
  }

  async signProposal(proposal: Proposal): Promise<Signed<Proposal>> {
    return this.#inTurn(readProposal(proposal));
  }

  async signVote(vote: Vote): Promise<Signed<Vote>> {
    return this.#inTurn(readVote(vote));
  }

  lock(): SigningLock | undefined {
    return lockOf(this.#record);
  }

  /** Resolves when the record will be there after a crash. */
  protected abstract keep(record: SigningRecord): Promise<void>;

  /** Resolves when all that was asked before is done. */
  protected async idle(): Promise<void> {
    await this.#turn;
  }

  /** One at a time: two that contradict each other must not both find the step free. */
  #inTurn<T extends Proposal | Vote>(statement: T): Promise<Signed<T>> {
    const signed = this.#turn.then(() => this.#sign(statement));
    this.#turn = signed.catch(() => undefined);
    return signed;
  }

  async #sign<T extends Proposal | Vote>(statement: T): Promise<Signed<T>> {
    const signature = signatureOnRecord(this.#record, statement);
    if (signature !== undefined) return { statement, signer: this.signer, signature };
    const signed = await signStatement(this.#key.key, this.#key.domain, statement);
    const record = recordOf(this.#record, signed);
    await this.keep(record);
    this.#record = record;
    return signed;
  }
}
