// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccountCenter} from "../accounts/IAccountCenter.sol";
import {Role} from "../accounts/Account.sol";
import {IMedicalCoin} from "../coin/IMedicalCoin.sol";
import {IConsentRegistry} from "../records/IConsentRegistry.sol";
import {IRecordRegistry} from "../records/IRecordRegistry.sol";
import {RecordId} from "../records/Record.sol";
import {DatasetId} from "./Dataset.sol";
import {IQuoter, Quote} from "./IQuoter.sol";
import {IDatasetRegistry} from "./IDatasetRegistry.sol";
import {ManifestLeaf, Order, OrderId, OrderRequest, OrderState} from "./Order.sol";

/**
 * @title IDataMarket
 * @notice The market for medical records (the paper's section IV): consumers order from the datasets of the {IDatasetRegistry} at the
 * equilibrium of the pricing game, the payment waits in escrow until the delivery stood unchallenged, and patients, doctors and institution
 * are paid what is theirs.
 *
 * An order is for the version of a dataset that was on sale. The creators of a version's records (patients and doctors) share in every sale
 * of it, by weight, whichever records the buyer gets; a sale costs the same however many they are, and each record's share is claimed on
 * its own.
 *
 * An order goes from Ordered to Delivered to Released. It is Refunded when it is not delivered in time, when the delivery is proven to hold
 * a record without consent, when the arbiter finds for the buyer, and when the arbiter keeps silent. Nothing that is paid out waits for
 * anybody's good will, and a pause stops only what is new.
 */
interface IDataMarket {
    /// @notice How the market works; bounds in brackets.
    /// @param periodLength Seconds of a market period [1 hour, 366 days].
    /// @param deliveryTime Seconds that a provider has to deliver [1 hour, 90 days].
    /// @param disputeWindow Seconds that a buyer has to dispute a delivery [1 hour, 90 days].
    /// @param arbitrationTime Seconds that the arbiter has to rule [1 hour, 366 days].
    /// @param turnover The part of a stock that is expected to be ordered in a period, in basis points [1, 65,535].
    /// @param reactivity k in the rule by which ceilings and published numbers move, in basis points [0, 10,000].
    struct MarketRules {
        uint32 periodLength;
        uint32 deliveryTime;
        uint32 disputeWindow;
        uint32 arbitrationTime;
        uint16 turnover;
        uint16 reactivity;
    }

    /// @notice What the market publishes for the consumers of a role who want records of a class; one storage slot.
    /// @param alpha How much their satisfaction grows (alpha in eq. (2)), in WAD.
    /// @param c Their cost (c in eq. (2)), in WAD records; 0 while nothing is published.
    /// @param since When they were published or last moved, in seconds: `demand` and `orders` count from there.
    /// @param demand Records sold since then, in orders that were released.
    /// @param orders Those orders, 65,535 at most.
    struct Numbers {
        uint88 alpha;
        uint80 c;
        uint40 since;
        uint32 demand;
        uint16 orders;
    }

    /// @notice What moves the ceiling of a dataset's price; one storage slot.
    /// @param lambda The ceiling that the last move came to, in wei; 0 before the first, when it is the provider's lambdaMax. In force is
    /// what of it lies within the provider's bounds.
    /// @param since When it last moved or first sold, in seconds: `demand` counts from there; 0 before.
    /// @param demand Records sold since then, in orders that were released.
    struct Ceiling {
        uint80 lambda;
        uint40 since;
        uint64 demand;
    }

    /// @notice Between what the published numbers move, in WAD; `cMin` above 0.
    struct NumberBounds {
        uint88 alphaMin;
        uint88 alphaMax;
        uint80 cMin;
        uint80 cMax;
    }

    /// @notice A record's share in the sales of one version.
    /// @param recordId The record.
    /// @param ordinal Which of its listings, 0 for the first.
    /// @param version The version.
    struct Claim {
        RecordId recordId;
        uint8 ordinal;
        uint32 version;
    }

    /// @notice The ceiling of a dataset's price was moved by the rule.
    event CeilingMoved(DatasetId indexed dataset, uint32 indexed period, uint80 ceiling);

    /// @notice The numbers for a class and a role were published.
    event NumbersPublished(uint8 indexed dataClass, Role indexed role, uint32 indexed period, uint88 alpha, uint80 c);

