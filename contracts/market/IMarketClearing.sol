// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccountCenter} from "../accounts/IAccountCenter.sol";
import {IMedicalCoin} from "../coin/IMedicalCoin.sol";
import {Bid} from "./Bid.sol";
import {DatasetId} from "./Dataset.sol";
import {IDataMarket} from "./IDataMarket.sol";
import {IDatasetRegistry} from "./IDatasetRegistry.sol";
import {Offer} from "./Offer.sol";
import {OrderId} from "./Order.sol";

/// @notice Number of a round of the clearing, from 1.
type RoundId is uint32;

/**
 * @notice A round of the clearing, in one storage slot.
 * @param dataClass The record class (24 to 31) that is traded.
 * @param purpose Number of the bit of the purpose for which it is traded.
 * @param biddingEnd In seconds: offers and bids are taken before.
 * @param settleDeadline In seconds: the round is cleared and settled before; after that, what is not settled is given back.
 * @param price Of a record, in wei of coin; 0 until the round is cleared.
 * @param cut Bids whose maximum price is the price itself are in if their number is below.
 * @param settled Bids that are settled: those with a number below.
 * @param place The offer, in order of cost, that the next settled bid is served from first.
 * @param sold Records of that offer that are taken.
 */
struct Round {
    uint8 dataClass;
    uint8 purpose;
    uint40 biddingEnd;
    uint40 settleDeadline;
    uint80 price;
    uint16 cut;
    uint16 settled;
    uint8 place;
    uint24 sold;
}

/**
 * @title IMarketClearing
 * @notice The welfare-maximising market of the paper's problem C: in a *round*, several providers offer records of one class, several
 * consumers bid for them, and one price clears it. {Clearing} says which price that is and that there is only one.
 *
 * Offers and bids are binding, and a bid's escrow comes with it. After the bidding anyone computes the price and gives it to {clear}, which
 * verifies it. Then anyone calls {settle}: each bid that is in gets the whole records in its demand at the price, out of the offers in
 * order of cost, as orders in the {IDataMarket}, where delivery, dispute and the creators' shares go their usual way. What a bid does not
 * cost is its bidder's to claim. A round that is not settled in time gives the rest of the escrow back.
 *
 * Whoever cannot be served stops nobody else: if the market refuses an order (the bidder's or the provider's certificate ended, the dataset
 * was closed), the bidder gets the coin for it back, and the records stay unsold. The bid's other orders stand, also where they are for
 * fewer records than its minimum, as when a provider delivers fewer.
 */
interface IMarketClearing {
    /// @notice What a consumer bids; at a price p it takes `dMin + max(0, alpha / p - c)` records, and none above its maximum price.
    /// @param alpha How much the satisfaction with more records weighs, in gwei of coin (alpha in eq. (2)).
    /// @param c What using the data costs, in 1e-9 records, above 0 (c in eq. (2)).
    /// @param dMin The least amount, in records, above 0.
    /// @param maxPrice The price of a record above which the consumer takes none, in gwei of coin, above 0, below 2^80 wei.
    struct BidTerms {
        uint64 alpha;
        uint56 c;
        uint32 dMin;
        uint64 maxPrice;
    }

    /// @notice A round takes offers and bids.
    event RoundOpened(
        RoundId indexed round,
        uint8 indexed dataClass,
        uint8 indexed purpose,
        uint40 biddingEnd,
        uint40 settleDeadline
    );

    /// @notice A provider offers up to `capacity` records at `cost` wei or more.
    event OfferMade(
        RoundId indexed round,
        DatasetId indexed dataset,
        uint16 indexed institution,
        uint256 index,
        uint80 cost,
        uint24 capacity
    );

    /// @notice A consumer bids, and `escrow` wei came in.
    event BidPlaced(RoundId indexed round, uint24 indexed bidder, uint256 index, BidTerms terms, uint256 escrow);

    /// @notice The round's price, in wei of coin a record.
    event RoundCleared(RoundId indexed round, uint80 price, uint16 cut);

    /// @notice A bid became orders, for `amount` records and `payment` wei in all; none if the market refused every one.
    event BidFilled(
        RoundId indexed round,
        uint24 indexed bidder,
        uint256 index,
        uint256 amount,
        uint256 payment,
        OrderId[] orders
    );

