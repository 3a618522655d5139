// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Consortium} from "../../contracts/Consortium.sol";
import {Role} from "../../contracts/accounts/Account.sol";
import {IAccountCenter} from "../../contracts/accounts/IAccountCenter.sol";
import {MedicalCoin} from "../../contracts/coin/MedicalCoin.sol";
import {Bid} from "../../contracts/market/Bid.sol";
import {Clearing} from "../../contracts/market/Clearing.sol";
import {DataMarket} from "../../contracts/market/DataMarket.sol";
import {DatasetId, Listing} from "../../contracts/market/Dataset.sol";
import {DatasetRegistry} from "../../contracts/market/DatasetRegistry.sol";
import {IDataMarket} from "../../contracts/market/IDataMarket.sol";
import {IDatasetRegistry} from "../../contracts/market/IDatasetRegistry.sol";
import {IMarketClearing, Round, RoundId} from "../../contracts/market/IMarketClearing.sol";
import {MarketClearing} from "../../contracts/market/MarketClearing.sol";
import {Offer} from "../../contracts/market/Offer.sol";
import {Order, OrderId} from "../../contracts/market/Order.sol";
import {Quoter} from "../../contracts/market/Quoter.sol";
import {ConsentRegistry} from "../../contracts/records/ConsentRegistry.sol";
import {GrantKey, Recipient, RecipientKind, Scope, ScopeKind, Terms} from "../../contracts/records/Grant.sol";
import {RecordId} from "../../contracts/records/Record.sol";
import {Actor, Healthchain__Harness as Healthchain} from "./Healthchain__Harness.sol";
import {vm} from "./Vm.sol";

/**
 * @title ClearingHandler__Harness
 * @notice Runs rounds of the clearing at random: two datasets, four bidders, some of whose certificates are suspended, chunks of
 * settlements, rounds that run out, whole rounds at once. It counts nothing itself: what each bidder had is known, and all else can be read.
 */
