// No message here names an identity, an address or a key: messages end up in logs, which nobody encrypts.

/** The secret does not open this store. */
export class StoreLocked extends Error {
  override readonly name = "StoreLocked";

  constructor() {
    super(
      "The passphrase or key does not open this store: give the one it was created with, and the same kind of the two.",
    );
  }
}

/** The secret cannot protect a store. */
export class InvalidStoreSecret extends Error {
  override readonly name = "InvalidStoreSecret";

  constructor(minimumPassphrase: number, keyBytes: number) {
    super(
      `The store's secret is too short: give a passphrase of ${minimumPassphrase} or more characters, or ${keyBytes} random bytes.`,
    );
  }
}

/** What the file holds is not what this store wrote. */
export class StoreDamaged extends Error {
  override readonly name = "StoreDamaged";

  constructor(what: string, options?: ErrorOptions) {
    super(`The store's file is damaged or was tampered with (${what}): restore it from a backup.`, options);
  }
}

/** The file cannot be used at the moment; nothing was changed. */
export class StoreUnavailable extends Error {
  override readonly name = "StoreUnavailable";

  constructor(reason: string, options?: ErrorOptions) {
    super(
      `The store cannot be used (${reason}): check its path, its permissions, the disk, and who else has it open.`,
      options,
    );
  }
}

/** The account center has no such account, or no such wallet. */
export class AccountUnknown extends Error {
  override readonly name = "AccountUnknown";

  constructor(what: "identity" | "wallet") {
    super(
      what === "identity"
        ? "Nobody is registered under this identity: register the patient or professional first."
        : "This wallet belongs to no account: allot it to its patient, or register its professional, first.",
    );
  }
}

/** The request contradicts what is registered. */
export class AccountConflict extends Error {
  override readonly name = "AccountConflict";

  constructor(contradiction: string) {
    super(`${contradiction}.`);
  }
}