    /// @notice A bid stayed out: the price is above its maximum, or equal and the bid behind the cut; or the bid alone was for more than
    /// was offered at its maximum.
    event BidLeftOut(RoundId indexed round, uint24 indexed bidder, uint256 index);

    /// @notice The market refused an order of a bid, for `amount` records of this dataset, with this error.
    event OrderRefused(
        RoundId indexed round,
        uint24 indexed bidder,
        uint256 index,
        DatasetId indexed dataset,
        uint24 amount,
        bytes reason
    );

    /// @notice A bid that was not settled in time got its escrow back.
    event BidReclaimed(RoundId indexed round, uint24 indexed bidder, uint256 index, uint256 amount);

    /// @notice A bidder was paid what its bids did not cost.
    event RefundClaimed(uint24 indexed bidder, address indexed wallet, uint256 amount);

    /// @notice No round has this number.
    error RoundUnknown(RoundId round);

    /// @notice The bidding lasts up to 30 days from now, the settlement 1 hour to 7 days after it.
    error RoundTimesInvalid(uint40 biddingEnd, uint40 settleDeadline);

    /// @notice No records are traded under this class (24 to 31), or for this purpose.
    error RoundSubjectInvalid(uint8 dataClass, uint8 purpose);

    /// @notice The round takes no more offers and bids.
    error BiddingOver(RoundId round, uint40 biddingEnd);

    /// @notice The round still takes offers and bids.
    error BiddingNotOver(RoundId round, uint40 biddingEnd);

    /// @notice The round was not settled in time. Remedy: reclaim the escrow.
    error RoundOver(RoundId round, uint40 settleDeadline);

    /// @notice The round may still be settled.
    error RoundNotOver(RoundId round, uint40 settleDeadline);

    /// @notice The round has no price yet. Remedy: clear it.
    error RoundNotCleared(RoundId round);

    /// @notice The round has a price.
    error RoundAlreadyCleared(RoundId round);

    /// @notice The dataset is of another class than the round.
    error DatasetClassMismatch(DatasetId dataset, uint8 dataClass);

    /// @notice The dataset is offered in this round.
    error DatasetAlreadyOffered(RoundId round, DatasetId dataset);

    /// @notice The round has 32 offers, or four of this institution.
    error OffersTooMany(RoundId round, uint16 institution);

    /// @notice The cost is below what provider and creators need: the dataset's `gamma + floor`.
    error OfferCostTooLow(uint80 cost, uint256 least);

    /// @notice The capacity is zero, or more than the dataset's records.
    error OfferCapacityInvalid(uint24 capacity, uint32 records);

    /// @notice c, dMin or the maximum price of the bid is zero, or the maximum price 2^80 wei or more.
    error BidInvalid(BidTerms terms);

    /// @notice The bidder has a bid in this round; bids are binding.
    error BidderHasBid(RoundId round, uint24 bidder);

    /// @notice The round has 400 bids.
    error BidsTooMany(RoundId round);

    /// @notice Less coin came in than the bid's escrow.
    error EscrowShort(uint256 received, uint256 escrow);

    /// @notice No bid of the round has this number.
    error BidUnknown(RoundId round, uint256 index);

    /// @notice The bid is settled, or its escrow was given back.
    error BidClosed(RoundId round, uint256 index);

    /// @notice With too little gas an order would fail that the market takes. Remedy: send more, or settle fewer bids.
    error SettleGasTooLow(uint256 available, uint256 needed);

    /// @notice The bidder has nothing to claim.
    error NoRefund(uint24 bidder);

    /// @notice Opens a round. Callable by the consortium.
    /// @param dataClass The record class, 24 to 31.
    /// @param purpose Number of the purpose's bit.
    /// @param biddingEnd In seconds; up to 30 days from now.
    /// @param settleDeadline In seconds; 1 hour to 7 days after `biddingEnd`.
    /// @return round Its number.
    function openRound(
        uint8 dataClass,
        uint8 purpose,
        uint40 biddingEnd,
        uint40 settleDeadline
    ) external returns (RoundId round);

