import { type BaseContract, type ContractTransactionReceipt, getAddress } from "ethers";

/** The transaction's receipt lacks what the contract says of it. */
export class EventMissing extends Error {
  override readonly name = "EventMissing";

  constructor(event: string) {
    super(
      `The transaction succeeded without the event ${event}: check that the contract's address is the deployment's.`,
    );
  }
}

/**
 * The arguments, by name, of the first event of one of these names that the contract emitted in a transaction.
 *
 * @returns the arguments, and in `event` the event's name.
 * @throws {EventMissing}
 */
export async function receiptEvent(
  contract: BaseContract,
  receipt: ContractTransactionReceipt,
  ...events: readonly [string, ...string[]]
): Promise<{ readonly event: string; readonly args: Readonly<Record<string, unknown>> }> {
  const address = getAddress(await contract.getAddress());
  for (const log of receipt.logs) {
    const parsed = log.address === address ? contract.interface.parseLog(log) : null;
    if (parsed !== null && events.includes(parsed.name)) {
      return { event: parsed.name, args: parsed.args.toObject() };
    }
  }
  throw new EventMissing(events.join(" or "));
}