    /// @notice The consortium set between what the numbers move.
    event NumberBoundsSet(uint8 indexed dataClass, Role indexed role, NumberBounds bounds);

    /// @notice The consortium set the rules.
    event MarketRulesSet(MarketRules rules);

    /// @notice `buyer` ordered, and `price * amount` is in escrow.
    event OrderPlaced(
        OrderId indexed order,
        DatasetId indexed dataset,
        address indexed buyer,
        uint32 version,
        uint256 price,
        uint24 amount,
        uint8 purpose
    );

    /// @notice The provider delivered `delivered` records; the buyer may dispute until `deadline`.
    event OrderDelivered(
        OrderId indexed order,
        bytes32 manifestRoot,
        uint24 delivered,
        uint40 exportedAt,
        uint40 deadline
    );

    /// @notice The buyer disputes the delivery, for a reason whose hash is `reason`; the arbiter may rule until `deadline`.
    event OrderDisputed(OrderId indexed order, bytes32 reason, uint40 deadline);

    /// @notice The arbiter ruled.
    event OrderRuled(OrderId indexed order, bool toBuyer);

    /// @notice The delivery holds a record without consent, one that is not in the version, or one under another grant than it was listed
    /// with.
    event FraudProven(OrderId indexed order, RecordId indexed recordId);

    /// @notice The escrow went to the creators, who share `creators`, and to the institution.
    event OrderReleased(OrderId indexed order, uint256 creators, uint256 institution);

    /// @notice `amount` of the escrow went back to the buyer: all that was left of it, or what was not delivered.
    event EscrowRefunded(OrderId indexed order, address indexed buyer, uint256 amount);

    /// @notice A record's share in the sales of a version was paid.
    event ShareClaimed(
        RecordId indexed recordId,
        DatasetId indexed dataset,
        uint32 version,
        uint256 patient,
        uint256 doctor
    );

    /// @notice An institution was paid its income.
    event IncomeClaimed(uint16 indexed institution, address indexed wallet, uint256 amount);

    /// @notice The dataset takes no orders: it is closed, or its version on sale holds no records.
    error DatasetNotOnSale(DatasetId dataset);

    /// @notice Nothing is published for this class and role.
    error NumbersNotPublished(uint8 dataClass, Role role);

    /// @notice The numbers do not fit their bounds, or the bounds each other; role or class is none that buys or is priced.
    error NumbersInvalid(uint8 dataClass, Role role, uint88 alpha, uint80 c);

    /// @notice No whole period has passed since the last move: the next is from `end` on, in seconds.
    error PeriodNotOver(uint40 end);

    /// @notice A rule is out of its bounds.
    error MarketRulesInvalid(MarketRules rules);

    /// @notice Another version is on sale than the one that was quoted. Remedy: quote again.
    error VersionChanged(DatasetId dataset, uint32 quoted, uint32 version);

    /// @notice The order would cost more than the quote that it names. Remedy: quote again.
    error QuoteExceeded(uint256 payment, uint256 maxPayment);

    /// @notice The dataset may not be bought for this purpose.
    error PurposeNotOffered(DatasetId dataset, uint8 purpose);

    /// @notice Less coin came in than was to be paid.
    error PaymentShort(uint256 received, uint256 payment);

    /// @notice No order has this number.
    error OrderUnknown(OrderId order);

    /// @notice The order is not in a state for this.
    error OrderStateMismatch(OrderId order, OrderState state);

    /// @notice The order's deadline has passed.
    error OrderDeadlinePassed(OrderId order, uint40 deadline);

    /// @notice The order's deadline has not passed.
    error OrderDeadlineNotPassed(OrderId order, uint40 deadline);

    /// @notice Only the order's buyer may do this.
    error OrderNotOf(OrderId order, address buyer);

    /// @notice The order is from another institution's dataset.
    error OrderNotFrom(OrderId order, uint16 institution);

    /// @notice Accounts of this role do not buy.
    error RoleBuysNothing(address buyer, Role role);

    /// @notice Nothing is ordered.
    error AmountZero();

    /// @notice A delivery has a root, and 1 to `amount` records.
    error DeliveryInvalid(bytes32 manifestRoot, uint24 delivered, uint24 amount);

