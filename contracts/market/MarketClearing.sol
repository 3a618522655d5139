// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Pausable} from "@openzeppelin/contracts/utils/Pausable.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {BitMaps} from "@openzeppelin/contracts/utils/structs/BitMaps.sol";
import {Governed} from "../Governed.sol";
import {Account, Role} from "../accounts/Account.sol";
import {AccountReader} from "../accounts/AccountReader.sol";
import {IAccountCenter} from "../accounts/IAccountCenter.sol";
import {IMedicalCoin} from "../coin/IMedicalCoin.sol";
import {DataClass} from "../records/DataClass.sol";
import {PurposeOfUse} from "../records/PurposeOfUse.sol";
import {Bid, BidLib} from "./Bid.sol";
import {Clearing} from "./Clearing.sol";
import {DatasetId, Sale} from "./Dataset.sol";
import {IDataMarket} from "./IDataMarket.sol";
import {IDatasetRegistry} from "./IDatasetRegistry.sol";
import {IMarketClearing, Round, RoundId} from "./IMarketClearing.sol";
import {Offer, OfferLib} from "./Offer.sol";
import {OrderId} from "./Order.sol";
import {SupplyCurve} from "./SupplyCurve.sol";

/**
 * @title MarketClearing
 * @notice Rounds, offers, bids and their settlement. {IMarketClearing} says what each function promises.
 */