    /// @notice Offers records of a dataset, once a round. Binding. Callable by the dataset's institution.
    /// @param round A round in its bidding.
    /// @param dataset A dataset on sale, of the round's class and for its purpose.
    /// @param cost The least price of a record, in wei; at least the dataset's `gamma + floor`.
    /// @param capacity Records, 1 to those on sale.
    /// @return index The offer's number in the round, from 0.
    function offer(RoundId round, DatasetId dataset, uint80 cost, uint24 capacity) external returns (uint256 index);

    /// @notice Bids, once a round, and pays the escrow, which the caller allows this contract. Binding. Callable by an active researcher or
    /// company.
    /// @param round A round in its bidding.
    /// @param terms The bid.
    /// @return index The bid's number in the round, from 0.
    function bid(RoundId round, BidTerms calldata terms) external returns (uint256 index);

    /// @notice {bid}, with a permit (ERC-2612) of the caller for exactly the escrow. It is not used where the allowance suffices, so a
    /// permit that somebody else sent already does not stop the bid.
    /// @param deadline Last second at which the permit counts.
    function bidWithPermit(
        RoundId round,
        BidTerms calldata terms,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external returns (uint256 index);

    /// @notice Sets the price of a round whose bidding is over, once. Callable by anyone: only the right one is taken ({Clearing-check}).
    /// @param round The round.
    /// @param price Of a record, in wei.
    /// @param cut Bids whose maximum price is the price itself are in if their number is below.
    /// @param merit The numbers of all offers in order of cost, equal ones in order of number.
    function clear(RoundId round, uint80 price, uint16 cut, uint8[] calldata merit) external;

    /// @notice Settles the next bids of a cleared round. Callable by anyone, while the clearing may order.
    /// @param round The round.
    /// @param count How many bids, at most; fewer if fewer are left.
    function settle(RoundId round, uint16 count) external;

    /// @notice Gives the escrow of a bid back that was not settled in time, to the bidder's wallet. Callable by anyone.
    /// @param round A round whose deadline has passed.
    /// @param index The bid's number.
    /// @return amount In wei.
    function reclaim(RoundId round, uint256 index) external returns (uint256 amount);

    /// @notice Pays to a bidder's wallet what its settled bids did not cost. Callable by anyone.
    /// @param bidder The bidder's professional number.
    /// @return amount In wei.
    function claimRefund(uint24 bidder) external returns (uint256 amount);

    /// @notice Stops new rounds, offers and bids; what was bid is cleared and settled all the same. Callable by a pauser.
    function pause() external;

    /// @notice Ends {pause}. Callable by a pauser.
    function unpause() external;

    /// @notice A round; zero if there is none.
    function roundOf(RoundId round) external view returns (Round memory);

    /// @notice All offers of a round, by number: at most 32.
    function offersOf(RoundId round) external view returns (Offer[] memory);

    /// @notice The offers of a cleared round in order of cost.
    function meritOf(RoundId round) external view returns (Offer[] memory);

    /// @notice All bids of a round, by number: at most 400.
    function bidsOf(RoundId round) external view returns (Bid[] memory);

    /// @notice Whether a bidder has a bid in a round.
    /// @param bidder The bidder's professional number.
    function hasBid(RoundId round, uint24 bidder) external view returns (bool);

    /// @notice What a bidder's settled bids did not cost and is not claimed yet, in wei.
    /// @param bidder The bidder's professional number.
    function refundOf(uint24 bidder) external view returns (uint256);

    /// @notice The escrow that a bid takes, in wei: the most that it can cost at any price up to its maximum.
    function escrowOf(BidTerms calldata terms) external pure returns (uint256);

    /// @notice How many rounds were opened; their numbers are 1 to this.
    function roundCount() external view returns (uint32);

    /// @notice Where the orders go.
    function dataMarket() external view returns (IDataMarket);

    /// @notice The datasets.
    function datasetRegistry() external view returns (IDatasetRegistry);

    /// @notice Says who is certified.
    function accountCenter() external view returns (IAccountCenter);

    /// @notice What is paid with.
    function medicalCoin() external view returns (IMedicalCoin);
}
