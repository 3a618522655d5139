/** JSON-RPC's code for a transaction that a node does not take (EIP-1474: invalid input). */
const INVALID_INPUT = -32_000;

/** JSON-RPC's code for a parameter that is malformed. */
const INVALID_PARAMS = -32_602;

/**
 * The node does not take the transaction. The messages begin with the words that wallets know from other nodes, and go on
 * with the remedy.
 */
export class TransactionRejected extends Error {
  override readonly name: string = "TransactionRejected";

  /** The error's code in JSON-RPC. */
  readonly code: number;

  constructor(message: string, code = INVALID_INPUT) {
    super(message);
    this.code = code;
  }
}

/** The bytes are no signed transaction of a kind that this chain executes. */
export class TransactionMalformed extends TransactionRejected {
  override readonly name = "TransactionMalformed";

  constructor(reason: string) {
    super(`invalid transaction: ${reason}. Have the wallet sign it again.`, INVALID_PARAMS);
  }
}

/** The transaction was signed for another chain. */
export class ChainMismatch extends TransactionRejected {
  override readonly name = "ChainMismatch";

  constructor(expected: number, signed: bigint) {
    super(`invalid chain id for signer: signed for chain ${signed}, this is ${expected}. Switch the wallet's network.`);
  }
}

/** The node has this transaction. */
export class TransactionKnown extends TransactionRejected {
  override readonly name = "TransactionKnown";

  constructor(hash: string) {
    super(`already known: ${hash}. Wait for it, there is no need to send it again.`);
  }
}

/** The account has used this nonce. */
export class NonceTooLow extends TransactionRejected {
  override readonly name = "NonceTooLow";

  constructor(nonce: number, next: number) {
    super(`nonce too low: the account's next nonce is ${next}, not ${nonce}. Sign again with the next one.`);
  }
}

/** Another transaction of the account waits with this nonce, and pays as much. */
export class ReplacementUnderpriced extends TransactionRejected {
  override readonly name = "ReplacementUnderpriced";

  constructor(required: bigint) {
    super(
      `replacement transaction underpriced: offer at least ${required} wei of maxFeePerGas to take the other's place.`,
    );
  }
}

/** The account cannot pay what its waiting transactions may cost. */
export class InsufficientFunds extends TransactionRejected {
  override readonly name = "InsufficientFunds";

  constructor(cost: bigint, balance: bigint) {
    super(
      `insufficient funds for gas * price + value: all that waits of this account may cost ${cost} wei, it has ${balance}. ` +
        "Gas is free here: a price of 0 is accepted.",
    );
  }
}

/** The transaction wants more gas than there is, or less than it needs to begin. */
export class GasOutOfRange extends TransactionRejected {
  override readonly name = "GasOutOfRange";

  static aboveLimit(limit: bigint): GasOutOfRange {
    return new GasOutOfRange(`exceeds block gas limit: give at most ${limit} gas.`);
  }

  static belowIntrinsic(required: bigint): GasOutOfRange {
    return new GasOutOfRange(`intrinsic gas too low: give at least ${required} gas.`);
  }
}

/** Too many transactions wait. */
export class PoolFull extends TransactionRejected {
  override readonly name = "PoolFull";

  static ofAll(): PoolFull {
    return new PoolFull("txpool is full: send it again after the next blocks.");
  }

  static ofSender(limit: number): PoolFull {
    return new PoolFull(`account limit exceeded: ${limit} transactions of this account wait; let some be mined first.`);
  }
}
