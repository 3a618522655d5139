import type { Signer } from "ethers";
import { unpackAccount } from "../src/accounts/certifiedAccount.js";
import {
  type Account,
  type AccountStore,
  type AccountWallet,
  certificateDomain,
  enrollCertificate,
  type Identity,
  InvalidIdentity,
  issueCertificate,
  Role,
} from "../src/accounts/index.js";
import { shuffleAcross } from "../src/records/fanOut.js";
import type { Identifier } from "../src/records/index.js";
import type { AccountCenter } from "../types/ethers-contracts/index.js";
import { turnstileOf } from "./turnstile.js";
import { type WalletDirectory, WalletUnknown } from "./walletDirectory.js";

/** What the account center's own directory works with. */
export interface AccountCenterDirectoryOptions {
  readonly store: AccountStore;
  readonly accountCenter: AccountCenter;
  /**
   * Certifies the patients' fresh wallets, and pays for it. Directories that share this very object wait for each other; nothing else may
   * send its transactions at the same time, or two could take one nonce.
   */
  readonly registrar: Signer;
  /** Wallet of each institution's attending physician, by the institution's number. */
  readonly attending: ReadonlyMap<number, string>;
  /** Until when the wallets' certificates must hold, from the present; rounded up to a month. */
  readonly expires: (now: Date) => Date;
}

/** Thrown when some of a round's wallets could not be enrolled. */
export class EnrolmentIncomplete extends Error {
  override readonly name = "EnrolmentIncomplete";

  constructor(failed: number, total: number, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(
      `${failed} of ${total} wallets were not enrolled (${reason}): they wait for the next round, check the node and the registrar's gas`,
      { cause },
    );
  }
}

/**
 * The account center as a wallet directory, where service and store are in one hand. Every encounter gets the patient's next wallet,
 * allotted at once and certified later, by {@link enrollRound}: if wallets were enrolled as encounters come in, the chain would show which
 * came together, and those are one patient's.
 *
 * Which encounter has which wallet is remembered while it runs; the medical database remembers it for all encounters that it stored.
 */
export class AccountCenterDirectory implements WalletDirectory {
  readonly #options: AccountCenterDirectoryOptions;
  readonly #ofEncounter = new Map<string, string>();

  constructor(options: AccountCenterDirectoryOptions) {
    this.#options = options;
  }

  async patientWallet(identifiers: readonly Identifier[], encounterKey: string): Promise<string> {
    const known = this.#ofEncounter.get(encounterKey);
    if (known !== undefined) return known;
    const account = this.#find(identifiers);
    if (account?.role !== Role.Patient) throw new WalletUnknown("patient");
    const { address } = this.#options.store.allotWallet(account.identity);
    this.#ofEncounter.set(encounterKey, address);
    return address;
  }

  async doctorWallet(identifiers: readonly Identifier[] | undefined, institution: number) {
    const registered = identifiers && this.#find(identifiers);
    const wallet = identifiers === undefined ? this.#options.attending.get(institution) : walletOf(registered);
    if (wallet === undefined) throw new WalletUnknown("doctor");
    const { role, number } = await this.#onChain(wallet);
    if (role !== "Doctor") throw new WalletUnknown("doctor");
    return { wallet, number };
  }

  /**
   * Certifies and enrolls all wallets that wait, those of all patients in one random order. What waits is what the store has allotted to
   * patients and nobody certified, so it survives a restart.
   *
   * @param signal ends the round early; what is left waits for the next one
   * @returns how many wallets were enrolled
   * @throws EnrolmentIncomplete when some were not; the others are
   */
  enrollRound(signal?: AbortSignal): Promise<number> {
    return turnstileOf(this.#options.registrar).run(async () => {
      const wallets = shuffleAcross(this.#uncertified());
      const failures: unknown[] = [];
      let enrolled = 0;
      for (const wallet of wallets) {
        if (signal?.aborted) break;
        try {
          if (await this.#enroll(wallet)) enrolled++;
        } catch (error) {
          failures.push(error);
        }
      }
      if (failures.length > 0) throw new EnrolmentIncomplete(failures.length, wallets.length, failures[0]);
      return enrolled;
    });
  }

  /** Each patient's wallets without a certificate in the store. */
  #uncertified(): AccountWallet[][] {
    return this.#options.store.list().map(({ role, wallets, certificates }) => {
      const certified = new Set(certificates.map(({ certificate }) => certificate.wallet));
      return role === Role.Patient ? wallets.filter(({ address }) => !certified.has(address)) : [];
    });
  }

  /** False for a wallet that the chain knows: it was certified elsewhere, or the last round broke off. */
  async #enroll({ address, identityCommitment }: AccountWallet): Promise<boolean> {
    if ((await this.#onChain(address)).status !== "None") return false;
    const { store, registrar, expires } = this.#options;
    const accountCenter = this.#options.accountCenter.connect(registrar);
    const chainId = (await registrar.provider?.getNetwork())?.chainId ?? 0n;
    const signed = await issueCertificate(registrar, certificateDomain(chainId, await accountCenter.getAddress()), {
      wallet: address,
      role: Role.Patient,
      identityCommitment,
      expires: expires(new Date()),
    });
    await enrollCertificate(accountCenter, signed);
    // Not before: a wallet with a certificate in the store counts as enrolled.
    store.saveCertificate(signed);
    return true;
  }

  async #onChain(wallet: string) {
    return unpackAccount(BigInt(await this.#options.accountCenter.accounts(wallet)));
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