    /// @notice Consents are checked for an export between `earliest` and now: not before the order, at most an hour before the delivery.
    error ExportTimeInvalid(uint40 exportedAt, uint40 earliest);

    /// @notice The leaf is not one of the delivery's manifest.
    error ManifestLeafInvalid(OrderId order);

    /// @notice The record is in the version under this grant, which is not known to have been over.
    error FraudNotProven(RecordId id);

    /// @notice A cleared order's price is below what its creators and provider need.
    error ClearedPriceTooLow(uint256 price, uint256 least);

    /// @notice The listing that a claim names was not in the version.
    error ClaimInvalid(RecordId recordId, uint8 ordinal, uint32 version);

    /// @notice One call takes 1 to 100 claims.
    error ClaimCountInvalid(uint256 claims);

    /// @notice The institution has no income to take.
    error NoIncome(uint16 institution);

    /// @notice Moves the ceiling of a dataset's price by what was sold (in orders that were released) since it last moved: `lambdaMax' =
    /// lambdaMax (1 + clamp(k (demand - target) / target, -1/8, 1/8))`, within the provider's bounds. The target is the turnover of the
    /// stock; demand is the average in a period's length since then. The first call starts the count, unless a sale did. Callable by
    /// anyone, a period's length after the last move, while the dataset is on sale.
    function advanceCeiling(DatasetId dataset) external;

    /// @notice Moves the published numbers for a class and role by what consumers of the role bought (in orders that were released) since
    /// they last moved: alpha up and c down when they bought more a period than the turnover of the data amount in the class, the other
    /// way round when they bought less, by the same bounded step as a ceiling and within their bounds; not at all without consumers.
    /// Callable by anyone, a period's length after the last move.
    function advanceNumbers(uint8 dataClass, Role role) external;

    /// @notice Publishes numbers and bounds for a class and role. Callable by the consortium.
    /// @param dataClass 24 to 31.
    /// @param role A role that buys: Researcher, Company, Insurer.
    /// @param alpha In WAD.
    /// @param c In WAD.
    function publishNumbers(uint8 dataClass, Role role, uint88 alpha, uint80 c, NumberBounds calldata bounds) external;

    /// @notice Sets the rules, all but the length of a period, which stays. Deadlines of orders that stand do not move. Callable by the
    /// consortium.
    function setRules(MarketRules calldata rules) external;

    /// @notice Stops ordering. Callable by a pauser.
    function pause() external;

    /// @notice Ends a pause. Callable by a pauser.
    function unpause() external;

    /// @notice What an order of a consumer of `role` costs now, with the published numbers.
    /// @param role The consumer's role.
    /// @param dMin The least amount, in records, above 0.
    /// @param maxPrice The highest price that the consumer takes, in wei.
    function quote(DatasetId dataset, Role role, uint24 dMin, uint80 maxPrice) external view returns (Quote memory);

    /// @notice What the game says with the consumer's own numbers; an order counts with the published ones.
    /// @param alpha In WAD.
    /// @param c In WAD, above 0.
    /// @param dMin The least amount, in records, above 0.
    /// @param maxPrice The highest price that the consumer takes, in wei.
    function quoteWith(
        DatasetId dataset,
        uint256 alpha,
        uint256 c,
        uint24 dMin,
        uint80 maxPrice
    ) external view returns (Quote memory);

    /// @notice Orders at the equilibrium price for the published numbers, and pays into escrow. Callable by an active account of a role
    /// with published numbers, that allows the market the payment.
    /// @param request What, and what it may cost at most.
    /// @return id The order's number.
    function order(OrderRequest calldata request) external returns (OrderId id);

