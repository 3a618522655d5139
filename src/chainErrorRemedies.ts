import { roleName } from "./accounts/role.js";
import { recordStateName } from "./records/indexedRecord.js";

/** The arguments of a contract's error, by name. */
export type ErrorArguments = Readonly<Record<string, unknown>>;

type Remedy = string | ((args: ErrorArguments) => string);

const resign = "The deadline of the signature has passed: have it signed again, with a later deadline.";
const wrongSigner = "Check that this wallet signed exactly these values, for this chain and this contract.";
const schedule = "See the consortium's access manager: schedule the operation, wait out its delay, then execute it.";
const consortiumOnly =
  "The caller lacks the right: ask the consortium for the role, or send it from an account that has it.";
const accounts = "Give an address that is not zero.";

/** What to do about each error that our contracts can answer with, OpenZeppelin's included. */
const remedies: Readonly<Record<string, Remedy>> = {
  AccountNotCertified: "Have a registrar issue a certificate for this wallet and enroll it.",
  AccountSuspended: "The wallet's certificate is suspended: ask the registrar to reinstate it.",
  AccountRevoked: "The wallet's certificate is revoked for good: enroll a new wallet.",
  AccountExpired: "The wallet's certificate has expired: enroll a renewed one.",
  AccountRoleMismatch: ({ role, required }) =>
    `The wallet is certified as ${nameOfRole(role)}, this needs ${nameOfRole(required)}: use a wallet of that role.`,
  AccountRoleFixed: "A renewal keeps the role: enroll a new wallet for the other role.",
  AccountStatusUnchanged:
    "The change does not apply: suspend an active certificate, reinstate a suspended one, revoke any but a revoked one.",
  CertificateSpent: "The certificate enrolled before or was voided: ask the registrar for a new one.",
  CertificateExpiryInvalid:
    "The certificate must end in the future, before 2^40 seconds: have it issued with another end.",
  CertificateInvalid:
    "Wallet, role and institution do not go together: doctors need an institution, patients and institutions have none.",
  CertificateSignatureInvalid: wrongSigner,
  RegistrarUnauthorized: "The signer may not certify: have the consortium let it call enroll, without delay.",
  InstitutionUnknown: "No institution has this number: use one from 1 to institutionCount().",
  InstitutionEntryInvalid: "Give an address of 1 to 256 bytes and an encryption key of at most 2,048 bytes.",

  RecordAlreadyRegistered:
    "The record stands in the index already, and an id registers once, ever: nothing is left to do.",
  RecordUnknown: "No record has this id: check it, and that it was registered on this chain.",
  RecordStateMismatch: ({ state, required }) =>
    `The record is ${nameOfState(state)}, this needs one that is ${nameOfState(required)}.`,
  RecordNotOf: "The record belongs to another patient or institution: act with the wallet that it names.",
  RecordDatedInFuture: "The record was signed later than now: check the clock that dated it, or wait.",
  RecordClassInvalid: "A record as a whole has a class from 24 to 31 (DataClass): give one of these.",
  RecordSignatureInvalid: wrongSigner,
  RecordSignatureExpired: resign,
  RecordSubjectInvalid: "An item of a batch says more than patient, day and class: pack it with packSubject().",
  RecordBatchSizeInvalid: "A batch holds 1 to 256 records: split it.",

  ConsentScopeInvalid: "Use allRecords(), recordsOfClass() or oneRecord() to say which records are meant.",
  ConsentRecipientInvalid: "Use wallet(), institution() or role() to say who is meant.",
  ConsentTermsInvalid: "Name at least one known purpose and section class, and an end after the start and after now.",
  ConsentNotLive: "No grant stands under this key: it was never given, was revoked, or has ended.",
  ConsentNotNarrower:
    "Narrowing only takes away: name a part of its purposes and classes, and an end from now to its end.",
  ConsentRecordNotOf: "The record is another patient's: sign with the wallet that the record names.",
  ConsentRecordNotAccepted: ({ state }) => `The record is ${nameOfState(state)}: its patient accepts it first.`,
  ConsentSignatureInvalid: wrongSigner,
  ConsentSignatureExpired: resign,
  ConsentNonceInvalid: "What revokes everything has nonces of its own: sign with the one that revocationNonce gives.",
  ConsentSignatureRevoked:
    "It was signed before a revocation or narrowing, which voids it: sign again, if it is still wanted.",
  BreakGlassUnavailable: ({ state }) =>
    `A record that is ${nameOfState(state)} cannot be opened: only the patient or the treating doctor can help.`,
  BreakGlassOptedOut: "The patient forbade emergencies to open these records: ask for consent.",
  BreakGlassLimitReached: "The doctor opened as many records today (UTC) as the rule allows: ask a colleague.",
  BreakGlassStillOpen: "The doctor has this record open already: read it.",
  BreakGlassRuleInvalid: "Give a limit of 1 to 24 a day and a duration of 900 to 86,400 seconds.",

  EmissionAlreadyAllotted: "A quota is set once: allot to the emitter's successor.",
  EmissionInvalid: "Give an emitter's address and a quota above zero.",
  EmissionCapExceeded: "The quotas would exceed the lifetime cap: allot at most what is available.",
  EmissionQuotaExceeded: "The emitter has not enough quota left: mint at most what is available.",
  ERC20InsufficientBalance: "The sender holds too little coin: send less, or get more first.",
  ERC20InsufficientAllowance: "The spender may not take as much: have the owner approve or permit more.",
  ERC20InvalidSender: accounts,
  ERC20InvalidReceiver: accounts,
  ERC20InvalidApprover: accounts,
  ERC20InvalidSpender: accounts,
  ERC2612ExpiredSignature: resign,
  ERC2612InvalidSigner:
    "The permit is not the owner's: check owner, nonce, value, chain and coin, and have it signed again.",
  InvalidAccountNonce: "The signature was used, or another comes first: read the wallet's nonce and sign again.",

  AccessManagedUnauthorized: consortiumOnly,
  AccessManagerUnauthorizedAccount: consortiumOnly,
  AccessManagerUnauthorizedCall: consortiumOnly,
  AccessManagerUnauthorizedCancel: consortiumOnly,
  AccessManagerUnauthorizedConsume: consortiumOnly,
  AccessManagedRequiredDelay: schedule,
  AccessManagerNotScheduled: schedule,
  AccessManagerNotReady: schedule,
  AccessManagerExpired: "The operation was not executed in time: schedule it again.",
  AccessManagerAlreadyScheduled: "The operation is scheduled already: wait out its delay and execute it.",
  AccessManagerBadConfirmation: "A role is renounced by its holder: give the caller's own address.",
  AccessManagerInvalidInitialAdmin: accounts,
  AccessManagerLockedFunction: "This function's rights cannot be changed.",
  AccessManagerLockedRole: "This role cannot be changed.",
  AccessManagedInvalidAuthority: "The new access manager must be a contract: deploy it first.",
  SuccessorInvalid: "A successor is a contract, and another one than this: deploy it first.",
};

/** What to do about the error `errorName`. */
export function remedyFor(errorName: string, args: ErrorArguments): string {
  const remedy = Object.hasOwn(remedies, errorName) ? remedies[errorName] : undefined;
  if (remedy === undefined) return "The contract refused: see the error in its interface.";
  return typeof remedy === "function" ? remedy(args) : remedy;
}

/** Whether the table knows what to do about `errorName`. */
export function hasRemedy(errorName: string): boolean {
  return Object.hasOwn(remedies, errorName);
}

function nameOfRole(code: unknown): string {
  return roleName(Number(code));
}

function nameOfState(code: unknown): string {
  return recordStateName(Number(code)).toLowerCase();
}