contract MarketClearing is IMarketClearing, Governed, Pausable, ReentrancyGuardTransient {
    using AccountReader for IAccountCenter;
    using BitMaps for BitMaps.BitMap;
    using Clearing for Offer[];
    using SafeERC20 for IMedicalCoin;

    uint256 private constant WAD = 1e18;
    uint256 private constant MAX_BIDDING = 30 days;
    uint256 private constant MIN_SETTLEMENT = 1 hours;
    uint256 private constant MAX_SETTLEMENT = 7 days;
    /// @dev Their numbers fit a byte each of one word.
    uint256 private constant MAX_OFFERS = 32;
    /// @dev So that no few institutions can shut the others out.
    uint256 private constant MAX_OFFERS_OF_INSTITUTION = 4;
    uint256 private constant MAX_BIDS = 400;
    /// @dev More than one order and the call around it ever take.
    uint256 private constant ORDER_GAS = 400_000;

    /// @inheritdoc IMarketClearing
    IDataMarket public immutable dataMarket;

    /// @inheritdoc IMarketClearing
    IDatasetRegistry public immutable datasetRegistry;

    /// @inheritdoc IMarketClearing
    IAccountCenter public immutable accountCenter;

    /// @inheritdoc IMarketClearing
    IMedicalCoin public immutable medicalCoin;

    // Shares a slot with the successor and the pause:
    // bits 0-159 successor | 160-167 paused | 168-199 roundCount

    /// @inheritdoc IMarketClearing
    uint32 public roundCount;

    mapping(RoundId round => Round) private _rounds;

    mapping(RoundId round => Offer[]) private _offers;

    mapping(RoundId round => Bid[]) private _bids;

    /// @dev Of cleared rounds; as {Clearing-packMerit} packs it.
    mapping(RoundId round => uint256) private _merits;

    mapping(RoundId round => BitMaps.BitMap) private _bidders;

    /// @inheritdoc IMarketClearing
    mapping(uint24 bidder => uint256) public refundOf;

    /// @param consortium The access manager.
    /// @param dataMarket_ Where the orders go; its datasets, account center and coin are used. It has to let this contract call `orderFor`.
    constructor(address consortium, IDataMarket dataMarket_) Governed(consortium) {
        dataMarket = dataMarket_;
        datasetRegistry = dataMarket_.datasetRegistry();
        accountCenter = dataMarket_.accountCenter();
        medicalCoin = dataMarket_.medicalCoin();
    }

    /// @inheritdoc IMarketClearing
    function openRound(
        uint8 dataClass,
        uint8 purpose,
        uint40 biddingEnd,
        uint40 settleDeadline
    ) external restricted whenNotPaused returns (RoundId round) {
        bool isKnown = (PurposeOfUse.KNOWN >> purpose) & 1 != 0;
        if (!DataClass.isOfRecord(dataClass) || !isKnown) revert RoundSubjectInvalid(dataClass, purpose);
        if (
            biddingEnd <= block.timestamp ||
            biddingEnd > block.timestamp + MAX_BIDDING ||
            settleDeadline < biddingEnd + MIN_SETTLEMENT ||
            settleDeadline > biddingEnd + MAX_SETTLEMENT
        ) revert RoundTimesInvalid(biddingEnd, settleDeadline);

        round = RoundId.wrap(++roundCount);
        Round storage opened = _rounds[round];
        opened.dataClass = dataClass;
        opened.purpose = purpose;
        opened.biddingEnd = biddingEnd;
        opened.settleDeadline = settleDeadline;
        emit RoundOpened(round, dataClass, purpose, biddingEnd, settleDeadline);
    }

    /// @inheritdoc IMarketClearing
    function offer(
        RoundId round,
        DatasetId dataset,
        uint80 cost,
        uint24 capacity
    ) external whenNotPaused returns (uint256 index) {
        Account account = accountCenter.read(msg.sender);
        account.requireActive(msg.sender, Role.Institution);
        uint16 institution = account.institution();
        _checkDataset(_bidding(round), dataset, institution, cost, capacity);
        index = _checkOffers(round, dataset, institution);
        _offers[round].push(OfferLib.pack(dataset, cost, institution, capacity));
        emit OfferMade(round, dataset, institution, index, cost, capacity);
    }

    /// @inheritdoc IMarketClearing
    function bid(RoundId round, BidTerms calldata terms) external returns (uint256 index) {
        return _bid(round, terms);
    }

    /// @inheritdoc IMarketClearing
    function bidWithPermit(
        RoundId round,
        BidTerms calldata terms,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external returns (uint256 index) {
        // Whoever sent the permit before gave the allowance with it.
        uint256 escrow = escrowOf(terms);
        if (medicalCoin.allowance(msg.sender, address(this)) < escrow) {
            medicalCoin.permit(msg.sender, address(this), escrow, deadline, v, r, s);
        }
        return _bid(round, terms);
    }

    /// @inheritdoc IMarketClearing
    function clear(RoundId round, uint80 price, uint16 cut, uint8[] calldata merit) external {
        Round storage cleared = _known(round);
        if (cleared.price != 0) revert RoundAlreadyCleared(round);
        if (block.timestamp < cleared.biddingEnd) revert BiddingNotOver(round, cleared.biddingEnd);
        _requireSettleable(round, cleared.settleDeadline);

        Offer[] memory offers = _offers[round];
        uint256 packed = offers.packMerit(merit);
        Clearing.check(_bids[round], SupplyCurve.curveOf(offers.inMerit(packed)), price, cut);
        _merits[round] = packed;
        cleared.price = price;
        cleared.cut = cut;
        emit RoundCleared(round, price, cut);
    }

    /// @inheritdoc IMarketClearing
    function settle(RoundId round, uint16 count) external nonReentrant {
        Round storage cleared = _known(round);
        if (cleared.price == 0) revert RoundNotCleared(round);
        _requireSettleable(round, cleared.settleDeadline);
        _requireMayOrder();

        Offer[] memory ordered = meritOf(round);
        uint256[] memory curve = SupplyCurve.curveOf(ordered);
        uint256 first = cleared.settled;
        uint256 end = first + count;
        if (end > _bids[round].length) end = _bids[round].length;
        for (uint256 index = first; index < end; ++index) _settle(round, ordered, curve, index);
    }

    /// @inheritdoc IMarketClearing
    function reclaim(RoundId round, uint256 index) external nonReentrant returns (uint256 amount) {
        Round storage over = _known(round);
        if (block.timestamp < over.settleDeadline) revert RoundNotOver(round, over.settleDeadline);
        if (index >= _bids[round].length) revert BidUnknown(round, index);
        Bid reclaimed = _bids[round][index];
        if (index < over.settled || reclaimed.isReturned()) revert BidClosed(round, index);

        _bids[round][index] = reclaimed.withReturned();
        uint24 bidder = reclaimed.bidder();
        amount = reclaimed.escrow();
        emit BidReclaimed(round, bidder, index, amount);
        medicalCoin.safeTransfer(accountCenter.professionalWallet(bidder), amount);
    }

    /// @inheritdoc IMarketClearing
    function claimRefund(uint24 bidder) external nonReentrant returns (uint256 amount) {
        amount = refundOf[bidder];
        if (amount == 0) revert NoRefund(bidder);
        refundOf[bidder] = 0;
        address wallet = accountCenter.professionalWallet(bidder);
        emit RefundClaimed(bidder, wallet, amount);
        medicalCoin.safeTransfer(wallet, amount);
    }

    /// @inheritdoc IMarketClearing
    function pause() external restricted {
        _pause();
    }

    /// @inheritdoc IMarketClearing
    function unpause() external restricted {
        _unpause();
    }

    /// @inheritdoc IMarketClearing
    function roundOf(RoundId round) external view returns (Round memory) {
        return _rounds[round];
    }

    /// @inheritdoc IMarketClearing
    function offersOf(RoundId round) external view returns (Offer[] memory) {
        return _offers[round];
    }

    /// @inheritdoc IMarketClearing
    function bidsOf(RoundId round) external view returns (Bid[] memory) {
        return _bids[round];
    }

    /// @inheritdoc IMarketClearing
    function hasBid(RoundId round, uint24 bidder) external view returns (bool) {
        return _bidders[round].get(bidder);
    }

    /// @inheritdoc IMarketClearing
    function meritOf(RoundId round) public view returns (Offer[] memory) {
        if (_rounds[round].price == 0) revert RoundNotCleared(round);
        Offer[] memory offers = _offers[round];
        return offers.inMerit(_merits[round]);
    }

    /// @inheritdoc IMarketClearing
    function escrowOf(BidTerms calldata terms) public pure returns (uint256) {
        return _pack(0, terms).escrow();
    }

    function _bid(RoundId round, BidTerms calldata terms) private whenNotPaused nonReentrant returns (uint256 index) {
        _bidding(round);
        bool isTooHigh = uint256(terms.maxPrice) * BidLib.UNIT > type(uint80).max;
        if (terms.c == 0 || terms.dMin == 0 || terms.maxPrice == 0 || isTooHigh) revert BidInvalid(terms);
        Account account = accountCenter.read(msg.sender);
        account.requireActive(msg.sender, account.isIn(Role.Company) ? Role.Company : Role.Researcher);
        uint24 bidder = account.number();
        if (_bidders[round].get(bidder)) revert BidderHasBid(round, bidder);
        index = _bids[round].length;
        if (index == MAX_BIDS) revert BidsTooMany(round);

        Bid placed = _pack(bidder, terms);
        _bidders[round].set(bidder);
        _bids[round].push(placed);
        uint256 escrow = placed.escrow();
        emit BidPlaced(round, bidder, index, terms, escrow);
        _take(escrow);
    }

    /// @dev Takes coin from the sender, all of it or nothing.
    function _take(uint256 amount) private {
        uint256 before = medicalCoin.balanceOf(address(this));
        medicalCoin.safeTransferFrom(msg.sender, address(this), amount);
        uint256 received = medicalCoin.balanceOf(address(this)) - before;
        if (received < amount) revert EscrowShort(received, amount);
    }

    function _settle(RoundId round, Offer[] memory ordered, uint256[] memory curve, uint256 index) private {
        Round memory cleared = _rounds[round];
        Bid settled = _bids[round][index];
        uint24 bidder = settled.bidder();
        cleared.settled = uint16(index + 1);
        bool isAdmitted = Clearing.isAdmitted(settled, index, cleared.price, cleared.cut);
        if (!isAdmitted || !Clearing.isServable(settled, curve)) {
            _rounds[round] = cleared;
            refundOf[bidder] += settled.escrow();
            emit BidLeftOut(round, bidder, index);
            return;
        }

        uint256 amount = Clearing.demandAt(settled, cleared.price) / WAD;
        // What all take is at most what is offered at the price, so no offer that costs more is reached.
        (Offer[] memory parts, uint256 place, uint256 sold) = ordered.lay(amount, cleared.place, cleared.sold);
        // At most the number of offers, and less than a capacity.
        cleared.place = uint8(place);
        cleared.sold = uint24(sold);
        _rounds[round] = cleared;
        uint256 payment = _order(round, index, bidder, cleared, parts);
        refundOf[bidder] += settled.escrow() - payment;
    }

    /// @dev Places the orders of one bid, as far as the market takes them.
    /// @return payment What they cost, in wei.
    function _order(
        RoundId round,
        uint256 index,
        uint24 bidder,
        Round memory cleared,
        Offer[] memory parts
    ) private returns (uint256 payment) {
        uint256 wanted = 0;
        for (uint256 i = 0; i < parts.length; ++i) wanted += parts[i].capacity();
        medicalCoin.forceApprove(address(dataMarket), cleared.price * wanted);

        OrderId[] memory orders = new OrderId[](parts.length);
        uint256 count = 0;
        uint256 amount = 0;
        for (uint256 i = 0; i < parts.length; ++i) {
            OrderId id = _orderPart(round, index, bidder, cleared, parts[i]);
            if (OrderId.unwrap(id) == 0) continue;
            orders[count++] = id;
            amount += parts[i].capacity();
        }
        assembly ("memory-safe") {
            mstore(orders, count)
        }
        if (amount != wanted) medicalCoin.forceApprove(address(dataMarket), 0);
        payment = cleared.price * amount;
        emit BidFilled(round, bidder, index, amount, payment, orders);
    }

    /// @return id The order; 0 if the market refused it.
    function _orderPart(
        RoundId round,
        uint256 index,
        uint24 bidder,
        Round memory cleared,
        Offer part
    ) private returns (OrderId id) {
        // A call gets 63 of 64 parts of what is left. With too little the order fails for the sender's fault, not the bidder's.
        uint256 available = (gasleft() * 63) / 64;
        if (available < ORDER_GAS) revert SettleGasTooLow(available, ORDER_GAS);

        address buyer = accountCenter.professionalWallet(bidder);
        // A capacity fits 24 bits, and so does its part.
        uint24 amount = uint24(part.capacity());
        try dataMarket.orderFor(buyer, part.dataset(), amount, cleared.price, cleared.purpose) returns (
            OrderId placed
        ) {
            return placed;
        } catch (bytes memory reason) {
            emit OrderRefused(round, bidder, index, part.dataset(), amount, reason);
        }
    }

    function _known(RoundId round) private view returns (Round storage known) {
        known = _rounds[round];
        if (known.biddingEnd == 0) revert RoundUnknown(round);
    }

    function _bidding(RoundId round) private view returns (Round storage bidding) {
        bidding = _known(round);
        if (block.timestamp >= bidding.biddingEnd) revert BiddingOver(round, bidding.biddingEnd);
    }

    /// @dev Without its role the market would refuse every order, and the bids would be refunded for good: the round waits instead.
    function _requireMayOrder() private view {
        IAccessManager manager = IAccessManager(authority());
        (bool mayOrder, ) = manager.canCall(address(this), address(dataMarket), IDataMarket.orderFor.selector);
        if (!mayOrder) revert AccessManagedUnauthorized(address(this));
    }

    function _requireSettleable(RoundId round, uint40 settleDeadline) private view {
        if (block.timestamp >= settleDeadline) revert RoundOver(round, settleDeadline);
    }

    function _checkDataset(
        Round storage bidding,
        DatasetId dataset,
        uint16 institution,
        uint80 cost,
        uint24 capacity
    ) private view {
        Sale memory sale = datasetRegistry.saleOf(dataset);
        if (sale.institution != institution) revert IDatasetRegistry.DatasetNotOf(dataset, institution);
        if (!sale.open) revert IDatasetRegistry.DatasetNotOpen(dataset);
        if (sale.dataClass != bidding.dataClass) revert DatasetClassMismatch(dataset, sale.dataClass);
        if ((sale.purposes >> bidding.purpose) & 1 == 0) {
            revert IDataMarket.PurposeNotOffered(dataset, bidding.purpose);
        }
        uint256 least = uint256(sale.gamma) + sale.floor;
        if (cost < least) revert OfferCostTooLow(cost, least);
        if (capacity == 0 || capacity > sale.records) revert OfferCapacityInvalid(capacity, sale.records);
    }

    /// @return count How many offers there are.
    function _checkOffers(RoundId round, DatasetId dataset, uint16 institution) private view returns (uint256 count) {
        Offer[] memory offers = _offers[round];
        count = offers.length;
        uint256 own = 0;
        for (uint256 i = 0; i < count; ++i) {
            if (DatasetId.unwrap(offers[i].dataset()) == DatasetId.unwrap(dataset)) {
                revert DatasetAlreadyOffered(round, dataset);
            }
            if (offers[i].institution() == institution) ++own;
        }
        if (count == MAX_OFFERS || own == MAX_OFFERS_OF_INSTITUTION) revert OffersTooMany(round, institution);
    }

    function _pack(uint24 bidder, BidTerms calldata terms) private pure returns (Bid) {
        return BidLib.pack(bidder, terms.alpha, terms.c, terms.dMin, terms.maxPrice);
    }
}