    /// @notice {order}, with a permit (ERC-2612) of the caller for `request.maxPayment`. A permit that somebody else sent already does not
    /// stop the order.
    /// @param deadline Last second at which the permit counts.
    function orderWithPermit(
        OrderRequest calldata request,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external returns (OrderId id);

    /// @notice Orders for a buyer at a price that a clearing found; the caller pays. Callable by the clearing.
    /// @param buyer An active account of a role that buys.
    /// @param amount Records, above 0; for what the version lacks by now the buyer is refunded at once.
    /// @param price Of a record, in wei, at least `gamma + floor`.
    /// @param purpose Number of the purpose's bit.
    /// @return id The order's number.
    function orderFor(
        address buyer,
        DatasetId dataset,
        uint24 amount,
        uint80 price,
        uint8 purpose
    ) external returns (OrderId id);

    /// @notice Says what was delivered; what was ordered and not delivered is refunded at once. Callable by the provider, in time.
    /// @param id The order.
    /// @param manifestRoot Root of the Merkle tree over the {ManifestLeaf}s, each hashed twice, pairs sorted.
    /// @param delivered Records, 1 to the ordered amount.
    /// @param exportedAt When the consents were checked, in seconds: at most an hour ago, and not before the order.
    function deliver(OrderId id, bytes32 manifestRoot, uint24 delivered, uint40 exportedAt) external;

    /// @notice Accepts a delivery before its window is over, also a disputed one; everybody is paid. Callable by the buyer.
    function confirm(OrderId id) external;

    /// @notice Disputes a delivery, once. Callable by the buyer, within the window.
    /// @param reason Hash of what is wrong with it.
    function dispute(OrderId id, bytes32 reason) external;

    /// @notice Decides a dispute. Callable by an arbiter, until somebody takes the refund after the arbiter's deadline.
    /// @param toBuyer Whether the buyer is refunded; otherwise everybody is paid.
    function rule(OrderId id, bool toBuyer) external;

    /// @notice Gives the escrow back when the order was not delivered in time, or the arbiter kept silent. Callable by anyone; by the
    /// provider also before that time is over, who gives up the order or concedes the dispute.
    function refund(OrderId id) external;

    /// @notice Pays everybody when a delivery stood unchallenged for its window. Callable by anyone.
    function release(OrderId id) external;

    /// @notice Proves that a delivery holds a record without consent at the export ({IConsentRegistry-isRefuted}), one that the version
    /// does not hold, or one under another grant than it was listed with; the buyer is refunded. Callable by anyone, until the order is
    /// released.
    /// @param leaf The record's leaf in the manifest.
    /// @param proof Its Merkle proof.
    function proveFraud(OrderId id, ManifestLeaf calldata leaf, bytes32[] calldata proof) external;

    /// @notice Pays shares to the patients and doctors of records. Callable by anyone: it pays nobody else.
    /// @param claims 1 to 100; one with nothing to claim pays nothing.
    function claimShares(Claim[] calldata claims) external;

    /// @notice Pays an institution its income, to its wallet. Callable by anyone, whatever the state of its certificate.
    /// @param institution The institution's number.
    /// @return amount In wei.
    function claimIncome(uint16 institution) external returns (uint256 amount);

    /// @notice The order; zero if there is none.
    function orderOf(OrderId id) external view returns (Order memory);

    /// @notice What a claim would pay now, in wei.
    function shareOf(Claim calldata claim) external view returns (uint256 patient, uint256 doctor);

    /// @notice An institution's income that is not taken yet, in wei.
    function incomeOf(uint16 institution) external view returns (uint256);

    /// @notice The ceiling of a dataset's price and the demand that moves it.
    function ceilingOf(DatasetId dataset) external view returns (Ceiling memory);

    /// @notice The published numbers for a class and role.
    function numbersOf(uint8 dataClass, Role role) external view returns (Numbers memory);

    /// @notice Between what they move.
    function numberBoundsOf(uint8 dataClass, Role role) external view returns (NumberBounds memory);

    /// @notice The rules.
    function marketRules() external view returns (MarketRules memory);

    /// @notice The market period now: seconds since 1970 by the length of a period.
    function currentPeriod() external view returns (uint32);

    /// @notice How many orders were placed; their numbers are 1 to this.
    function orderCount() external view returns (uint32);

    /// @notice Says who is certified.
    function accountCenter() external view returns (IAccountCenter);

    /// @notice What is paid with.
    function medicalCoin() external view returns (IMedicalCoin);

    /// @notice Says what an order costs.
    function quoter() external view returns (IQuoter);

    /// @notice The datasets.
    function datasetRegistry() external view returns (IDatasetRegistry);

    /// @notice The index of the records.
    function recordRegistry() external view returns (IRecordRegistry);

    /// @notice The patients' consent.
    function consentRegistry() external view returns (IConsentRegistry);
}
