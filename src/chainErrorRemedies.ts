import { decodeBytes32String } from "ethers";
import { roleName } from "./accounts/role.js";
import { candidateStatusName } from "./consensus/candidacy.js";
import { marketRemedies } from "./market/marketRemedies.js";
import { recordStateName } from "./records/indexedRecord.js";
import { coins, type ErrorArguments, moment, type Remedy } from "./remedyWords.js";

const resign = "The deadline of the signature has passed: have it signed again, with a later deadline.";
const wrongSigner = "Check that this wallet signed exactly these values, for this chain and this contract.";
const schedule = "See the consortium's access manager: schedule the operation, wait out its delay, then execute it.";
const consortiumOnly =
  "The caller lacks the right: ask the consortium for the role, or send it from an account that has it.";
const accounts = "Give an address that is not zero.";
const statement =
  "A statement is signed by the validator's own key, 65 bytes: check that the signature was not cut or changed.";

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
  WalletsTooMany: "One call answers for at most 256 wallets: ask in parts.",
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

  CandidateStatusMismatch: ({ candidate, status }) =>
    `Candidate ${candidate} is ${nameOfStatus(status)}, which does not go with this: see its status.`,
  CandidatesTooMany: "As many candidates stand as can: expel lapsed ones, or wait until one resigns.",
  CandidateInGoodStanding: "Only a candidate whose certificate lapsed or whose own stake is too small can be expelled.",
  SelfStakeTooSmall: ({ required }) => `A candidate needs ${coins(required)} coins of its own at stake: stake more.`,
  OperatorMismatch: "Only the institution's wallet that stood operates its candidate: send it from that one.",
  CommissionTooHigh: ({ limit }) => `The rules allow ${limit} basis points at most: ask for less.`,
  CommissionChanging: "An announced commission takes effect in this epoch: announce another one in the next.",
  AmountZero: "Give an amount above zero.",
  StakeInsufficient: ({ stake }) => `The position holds ${coins(stake)} coins: take out that much at most.`,
  StakeAnswerable: ({ stake, until }) =>
    `${coins(stake)} coins came from another candidate and answer for it: leave them until epoch ${until}.`,
  RedelegationInvalid: "Stake moves between two different candidates: name another one.",
  NothingUnbonding:
    "Nothing is unbonding with this candidate under this epoch: name the epoch in which the stake left.",
  StillUnbonding: ({ until }) => `The stake is still unbonding: claim it in epoch ${until}.`,
  StillJailed: ({ until }) => `The candidate stays in jail: unjail it at ${moment(until)}.`,
  EpochNotDue: ({ dueAt }) => `The epoch is not over: elect at ${moment(dueAt)}.`,
  ValidatorsTooFew: ({ eligible, required }) =>
    `${eligible} certified institutions stand, and the first election needs ${required}: have more of them stand.`,
  EpochUnknown:
    "The epoch has not begun, or its set is not kept any more: name the current one or one of the 63 before.",
  SlotUnscheduled: "No set was elected for this slot, or it is not kept any more: name a later slot.",
  FaultExpired: "The fault is so long ago that the stake no longer answers for it, or its epoch has not begun.",
  RuleOutOfBounds: ({ rule }) => `The rule ${nameOfRule(rule)} is out of its bounds: see IValidatorRegistry.Rules.`,
  EmissionCapTooLarge: ({ limit }) => `Deploy the coin with a lifetime cap of ${coins(limit)} coins at most.`,

  RangeMismatch: ({ start }) =>
    `The next certificate begins with block ${start}: give the leaders of all blocks from there.`,
  HeightOutsideEpoch:
    "The block belongs to another epoch: confirm each epoch up to its last block, by its own validators.",
  BlockHashMismatch:
    "The chain's block of this number is another one, or does not exist yet: check network and height.",
  LeaderMismatch: ({ slot }) =>
    `Slot ${slot} does not belong to this leader, or does not come after the one before: give the makers as they were.`,
  VoteSignatureInvalid:
    "Give one signature for each signer, in the order of the seats, each over this very certificate on this deployment.",
  QuorumMissing: "The signers hold too little: wait for the votes of more than two thirds of the power.",
  EpochNotConfirmed: ({ lastBlock }) => notConfirmed(lastBlock),
  EvidenceInvalid: "The two statements are no evidence: see the rules of the function in IBlockCertifier.",
  NotAValidator: ({ epoch }) => `The signer was no validator of epoch ${epoch}: check epoch, network and signature.`,
  DisputeKnown: "These two results are on record already: nothing is left to do.",
  RewardsInvalid: "A reward rule is out of its bounds: see IBlockCertifier.Rewards.",
  ECDSAInvalidSignature: statement,
  ECDSAInvalidSignatureLength: statement,
  ECDSAInvalidSignatureS: statement,

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

  ...marketRemedies,
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

function nameOfStatus(code: unknown): string {
  return candidateStatusName(Number(code)).toLowerCase();
}

/** A rule's name, which the contract gives as the letters of a word. */
function nameOfRule(word: unknown): string {
  return decodeBytes32String(String(word));
}

/** An epoch that lasts has no last block yet, which the contract says by a number beyond all. */
function notConfirmed(lastBlock: unknown): string {
  return Number(lastBlock) > Number.MAX_SAFE_INTEGER
    ? "The epoch is not over: settle it after the next election."
    : `Confirm the epoch's blocks up to ${lastBlock} first.`;
}
