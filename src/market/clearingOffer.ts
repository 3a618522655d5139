/** A provider's offer in a round of the clearing. */
export interface Offer {
  readonly dataset: number;
  /** The provider's number. */
  readonly institution: number;
  /** The least price at which it sells, in wei of coin a record, below 2^80. */
  readonly cost: bigint;
  /** Records that it sells at most. */
  readonly capacity: number;
}

/**
 * Reads one of the slots that `MarketClearing.offersOf` returns.
 *
 * @param word bits 0-31 dataset | 32-111 cost | 112-127 institution | 128-151 capacity.
 */
export function unpackOffer(word: bigint): Offer {
  return {
    dataset: Number(BigInt.asUintN(32, word)),
    cost: BigInt.asUintN(80, word >> 32n),
    institution: Number(BigInt.asUintN(16, word >> 112n)),
    capacity: Number(BigInt.asUintN(24, word >> 128n)),
  };
}
