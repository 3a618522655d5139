import type { Identifier } from "../src/records/index.js";

/** What the account center tells an institution that stores a record: whose wallets have to sign it. */
export interface WalletDirectory {
  /**
   * The patient's wallet for one encounter: the same whenever the same encounter is asked for, by default a fresh one for each.
   *
   * @param identifiers everything that the bundle identifies the patient by
   * @param encounterKey 32 bytes in hex that stand for the encounter and tell nothing about it
   * @throws WalletUnknown
   */
  patientWallet(identifiers: readonly Identifier[], encounterKey: string): Promise<string>;

  /**
   * The wallet and number of a doctor.
   *
   * @param identifiers of the practitioner who attended; undefined for the institution's attending physician
   * @param institution number of the institution that provided the encounter
   * @throws WalletUnknown
   */
  doctorWallet(
    identifiers: readonly Identifier[] | undefined,
    institution: number,
  ): Promise<{ readonly wallet: string; readonly number: number }>;
}

/** Thrown for somebody whom the account center does not know. */
export class WalletUnknown extends Error {
  override readonly name = "WalletUnknown";

  constructor(who: "patient" | "doctor") {
    super(`The account center knows no wallet of this ${who}: register the ${who} there first`);
  }
}

/** Thrown when the account center cannot be asked. */
export class WalletDirectoryUnavailable extends Error {
  override readonly name = "WalletDirectoryUnavailable";

  constructor(cause: unknown) {
    super("The account center cannot be asked for wallets: nothing was stored, try again later", { cause });
  }
}
