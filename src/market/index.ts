/** The market: what a record costs, and who pays whom. */

export * from "./addRecords.js";
export * from "./chainEquilibrium.js";
export {
  type Allocation,
  type Clearing,
  type Part,
  solveClearing,
  welfareOfClearing,
} from "./clearing.js";
export { type Bid, BidInvalid, type BidTerms, escrowOf } from "./clearingBid.js";
export * from "./clearingClear.js";
export type { Offer } from "./clearingOffer.js";
export * from "./clearingOfferRecords.js";
export * from "./clearingOpen.js";
export * from "./clearingPlaceBid.js";
export * from "./clearingRefund.js";
export * from "./clearingRound.js";
export * from "./clearingSettle.js";
export { allDatasets, type Dataset, datasetOf } from "./dataset.js";
export * from "./datasetRecords.js";
export * from "./deliver.js";
export * from "./dispute.js";
export { grantKeyTag } from "./grantKeyTag.js";
export {
  DeliveryKeyInvalid,
  DeliveryKeyPair,
  type DeliveryPublicKey,
  type DeliverySuite,
  isDeliverySuite,
  KeyUnwrappable,
  newDeliveryKeyPair,
  unwrapContentKey,
  type WrappedKey,
  wrapContentKey,
} from "./hpke.js";
export { deliveryKeyText, readDeliveryKey } from "./hpkeKeyFile.js";
export * from "./income.js";
export { type Listed, type Listing, listDataset } from "./listing.js";
export {
  buildManifest,
  type Manifest,
  ManifestInvalid,
  type ManifestLeaf,
  manifestLeafHash,
  verifyManifestLeaf,
} from "./manifest.js";
export * from "./marketGrant.js";
export * from "./marketRules.js";
export * from "./numbers.js";
export * from "./order.js";
export * from "./orderState.js";
export * from "./pause.js";
export * from "./placeOrder.js";
export * from "./prices.js";
export {
  checkTerms,
  type Demand,
  demandAt,
  type Equilibrium,
  equilibrium,
  PRICING_LIMIT,
  // A consent has terms too.
  type PricingTerms,
  REGIMES,
  type Regime,
  WAD,
  withMaxPrice,
  withSupply,
} from "./pricing.js";
export * from "./pricingErrors.js";
export * from "./pricingGains.js";
export * from "./prune.js";
export * from "./quote.js";
export * from "./release.js";
export {
  type DeliveryPlace,
  DeliveryPlaceInvalid,
  DeliveryUndecryptable,
  type OrderPlace,
  openDelivery,
  orderText,
  placeText,
  type SealedDelivery,
  sealDelivery,
} from "./seal.js";
export type { RefundedOrder, ReleasedOrder } from "./settlement.js";
export { type ClaimedShares, claimShares, dueShares, type Share } from "./shares.js";
export * from "./sharingRewards.js";
export { type OpenedVersion, openVersion, withdrawRecords } from "./versions.js";
