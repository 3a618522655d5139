/** Healthchain's library: accounts, records and consents, coin, consensus, and the market, without console, process or Hardhat. */
export * from "./accounts/index.js";
export { ChainError, chainErrorNames, chainErrorOf, withChainErrors } from "./chainError.js";
export * from "./coin/index.js";
// Both domains have signed statements.
export type { Signed as SignedStatement } from "./consensus/index.js";
export * from "./consensus/index.js";
export {
  type DomainPublisher,
  DomainRefused,
  domainOf,
  NotSignedBy,
  requireSignedBy,
  signerOfTyped,
  signTyped,
  type TypedDomain,
  type TypedStatement,
  typedDomain,
} from "./eip712.js";
export { type BlockRange, eventsAbout, inOrder, type LoggedEvent, type TimedEvent } from "./eventLog.js";
export * from "./market/index.js";
export { BlockUnknown, ProviderMissing } from "./provider.js";
export type { Signed } from "./records/chain.js";
export * from "./records/chain.js";
export * from "./records/index.js";
export type { ErrorArguments } from "./remedyWords.js";
export { type Mined, mined, TransactionLost } from "./transaction.js";
export { dayCeil, dayFloor, exactSecond, InvalidDate, isWholeDay } from "./utcDay.js";
