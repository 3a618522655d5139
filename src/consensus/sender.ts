import type { ContractRunner } from "ethers";
import { AccountCenter__factory, type ValidatorRegistry } from "../../types/ethers-contracts/index.js";
import { checksummed } from "../accounts/address.js";
import { unpackAccount } from "../accounts/certifiedAccount.js";

/** Nobody would sign the transaction. */
export class SenderMissing extends Error {
  override readonly name = "SenderMissing";

  constructor() {
    super("The contract is connected to nobody who signs: connect it to a signer.");
  }
}

/** The wallet is no institution's, so it has no candidacy. */
export class NotAnInstitution extends Error {
  override readonly name = "NotAnInstitution";

  constructor(wallet: string) {
    super(`${wallet} is no institution's wallet, and only institutions stand: act with the wallet of one.`);
  }
}

/**
 * Who sends what a contract is asked to do: the contract's runner.
 *
 * @returns checksummed address.
 * @throws {SenderMissing}
 */
export async function senderOf(contract: { readonly runner: ContractRunner | null }): Promise<string> {
  const { runner } = contract;
  if (runner === null || !("getAddress" in runner) || typeof runner.getAddress !== "function") {
    throw new SenderMissing();
  }
  return checksummed(String(await runner.getAddress()), "sender");
}

/**
 * A wallet's own candidacy, whether it stands or not: the number of its institution.
 *
 * @throws {NotAnInstitution}, {@link InvalidAddress}, and what the node throws.
 */
export async function candidateOf(registry: ValidatorRegistry, wallet: string): Promise<number> {
  const address = checksummed(wallet, "wallet");
  const accountCenter = AccountCenter__factory.connect(await registry.accountCenter(), registry.runner);
  const { role, number } = unpackAccount(BigInt(await accountCenter.accounts(address)));
  if (role !== "Institution") throw new NotAnInstitution(address);
  return number;
}
