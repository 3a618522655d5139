import { dayCeil, dayFloor, exactSecond } from "../utcDay.js";
import { type DataClassCode, dataClassBits } from "./dataClass.js";
import { type PurposeOfUseCode, purposeBits } from "./purposeOfUse.js";

/** What a grant allows, and when: `from <= t < until`. */
export interface Terms {
  /** One bit for each purpose of use, see `PurposeOfUse`. */
  readonly purposes: number;
  /** One bit for each section class, see `DataClass`. */
  readonly dataClasses: number;
  /** Start in seconds since 1970; one in the past counts from the grant on. */
  readonly from: number;
  /** End in seconds since 1970, exclusive. */
  readonly until: number;
}

/** A consent in a person's words. */
export interface TermsRequest {
  /** At least one. */
  readonly purposes: readonly PurposeOfUseCode[];
  /** At least one class of sections (below 24), or all of them. */
  readonly dataClasses: readonly DataClassCode[] | "all";
  /** Default: today. */
  readonly from?: Date;
  readonly until: Date;
  /** Keep the very seconds. By default whole UTC days, because equal odd values would link the wallets of one patient. */
  readonly exact?: boolean;
}

/** A grant as it stands on chain. */
export interface StandingGrant extends Terms {
  /** When it was revoked, in seconds since 1970; 0 if it was not, or only with all others. */
  readonly revokedAt: number;
  /** When it was granted, in seconds since 1970: not after the patient's `allRevokedAt`, it is revoked with all others. */
  readonly grantedAt: number;
}

/** The terms permit nothing. */
export class InvalidTerms extends Error {
  override readonly name = "InvalidTerms";

  constructor(reason: string) {
    super(`The consent would permit nothing: ${reason}.`);
  }
}

/** The bits of all section classes. */
export const ALL_SECTION_CLASSES = 2 ** 24 - 1;

/**
 * The terms of a grant: `from` rounded down and `until` rounded up to whole UTC days, unless `exact`.
 *
 * @throws {InvalidTerms} without a purpose or a class, with the class of a whole record, or if the end is not after the
 * start; {@link InvalidDate}.
 */
export function termsOf({ purposes, dataClasses, from = new Date(), until, exact = false }: TermsRequest): Terms {
  const terms = {
    purposes: purposeBits(...purposes),
    dataClasses: dataClasses === "all" ? ALL_SECTION_CLASSES : dataClassBits(...dataClasses),
    from: exact ? exactSecond(from) : dayFloor(from),
    until: exact ? exactSecond(until) : dayCeil(until),
  };
  if (terms.purposes === 0) throw new InvalidTerms("name at least one purpose of use");
  if (terms.dataClasses === 0) throw new InvalidTerms("name at least one class of sections");
  if (terms.dataClasses > ALL_SECTION_CLASSES) {
    throw new InvalidTerms("name classes of sections (below 24); the class of a whole record goes into the scope");
  }
  if (terms.until <= terms.from) throw new InvalidTerms("let it end after it starts");
  return terms;
}

/**
 * Reads the slot that `ConsentRegistry.grantOf` returns; undefined for the word 0: nothing was ever granted there.
 *
 * @param word bits 0-31 purposes | 32-63 dataClasses | 64-103 from | 104-143 until | 144-183 revokedAt | 184-223 grantedAt.
 */
export function unpackGrant(word: bigint): StandingGrant | undefined {
  if (word === 0n) return undefined;
  const field = (at: bigint, bits: number): number => Number(BigInt.asUintN(bits, word >> at));
  return {
    purposes: field(0n, 32),
    dataClasses: field(32n, 32),
    from: field(64n, 40),
    until: field(104n, 40),
    revokedAt: field(144n, 40),
    grantedAt: field(184n, 40),
  };
}
