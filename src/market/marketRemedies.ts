import { roleName } from "../accounts/role.js";
import { recordStateName } from "../records/indexedRecord.js";
import { coins, moment, type Remedy } from "../remedyWords.js";
import { orderStateName } from "./orderState.js";

const code = "This is a fault of the contracts: report it.";

/** What to do about each error of the market's contracts. */
export const marketRemedies: Readonly<Record<string, Remedy>> = {
  DatasetUnknown: "No dataset has this number: use one from 1 to datasetCount().",
  DatasetNotOf: ({ institution }) => `The dataset is institution ${institution}'s: act with that institution's wallet.`,
  DatasetNotOpen: "The dataset is closed for good: list another one.",
  DatasetNotOnSale:
    "The dataset is closed, unknown, or has no records on sale: choose another one, or wait for a version.",
  ListingInvalid:
    "Give a class from 24 to 31 with a weight, known purposes and section classes, gamma above 0, gamma + floor <= " +
    "lambdaMin <= lambdaMax, a patients' share, and both shares together at most 100 %.",
  PricesInvalid: ({ least }) => `Keep lambdaMin at ${coins(least)} coins or more, and lambdaMax at lambdaMin or more.`,
  RecordCountInvalid: "One call takes 1 to 100 records, each with its key: split them.",
  RecordNotListable: ({ institution, state }) =>
    `Only accepted records of institution ${institution} can be listed, and this is ${nameOfState(state)} or another's.`,
  RecordClassNotTaken: "The dataset gives this class of records no weight: add it to a dataset that takes it.",
  RecordAlreadyListed: ({ dataset }) => `The record is in dataset ${dataset}: withdraw it there first.`,
  RecordListedTooOften: "The record was listed eight times, as often as it can be: leave it out.",
  RecordNotListed: "The record is not in the dataset, or left it: name those that are in it.",
  ConsentMissing:
    "The grant does not cover the market with all purposes and section classes of the dataset: ask the patient for one that does.",
  GrantKeyMismatch: "The record was listed under another grant: give the key that RecordsListed names.",
  ConsentStillValid: "The consent covers the record still: only what has none any more can be pruned.",
  NothingJoining: "No records wait for a next version: add some first.",
  SharingRewardInvalid: "Give the patient's and the doctor's part together at most 100 %.",

  NumbersNotPublished: ({ role }) =>
    `Nothing is published for this class and ${nameOfRole(role)}: ask the consortium to publish alpha and c.`,
  NumbersInvalid:
    "Give a class from 24 to 31, a role that buys (Researcher, Company, Insurer), c above 0, and bounds around both numbers.",
  PeriodNotOver: ({ end }) => `No whole period has passed since it last moved: call again from ${moment(end)} on.`,
  MarketRulesInvalid: "A rule is out of its bounds, or the period's length differs: see IDataMarket.MarketRules.",
  VersionChanged: ({ version }) => `Version ${version} is on sale now: quote again.`,
  QuoteExceeded: ({ payment }) => `The order costs ${coins(payment)} coins now: quote again, or allow as much.`,
  PurposeNotOffered:
    "The dataset may not be bought for this purpose: name one of its purposes, or choose another dataset.",
  PaymentShort: "The coin delivered less than was to be paid: check that the market's coin is the consortium's.",
  OrderUnknown: "No order has this number: use one from 1 to orderCount().",
  OrderStateMismatch: ({ order, state }) =>
    `Order ${order} is ${nameOfOrder(state)}, which does not go with this: see \`market show\`.`,
  OrderDeadlinePassed: ({ deadline }) => `The time for this ended at ${moment(deadline)}: see what is possible now.`,
  OrderDeadlineNotPassed: ({ deadline }) => `The time of the other side ends at ${moment(deadline)}: wait for it.`,
  OrderNotOf: ({ buyer }) => `The order is ${buyer}'s: act with that wallet.`,
  OrderNotFrom: ({ institution }) => `The order is for institution ${institution}: act with that institution's wallet.`,
  RoleBuysNothing: ({ role }) => `A ${nameOfRole(role)} buys nothing on the market: use a wallet of a role that does.`,
  DeliveryInvalid: ({ amount }) => `Give the manifest's root, and 1 to ${amount} records; deliver none by a refund.`,
  ExportTimeInvalid: ({ earliest }) =>
    `Check the consents again and deliver within the hour: the export has to be of ${moment(earliest)} or later.`,
  ManifestLeafInvalid: "The leaf is not in the delivery's manifest: give leaf and proof as they were delivered.",
  FraudNotProven:
    "The consent is not known to have been over, and the record is in the version: dispute the delivery instead.",
  ClearedPriceTooLow: ({ least }) =>
    `Provider and creators need ${coins(least)} coins a record: clear at that or more.`,
  ClaimInvalid: "The record's listing was not in this version: claim for versions that held it.",
  ClaimCountInvalid: "One call takes 1 to 100 claims: split them.",
  NoIncome: "The institution has no income to take: wait until an order of its is released.",

  PricingCostInvalid: "The consumer's cost c is zero: give one above 0.",
  PricingDemandInvalid: "The least amount dMin is zero: give one above 0.",
  PricingGammaInvalid: "The provider's cost gamma is zero: give one above 0.",
  PricingFloorInvalid: "The least price does not cover the cost: raise lambdaMin to gamma or more.",
  PricingCeilingInvalid: "The greatest price is below the least: give lambdaMin <= lambdaMax.",
  PricingInputTooLarge: "The pricing game takes numbers up to 2^120 - 1, scaled by 1e18: give a smaller one.",
  SupplyInsufficient: "The consumer takes more than there is at any price: lower dMin, or wait for more records.",
  NoTrade: ({ lambdaMin }) => `The lowest price is ${coins(lambdaMin)} coins a record: offer as much, or stay out.`,

  RoundUnknown: "No round has this number: use one from 1 to roundCount().",
  RoundTimesInvalid: "Let the bidding end within 30 days, and the settlement 1 hour to 7 days after it.",
  RoundSubjectInvalid: "Give a class from 24 to 31 and a known purpose.",
  BiddingOver: ({ biddingEnd }) => `The bidding ended at ${moment(biddingEnd)}: wait for another round.`,
  BiddingNotOver: ({ biddingEnd }) => `The bidding goes on until ${moment(biddingEnd)}: clear after it.`,
  RoundOver: "The round was not settled in time: reclaim the escrow.",
  RoundNotOver: ({ settleDeadline }) => `The round can be settled until ${moment(settleDeadline)}: settle it.`,
  RoundNotCleared: "The round has no price yet: clear it first.",
  RoundAlreadyCleared: "The round has its price: settle it.",
  DatasetClassMismatch: "The round is about another class of records: offer a dataset of that class.",
  DatasetAlreadyOffered: "The dataset is offered in this round: an offer is binding, wait for the next round.",
  OffersTooMany: "The round has 32 offers, or four of this institution: wait for the next round.",
  OfferCostTooLow: ({ least }) => `Provider and creators need ${coins(least)} coins a record: offer at that or more.`,
  OfferCapacityInvalid: ({ records }) => `Offer 1 to ${records} records.`,
  BidInvalid: "Give c, dMin and a maximum price above 0, and that price below 2^80 wei.",
  BidderHasBid: "The bidder has a bid in this round, and bids are binding: wait for the next round.",
  BidsTooMany: "The round has 400 bids: wait for the next round.",
  EscrowShort: "The coin delivered less than the escrow: check that the market's coin is the consortium's.",
  BidUnknown: "No bid of the round has this number: see bidsOf.",
  BidClosed: "The bid is settled, or its escrow was given back: nothing is left to do.",
  SettleGasTooLow: "Send more gas, or settle fewer bids at a time.",
  NoRefund: "The bidder has nothing to claim: wait until a bid is settled.",
  ClearingPriceInvalid: "A round has no price of 0: give the one that solveClearing finds.",
  ClearingCutInvalid: "The cut is the number of a bid, or of all bids: give the one that solveClearing finds.",
  ClearingMeritInvalid: "Give all offers once, by cost, equal ones by number.",
  ClearingOverCapacity: "At this price consumers take more than is offered: give the price that solveClearing finds.",
  ClearingNotOptimal:
    "A lower price, or a later cut, clears the round as well: give the price that solveClearing finds.",

  EnforcedPause: "The market is paused: what is new waits until the pause ends, all else goes on.",
  ExpectedPause: "The market is not paused: nothing is left to do.",
  ReentrancyGuardReentrantCall: code,
};

function nameOfOrder(state: unknown): string {
  return orderStateName(Number(state)).toLowerCase();
}

function nameOfState(state: unknown): string {
  return recordStateName(Number(state)).toLowerCase();
}

function nameOfRole(role: unknown): string {
  return roleName(Number(role));
}
