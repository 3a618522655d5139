/** Another node holds the guard. */
export class SigningGuardInUse extends Error {
  override readonly name = "SigningGuardInUse";

  constructor(file: string, options?: ErrorOptions) {
    super(
      `Another process uses the signing guard ${file}: a validator's key works in one node at a time, or it would be slashed. Stop the other node first.`,
      options,
    );
  }
}

/** There is no guard. */
export class SigningGuardMissing extends Error {
  override readonly name = "SigningGuardMissing";

  constructor(file: string, options?: ErrorOptions) {
    super(
      `There is no signing guard at ${file}. If this key has never signed on this chain, create one. If it has, bring the file back from where the node last ran; if it is lost, stand with a new key.`,
      options,
    );
  }
}

/** There is a guard where one was to be created. */
export class SigningGuardExists extends Error {
  override readonly name = "SigningGuardExists";

  constructor(file: string, options?: ErrorOptions) {
    super(
      `There is a signing guard at ${file} already: open that one; a new one would forget what it signed.`,
      options,
    );
  }
}

/** The file is not what this validator's guard wrote. */
export class SigningGuardDamaged extends Error {
  override readonly name = "SigningGuardDamaged";

  constructor(file: string, what: string, options?: ErrorOptions) {
    super(
      `The signing guard ${file} cannot be trusted (${what}), so this validator does not start. An old copy would be worse than none: find the undamaged file, or stand with a new key.`,
      options,
    );
  }
}

/** The disk does not take what the guard must keep; nothing was signed. */
export class SigningGuardUnwritable extends Error {
  override readonly name = "SigningGuardUnwritable";

  constructor(file: string, reason: string, options?: ErrorOptions) {
    super(
      `The signing guard ${file} cannot be used, so nothing was signed (${reason}): check its folder, its permissions and the disk.`,
      options,
    );
  }
}