contract ClearingHandler__Harness {
    uint256 public constant BIDDERS = 4;
    uint256 public constant COINS_OF_BIDDER = 1e9 ether;
    uint24 private constant FIRST_BIDDER = 4;
    uint8 private constant PURPOSE = 8;
    uint8 private constant DATA_CLASS = 24;
    uint256 private constant GWEI = 1e9;

    MedicalCoin public immutable coin;
    DataMarket public immutable market;
    MarketClearing public immutable clearing;

    Healthchain private immutable _healthchain;
    address private immutable _hospital;
    uint256 private _clock;

    constructor(Healthchain healthchain) {
        _healthchain = healthchain;
        (, _hospital) = healthchain.hospital();
        _clock = block.timestamp;
        address consortium = address(healthchain.consortium());
        IAccountCenter center = healthchain.accountCenter();
        coin = new MedicalCoin(consortium, uint128(BIDDERS * COINS_OF_BIDDER));
        DatasetRegistry registry = new DatasetRegistry(
            consortium,
            healthchain.consentRegistry(),
            healthchain.recordRegistry(),
            center,
            coin,
            IDatasetRegistry.SharingReward(0, 0, 0, 0)
        );
        market = new DataMarket(
            consortium,
            registry,
            new Quoter(),
            healthchain.consentRegistry(),
            healthchain.recordRegistry(),
            center,
            coin,
            IDataMarket.MarketRules(1 days, 1 days, 1 days, 1 days, 1_000, 0)
        );
        clearing = new MarketClearing(consortium, market);
        _allow(address(clearing));
        _fundBidders();
        _listRecords(registry, "a");
        _listRecords(registry, "b");
    }

    /// @notice Opens a round once the one before is over or settled.
    function openRound(uint8 seed) public {
        _tick(0);
        if (_round() != 0) {
            bool isSettled = _current().settled != 0 && _current().settled == _bids().length;
            if (!isSettled && _clock < _current().settleDeadline) return;
        }
        uint40 biddingEnd = uint40(_clock + 1 hours + seed);
        vm.prank(address(_healthchain));
        clearing.openRound(DATA_CLASS, PURPOSE, biddingEnd, biddingEnd + 1 hours);
    }

    function offer(uint8 seed, uint80 cost, bool isLarge) public {
        _tick(seed);
        DatasetId dataset = DatasetId.wrap(uint32(1 + (seed % 2)));
        if (!_isBidding()) return;
        RoundId round = _id();
        vm.prank(_hospital);
        // Refused where it is offered already.
        try clearing.offer(round, dataset, uint80(1 gwei + (cost % 10 gwei)), isLarge ? 3 : 1) {} catch {}
    }

    function bid(uint8 seed, uint64 alpha, uint56 c, uint8 dMin, uint64 maxPrice) public {
        _tick(seed);
        if (!_isBidding()) return;
        // Mostly of the size of the offers, sometimes any.
        bool isAny = seed % 16 == 0;
        IMarketClearing.BidTerms memory terms = IMarketClearing.BidTerms({
            alpha: isAny ? alpha : alpha % 50,
            c: isAny ? c : uint56(1 + (uint256(c) % (3 * GWEI))),
            dMin: uint32(dMin % 4),
            maxPrice: isAny ? maxPrice : maxPrice % 16
        });
        RoundId round = _id();
        vm.prank(bidderAt(seed));
        // Refused where it is invalid, a second one, or more than the bidder has.
        try clearing.bid(round, terms) {} catch {}
    }

    function suspend(uint8 seed) public {
        // One in four, so that most bidders are served.
        if (seed % 4 != 0) return;
        IAccountCenter center = _healthchain.accountCenter();
        address bidder = bidderAt(seed / 4);
        bool isActive = center.isActive(bidder);
        vm.prank(address(_healthchain));
        if (isActive) center.suspend(bidder, IAccountCenter.Reason.CertificateHold);
        else center.reinstate(bidder);
    }

    /// @notice Clears the round, and proves that its neighbours are refused.
    function clear() public {
        if (_round() == 0 || _current().price != 0 || _clock >= _current().settleDeadline) return;
        if (_isBidding()) _clock = _current().biddingEnd;
        _tick(0);
        Bid[] memory bids = _bids();
        Offer[] memory offers = clearing.offersOf(_id());
        (uint80 price, uint16 cut) = _solve(bids, offers);
        uint8[] memory merit = _meritOf(offers);
        if (price > 1) assert(!_clears(price - 1, cut, merit));
        if (cut != 0) assert(!_clears(price, cut - 1, merit));
        assert(!_clears(price + 1, cut, merit));
        assert(!_clears(price, cut + 1, merit));
        assert(_clears(price, cut, merit));
    }

    function settle(uint8 count) public {
        _tick(0);
        if (_round() == 0 || _current().price == 0 || _clock >= _current().settleDeadline) return;
        clearing.settle(_id(), count % 3);
    }

    /// @notice A whole round at once, often with a bidder suspended in between, whose orders are refused: single actions seldom come to that.
    function playRound(uint8 seed, uint64 alpha, uint80 cost) external {
        if (_round() != 0 && _clock < _current().settleDeadline) _clock = _current().settleDeadline;
        openRound(seed);
        offer(0, cost, true);
        offer(1, cost / 2, true);
        for (uint8 i = 1; i <= BIDDERS; ++i) bid(i, alpha, 2, i, 15);
        suspend(seed);
        clear();
        settle(2);
        settle(2);
    }

    function reclaim(uint8 seed) external {
        if (_round() == 0) return;
        // One in four lets the round run out.
        if (seed % 4 == 0 && _clock < _current().settleDeadline) _clock = _current().settleDeadline;
        _tick(0);
        uint256 index = (seed / 4) % BIDDERS;
        if (_clock < _current().settleDeadline || index >= _bids().length) return;
        bool isOpen = index >= _current().settled && !_bids()[index].isReturned();
        try clearing.reclaim(_id(), index) {
            assert(isOpen);
        } catch {
            assert(!isOpen);
        }
    }

    function claimRefund(uint8 seed) external {
        uint24 bidder = FIRST_BIDDER + uint24(seed % BIDDERS);
        uint256 refund = clearing.refundOf(bidder);
        if (refund != 0) assert(clearing.claimRefund(bidder) == refund);
    }

    /// @notice What the clearing owes: the escrows that are neither settled nor given back, and the refunds.
    function owed() external view returns (uint256 sum) {
        for (uint32 id = 1; id <= clearing.roundCount(); ++id) {
            Bid[] memory bids = clearing.bidsOf(RoundId.wrap(id));
            for (uint256 i = clearing.roundOf(RoundId.wrap(id)).settled; i < bids.length; ++i) {
                if (!bids[i].isReturned()) sum += bids[i].escrow();
            }
        }
        for (uint256 i = 0; i < BIDDERS; ++i) sum += clearing.refundOf(FIRST_BIDDER + uint24(i));
    }

    /// @notice What all orders cost.
    function ordered() external view returns (uint256 sum) {
        for (uint32 id = 1; id <= market.orderCount(); ++id) {
            Order memory order = market.orderOf(OrderId.wrap(id));
            sum += uint256(order.price) * order.amount;
        }
    }

    function bidderAt(uint256 seed) public pure returns (address) {
        return address(uint160(0x1000 + (seed % BIDDERS)));
    }

    /// @dev The harness of everybody is the administrator; so is the clearing here.
    function _allow(address clearing_) private {
        Consortium consortium = _healthchain.consortium();
        vm.prank(address(_healthchain));
        consortium.grantRole(0, clearing_, 0);
        vm.prank(address(_healthchain));
        coin.allotEmission(address(this), BIDDERS * COINS_OF_BIDDER);
    }

    function _fundBidders() private {
        for (uint256 i = 0; i < BIDDERS; ++i) {
            address wallet = bidderAt(i);
            _healthchain.enroll(wallet, i % 2 == 0 ? Role.Researcher : Role.Company, 0);
            coin.mint(wallet, COINS_OF_BIDDER);
            vm.prank(wallet);
            coin.approve(address(clearing), COINS_OF_BIDDER);
        }
    }

    /// @dev A dataset with three records of the patient.
    function _listRecords(DatasetRegistry registry, bytes1 salt) private {
        (uint256 key, address wallet) = _healthchain.patient();
        Scope memory scope = Scope(ScopeKind.All, 0);
        Recipient memory recipient = Recipient(RecipientKind.Institution, 1);
        uint32 purposes = uint32((1 << PURPOSE) | (1 << 20));
        Terms memory terms = Terms(purposes, 1, uint40(_clock), type(uint40).max);
        ConsentRegistry consentRegistry = _healthchain.consentRegistry();
        GrantKey grant = consentRegistry.grantKeyOf(wallet, scope, recipient);
        RecordId[] memory ids = new RecordId[](3);
        GrantKey[] memory keys = new GrantKey[](3);
        for (uint256 i = 0; i < 3; ++i) {
            ids[i] = _healthchain.register(Actor(key, wallet), DATA_CLASS, keccak256(abi.encode(salt, i)));
            keys[i] = grant;
        }
        vm.prank(wallet);
        consentRegistry.grant(scope, recipient, terms);
        vm.prank(_hospital);
        DatasetId dataset = registry.list(_listing());
        vm.prank(_hospital);
        registry.addRecords(dataset, ids, keys);
        vm.prank(_hospital);
        registry.openVersion(dataset);
    }

    function _listing() private pure returns (Listing memory) {
        return
            Listing({
                dataClass: DATA_CLASS,
                weights: 1,
                sectionClasses: 1,
                purposes: uint32(1 << PURPOSE),
                gamma: 1,
                floor: 1,
                lambdaMin: 2,
                lambdaMax: 2,
                patientShare: 5_000,
                doctorShare: 0
            });
    }

    function _clears(uint80 price, uint16 cut, uint8[] memory merit) private returns (bool) {
        try clearing.clear(_id(), price, cut, merit) {
            return true;
        } catch {
            return false;
        }
    }

    function _tick(uint256 step) private {
        _clock += step;
        vm.warp(_clock);
    }

    function _round() private view returns (uint32) {
        return clearing.roundCount();
    }

    function _id() private view returns (RoundId) {
        return RoundId.wrap(_round());
    }

    function _current() private view returns (Round memory) {
        return clearing.roundOf(_id());
    }

    function _bids() private view returns (Bid[] memory) {
        return clearing.bidsOf(_id());
    }

    function _isBidding() private view returns (bool) {
        return _round() != 0 && _clock < _current().biddingEnd;
    }

    /// @dev The first state that fits: by bisection over the price, then by trying the cuts.
    function _solve(Bid[] memory bids, Offer[] memory offers) private pure returns (uint80 price, uint16 cut) {
        uint256 low = 1;
        uint256 high = 1;
        for (uint256 i = 0; i < bids.length; ++i) {
            uint256 most = bids[i].maxPrice();
            if (Clearing.demandAt(bids[i], most) > _supplyOf(offers, most)) bids[i] = Bid.wrap(0);
            else if (most > high) high = most;
        }
        while (low < high) {
            uint256 middle = (low + high) / 2;
            if (_fits(bids, offers, middle, 0)) high = middle;
            else low = middle + 1;
        }
        cut = uint16(bids.length);
        while (!_fits(bids, offers, low, cut)) --cut;
        return (uint80(low), cut);
    }

    function _fits(Bid[] memory bids, Offer[] memory offers, uint256 price, uint256 cut) private pure returns (bool) {
        return Clearing.demandOf(bids, price, cut) <= _supplyOf(offers, price);
    }

    function _supplyOf(Offer[] memory offers, uint256 price) private pure returns (uint256 supply) {
        for (uint256 i = 0; i < offers.length; ++i) {
            if (offers[i].cost() <= price) supply += offers[i].capacity() * 1 ether;
        }
    }

    /// @dev There are at most two.
    function _meritOf(Offer[] memory offers) private pure returns (uint8[] memory merit) {
        merit = new uint8[](offers.length);
        if (offers.length < 2) return merit;
        merit[offers[0].cost() <= offers[1].cost() ? 1 : 0] = 1;
    }
}
