import type { Signer } from "ethers";
import { unpackAccount } from "../src/accounts/certifiedAccount.js";
import {
  type Account,
  type AccountStore,
  certificateDomain,
  type Identity,
  InvalidIdentity,
  issueCertificate,
  Role,
} from "../src/accounts/index.js";
import type { Identifier } from "../src/records/index.js";
import { mined } from "../src/transaction.js";
import type { AccountCenter } from "../types/ethers-contracts/index.js";
import { Turnstile } from "./turnstile.js";
import { type WalletDirectory, WalletUnknown } from "./walletDirectory.js";

/** What the account center's own directory works with. */
export interface AccountCenterDirectoryOptions {
  readonly store: AccountStore;
  readonly accountCenter: AccountCenter;
  /** Certifies the patients' fresh wallets, and pays for it. */
  readonly registrar: Signer;
  /** Wallet of each institution's attending physician, by the institution's number. */
  readonly attending: ReadonlyMap<number, string>;
  /** Until when the wallets' certificates must hold, from the present; rounded up to a month. */
  readonly expires: (now: Date) => Date;
}

/**
 * The account center as a wallet directory, where service and store are in one hand: every encounter gets the patient's
 * next wallet, certified at once. Which encounter has which wallet is remembered while it runs; the medical database
 * remembers it for all encounters that it stored.
 */
export class AccountCenterDirectory implements WalletDirectory {
  readonly #options: AccountCenterDirectoryOptions;
  readonly #ofEncounter = new Map<string, Promise<string>>();
  /** Two transactions of the registrar at once could take the same nonce. */
  readonly #certifying = new Turnstile();

  constructor(options: AccountCenterDirectoryOptions) {
    this.#options = options;
  }

  async patientWallet(identifiers: readonly Identifier[], encounterKey: string): Promise<string> {
    const known = this.#ofEncounter.get(encounterKey);
    if (known !== undefined) return known;
    const fresh = this.#certifying.run(() => this.#freshWallet(identifiers));
    this.#ofEncounter.set(encounterKey, fresh);
    // A failure is not to be remembered: the next ingest tries again.
    fresh.catch(() => this.#ofEncounter.delete(encounterKey));
    return fresh;
  }

  async doctorWallet(identifiers: readonly Identifier[] | undefined, institution: number) {
    const registered = identifiers && this.#find(identifiers);
    const wallet = identifiers === undefined ? this.#options.attending.get(institution) : walletOf(registered);
    if (wallet === undefined) throw new WalletUnknown("doctor");
    const { role, number } = unpackAccount(BigInt(await this.#options.accountCenter.accounts(wallet)));
    if (role !== "Doctor") throw new WalletUnknown("doctor");
    return { wallet, number };
  }

  async #freshWallet(identifiers: readonly Identifier[]): Promise<string> {
    const { store, registrar, expires } = this.#options;
    const account = this.#find(identifiers);
    if (account?.role !== Role.Patient) throw new WalletUnknown("patient");
    const { address, identityCommitment } = store.allotWallet(account.identity);
    const accountCenter = this.#options.accountCenter.connect(registrar);
    const chainId = (await registrar.provider?.getNetwork())?.chainId ?? 0n;
    const signed = await issueCertificate(registrar, certificateDomain(chainId, await accountCenter.getAddress()), {
      wallet: address,
      role: Role.Patient,
      identityCommitment,
      expires: expires(new Date()),
    });
    store.saveCertificate(signed);
    await mined(accountCenter, () => accountCenter.enroll(signed.certificate, signed.registrar, signed.signature));
    return address;
  }

  #find(identifiers: readonly Identifier[]): Account | undefined {
    for (const { system, value } of identifiers) {
      const account = system === undefined ? undefined : this.#findIdentity({ system, value });
      if (account !== undefined) return account;
    }
    return undefined;
  }

  #findIdentity(identity: Identity): Account | undefined {
    try {
      return this.#options.store.find(identity);
    } catch (error) {
      // Nobody can be registered under an identifier that the store would refuse.
      if (error instanceof InvalidIdentity) return undefined;
      throw error;
    }
  }
}

function walletOf(account: Account | undefined): string | undefined {
  return account === undefined || account.role === Role.Patient ? undefined : account.wallet;
}
