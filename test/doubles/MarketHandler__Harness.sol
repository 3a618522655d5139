// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Role} from "../../contracts/accounts/Account.sol";
import {Sale as Offered} from "../../contracts/market/Dataset.sol";
import {IDataMarket} from "../../contracts/market/IDataMarket.sol";
import {Quote} from "../../contracts/market/IQuoter.sol";
import {ManifestLeaf, OrderId, OrderRequest, OrderState} from "../../contracts/market/Order.sol";
import {GrantKey} from "../../contracts/records/Grant.sol";
import {StackelbergPricing} from "../../contracts/market/StackelbergPricing.sol";
import {Healthchain__Harness as Healthchain} from "./Healthchain__Harness.sol";
import {Market__Harness} from "./Market__Harness.sol";
import {MarketModel__Harness as MarketModel} from "./MarketModel__Harness.sol";
import {StockHandler__Harness as StockHandler} from "./StockHandler__Harness.sol";
import {vm} from "./Vm.sol";

/**
 * @title MarketHandler__Harness
 * @notice Lets buyers order and dispute, the hospital deliver, the arbiter rule and anybody refund, release, prove and claim, at random, next
 * to all that happens to the datasets, and tells the model the same. What the market must refuse is tried too.
 */
contract MarketHandler__Harness is StockHandler {
    uint256 private constant WAD = 1e18;

    constructor(Healthchain healthchain) Market__Harness(healthchain) {}

    function order(uint24 step, uint8 who, uint8 where, uint8 dMin, uint8 most, uint8 version) external {
        _tick(step);
        uint256 dataset = where % DATASETS;
        uint256 buyer = dataset == 0 ? 1 : who % BUYERS;
        OrderRequest memory request = OrderRequest({
            dataset: _dataset(dataset),
            version: uint32(_versions[dataset] + (version % 16 == 7 ? 1 : 0)),
            dMin: dMin % 8 == 7 ? 0 : 1 + (dMin % 4),
            purpose: PURPOSE,
            maxPrice: uint80(_unitOf(dataset) * (8 + (most % 64))),
            maxPayment: type(uint128).max
        });
        (bool isQuoted, Quote memory quoted) = _quoteOf(buyer, request);
        if (isQuoted) request.maxPayment = uint128(quoted.payment - (version % 16 == 9 ? 1 : 0));
        bool mayOrder = isQuoted && version % 16 != 7 && version % 16 != 9;

        uint256 balance = coin.balanceOf(_buyers[buyer]);
        vm.prank(_buyers[buyer]);
        try market.order(request) {
            assert(mayOrder);
            uint256 paid = balance - coin.balanceOf(_buyers[buyer]);
            assert(paid == quoted.payment && paid <= request.maxPayment);
            _addSale(buyer, dataset, quoted.amount, quoted.price);
        } catch {
            assert(!mayOrder);
        }
    }

    /// @notice Orders as a clearing does, one to four times, at prices from below to far above, now and then more than there is.
    function orderFor(uint24 step, uint8 who, uint8 where, uint8 amount, uint8 price) external {
        _tick(step);
        uint256 dataset = where % DATASETS;
        (uint256 count, ) = _contentOf(dataset, _versions[dataset]);
        for (uint256 i = 0; i <= amount >> 6; ++i) {
            uint256 records = amount % 8 == 7 ? (amount >> 3) % 10 : 1 + ((amount + i) % (count + 1));
            uint256 each = _unitOf(dataset) * (9 + (price % 32)) + (price >> 5);
            _orderFor((who + i) % BUYERS, dataset, records, each, records != 0 && count != 0);
        }
    }

    /// @notice Delivers up to two orders, now and then too late, too much, or exported at the wrong time.
    function deliver(uint24 step, uint16 which, uint8 count, uint16 age, uint8 leaf) external {
        _tick(step);
        for (uint256 i = 0; i <= which >> 15; ++i) {
            (bool found, uint256 index) = _pick(which + i, OrderState.Ordered);
            if (found) _deliver(index, _delivery(_sales[index], count, age, leaf));
        }
    }

    function confirm(uint24 step, uint16 which, uint8 who) external {
        _tick(step);
        (bool found, uint256 index) = _pick(which, OrderState.Delivered);
        if (!found || who % 4 == 3) return;
        Sale storage sale = _sales[index];
        uint256 buyer = _sender(sale, who);
        bool mayConfirm = buyer == sale.buyer && _isUnderReview(sale);
        vm.prank(_buyers[buyer]);
        try market.confirm(_order(index)) {
            assert(mayConfirm);
            _release(sale);
            _done();
        } catch {
            assert(!mayConfirm);
        }
    }

    function dispute(uint24 step, uint16 which, uint8 who) external {
        _tick(step);
        (bool found, uint256 index) = _pick(which, OrderState.Delivered);
        if (!found) return;
        Sale storage sale = _sales[index];
        uint256 buyer = _sender(sale, who);
        bool mayDispute = buyer == sale.buyer && sale.state == OrderState.Delivered && clock <= sale.deadline;
        vm.prank(_buyers[buyer]);
        try market.dispute(_order(index), bytes32(uint256(who))) {
            assert(mayDispute);
            (sale.state, sale.deadline) = (OrderState.Disputed, clock + WINDOW);
            _done();
        } catch {
            assert(!mayDispute);
        }
    }

    function rule(uint24 step, uint16 which, bool toBuyer) external {
        _tick(step);
        (bool found, uint256 index) = _pick(which, OrderState.Disputed);
        if (!found) return;
        Sale storage sale = _sales[index];
        uint256 balance = coin.balanceOf(_buyers[sale.buyer]);
        try market.rule(_order(index), toBuyer) {
            assert(sale.state == OrderState.Disputed);
            if (toBuyer) _refund(sale, balance);
            else _release(sale);
            _done();
        } catch {
            assert(sale.state != OrderState.Disputed);
        }
    }

    function refund(uint24 step, uint16 which, uint8 who) external {
        _tick(step);
        (bool found, uint256 index) = _pick(which, who % 2 == 0 ? OrderState.Ordered : OrderState.Disputed);
        if (!found) return;
        Sale storage sale = _sales[index];
        bool isProvider = who % 32 == 14;
        bool isOver = clock > sale.deadline;
        bool mayRefund =
            (sale.state == OrderState.Ordered && (isOver || isProvider)) ||
                (sale.state == OrderState.Disputed && (isOver || isProvider));
        uint256 balance = coin.balanceOf(_buyers[sale.buyer]);
        if (isProvider) vm.prank(_hospital);
        try market.refund(_order(index)) {
            assert(mayRefund);
            _refund(sale, balance);
            _done();
        } catch {
            assert(!mayRefund);
        }
    }

    /// @notice Releases up to four orders.
    function release(uint24 step, uint16 which) external {
        _tick(step);
        for (uint256 i = 0; i <= which >> 14; ++i) {
            (bool found, uint256 index) = _pick(which + i, OrderState.Delivered);
            if (!found) return;
            Sale storage sale = _sales[index];
            bool mayRelease = sale.state == OrderState.Delivered && clock > sale.deadline;
            try market.release(_order(index)) {
                assert(mayRelease);
                _release(sale);
                _done();
            } catch {
                assert(!mayRelease);
            }
        }
    }

    /// @notice Shows the one leaf of a delivery, or now and then another.
    function proveFraud(uint24 step, uint16 which, uint8 leaf) external {
        _tick(step);
        (bool found, uint256 index) = _pick(which, OrderState.Delivered);
        if (!found) return;
        Sale storage sale = _sales[index];
        ManifestLeaf memory shown = _leafOf(sale);
        if (leaf % 16 == 7) shown.keyHash = bytes32(uint256(1));
        bool isProven = _isUnderReview(sale) && leaf % 16 != 7 && _isFraud(sale);
        uint256 balance = coin.balanceOf(_buyers[sale.buyer]);
        try market.proveFraud(_order(index), shown, new bytes32[](0)) {
            assert(isProven);
            _refund(sale, balance);
            _done();
        } catch {
            assert(!isProven);
        }
    }

    /// @notice Claims the shares of up to four records, mostly in versions in which they were.
    function claimShares(uint24 step, uint8 which, uint8 stay, uint8 version) external {
        _tick(step);
        for (uint256 i = 0; i <= which >> 6; ++i) _claimShare((which + i) % RECORDS, stay, version);
    }

    function claimIncome(uint24 step) external {
        _tick(step);
        uint256 balance = coin.balanceOf(_hospital);
        try market.claimIncome(1) returns (uint256 amount) {
            assert(amount == _income && coin.balanceOf(_hospital) - balance == amount && amount != 0);
            _income = 0;
            _done();
        } catch {
            assert(_income == 0);
        }
    }

    /// @notice Moves ceilings and numbers where a period is over; nothing else depends on it but what is quoted.
    function advance(uint24 step, uint8 what) external {
        _tick(step);
        if (what % 4 < DATASETS) {
            try market.advanceCeiling(_dataset(what % 4)) {
                _done();
            } catch {}
        } else {
            try market.advanceNumbers(24, _roleOf(what % BUYERS)) {
                _done();
            } catch {}
        }
    }

    /// @notice Lets time pass: some, up to an order's last second, or to the second after.
    function pass(uint24 step, uint16 which) external {
        if (which % 4 == 3 && _sales.length != 0) {
            uint256 deadline = _sales[(which >> 3) % _sales.length].deadline + ((which >> 2) % 2);
            if (clock < deadline) clock = deadline;
            step = 3;
        } else {
            clock += step % WINDOW;
        }
        _tick(step);
        _done();
    }

    /// @notice What the market should hold: all escrow, all that creators are credited and did not claim, all income that is not taken.
    function held() external view returns (uint256 sum) {
        sum = _income;
        for (uint256 i = 0; i < _sales.length; ++i) sum += _sales[i].escrow;
        for (uint256 dataset = 0; dataset < DATASETS; ++dataset) {
            for (uint256 version = 1; version <= _versions[dataset]; ++version) {
                sum += _pot[dataset][version] - _claimed[dataset][version];
            }
        }
    }

    function income() external view returns (uint256) {
        return _income;
    }

    function sales() external view returns (uint256) {
        return _sales.length;
    }

    /// @notice Whether the market has an order as the model has it.
    function isOrderInBooks(uint256 index) external view returns (bool) {
        Sale memory sale = _sales[index];
        (, uint256 weight) = _contentOf(sale.dataset, sale.version);
        return
            keccak256(abi.encode(market.orderOf(_order(index)).state, market.orderOf(_order(index)).weight)) ==
                keccak256(abi.encode(sale.state, weight)) &&
            market.orderOf(_order(index)).deadline == sale.deadline &&
            market.orderOf(_order(index)).delivered == sale.delivered;
    }

    /// @notice Whether a record got its part of a version's sales by weight, less than a wei short for each claim, and never more.
    function isPaidByWeight(uint256 record, uint256 dataset, uint256 version) external view returns (bool) {
        uint256 claimed = _claimedBy[record][dataset][version];
        if (!_holds(record, dataset, version)) return claimed == 0;
        (, uint256 weight) = _contentOf(dataset, version);
        uint256 due = (_pot[dataset][version] * _weightOf(record)) / weight;
        uint256 open = _shareOf(record, dataset, version);
        return claimed + open <= due && due <= claimed + open + _claimsBy[record][dataset][version] + 1;
    }

    /// @notice Whether a version's creators were credited the floor of every record sold at least, and claimed no more than the credit.
    function isVersionSound(uint256 dataset, uint256 version) external view returns (bool) {
        uint256 least;
        for (uint256 i = 0; i < _sales.length; ++i) {
            Sale memory sale = _sales[i];
            if (sale.state != OrderState.Released || sale.dataset != dataset || sale.version != version) continue;
            least += FLOOR * _unitOf(dataset) * sale.delivered;
        }
        return least <= _pot[dataset][version] && _claimed[dataset][version] <= _pot[dataset][version];
    }

    function _shareOf(uint256 record, uint256 dataset, uint256 version) private view returns (uint256) {
        for (uint256 i = 0; i < _stays[record].length; ++i) {
            if (!_isIn(_stays[record][i], dataset, version)) continue;
            IDataMarket.Claim memory claim = IDataMarket.Claim(_ids[record], uint8(i), uint32(version));
            (uint256 patient, uint256 doctor) = market.shareOf(claim);
            return patient + doctor;
        }
        return 0;
    }

    /// @dev The market's quote, if it has one, checked against the game's own rules.
    function _quoteOf(uint256 buyer, OrderRequest memory request) private view returns (bool, Quote memory quoted) {
        try market.quote(request.dataset, _roleOf(buyer), request.dMin, request.maxPrice) returns (Quote memory found) {
            quoted = found;
        } catch {
            return (false, quoted);
        }
        Offered memory offered = registry.saleOf(request.dataset);
        IDataMarket.Numbers memory numbers = market.numbersOf(24, _roleOf(buyer));
        assert(offered.lambdaMin <= quoted.price && quoted.price <= offered.lambdaMax);
        assert(quoted.price <= request.maxPrice && quoted.payment == quoted.price * quoted.amount);
        assert(request.dMin <= quoted.amount && quoted.amount <= offered.records);
        // Whole records: never fewer than the game's amount, which the buyer would get too cheap.
        uint256 d = StackelbergPricing.demand(numbers.alpha, numbers.c, request.dMin * WAD, quoted.price);
        assert(d <= quoted.amount * WAD && quoted.amount * WAD < d + WAD);
        assert(quoted.payment >= StackelbergPricing.payment(quoted.price, d));
        return (true, quoted);
    }

    function _orderFor(uint256 buyer, uint256 dataset, uint256 records, uint256 price, bool isThere) private {
        bool mayOrder = isThere && price >= _unitOf(dataset) * (GAMMA + FLOOR);
        (uint256 count, ) = _contentOf(dataset, _versions[dataset]);
        uint256 balance = coin.balanceOf(_buyers[buyer]);
        try market.orderFor(_buyers[buyer], _dataset(dataset), uint24(records), uint80(price), PURPOSE) {
            assert(mayOrder);
            uint256 placed = records < count ? records : count;
            assert(coin.balanceOf(_buyers[buyer]) - balance == price * (records - placed));
            _addSale(buyer, dataset, placed, price);
        } catch {
            assert(!mayOrder);
        }
    }

    function _deliver(uint256 index, Sale memory next) private {
        Sale memory sale = _sales[index];
        bool mayDeliver = sale.state == OrderState.Ordered && clock <= sale.deadline && _isDeliverable(sale, next);
        bytes32 root = _hashOf(_leafOf(next));
        uint256 balance = coin.balanceOf(_buyers[sale.buyer]);
        vm.prank(_hospital);
        try market.deliver(_order(index), root, uint24(next.delivered), uint40(next.asOf)) {
            assert(mayDeliver);
            assert(coin.balanceOf(_buyers[sale.buyer]) - balance == sale.escrow - next.escrow);
            _sales[index] = next;
            _done();
        } catch {
            assert(!mayDeliver);
        }
    }

    /// @dev Claims a record's share in one version, twice in one call.
    function _claimShare(uint256 record, uint256 stay, uint256 version) private {
        uint256 count = _stays[record].length;
        uint256 ordinal = stay % 16 == 7 ? count : stay % count;
        bool isValid = ordinal < count;
        uint256 dataset;
        if (isValid) {
            Stay memory listing = _stays[record][ordinal];
            dataset = listing.dataset;
            version = listing.joined + (version % (_versions[dataset] + 2 - listing.joined));
            isValid = _isIn(listing, dataset, version);
        }
        IDataMarket.Claim[] memory claims = new IDataMarket.Claim[](2);
        claims[0] = IDataMarket.Claim(_ids[record], uint8(ordinal), uint32(version));
        claims[1] = claims[0];
        address patient = _patients[_patientOf(record)];
        uint256 balance = coin.balanceOf(patient) + coin.balanceOf(_doctor);
        try market.claimShares(claims) {
            assert(isValid);
            uint256 paid = coin.balanceOf(patient) + coin.balanceOf(_doctor) - balance;
            if (paid == 0) return;
            _claimed[dataset][version] += paid;
            _claimedBy[record][dataset][version] += paid;
            ++_claimsBy[record][dataset][version];
            _done();
        } catch {
            assert(!isValid);
        }
    }

    function _addSale(uint256 buyer, uint256 dataset, uint256 amount, uint256 price) private {
        Sale memory sale;
        sale.state = OrderState.Ordered;
        (sale.buyer, sale.dataset, sale.version) = (buyer, dataset, _versions[dataset]);
        (sale.amount, sale.price, sale.escrow) = (amount, price, amount * price);
        (sale.asOf, sale.deadline) = (clock, clock + WINDOW);
        _sales.push(sale);
        assert(market.orderCount() == _sales.length);
        _done();
    }

    function _refund(Sale storage sale, uint256 balance) private {
        assert(coin.balanceOf(_buyers[sale.buyer]) - balance == sale.escrow);
        sale.escrow = 0;
        sale.state = OrderState.Refunded;
    }

    /// @dev The buyer, now and then the other one.
    function _sender(Sale memory sale, uint256 seed) private pure returns (uint256) {
        return seed % 32 < 28 ? sale.buyer : (sale.buyer + 1) % BUYERS;
    }

    /// @dev Mostly one of the orders in a state, of the last few.
    function _pick(uint256 seed, OrderState state) private view returns (bool found, uint256 index) {
        if (_sales.length == 0) return (false, 0);
        index = seed % _sales.length;
        for (uint256 i = 0; i < 16 && seed % 16 != 7; ++i) {
            uint256 candidate = (index + i) % _sales.length;
            if (_sales[candidate].state == state) return (true, candidate);
        }
        return (true, index);
    }

    function _isUnderReview(Sale memory sale) private pure returns (bool) {
        return sale.state == OrderState.Delivered || sale.state == OrderState.Disputed;
    }

    /// @dev What an order is to become with a delivery of so many records and a leaf.
    function _delivery(
        Sale memory sale,
        uint256 count,
        uint256 age,
        uint256 leaf
    ) private view returns (Sale memory next) {
        next = sale;
        next.state = OrderState.Delivered;
        next.delivered = count % 4 != 3 ? sale.amount : (count >> 2) % (sale.amount + 2);
        // Since the order, often; up to twice as long ago, and now and then in the future.
        uint256 since = clock - sale.asOf;
        next.asOf = clock - (age % ((age % 4 == 3 ? 2 * since : since) + 1)) + (age % 32 == 5 ? since + 1 : 0);
        next.deadline = clock + WINDOW;
        next.escrow = sale.price * next.delivered;
        (next.leafRecord, next.leafKind) = (leaf % RECORDS, (leaf >> 3) % KINDS);
        next.leafPatient = leaf >> 5 == 3 ? (leaf >> 4) % PATIENTS : _patientOf(next.leafRecord);
    }

    function _isDeliverable(Sale memory sale, Sale memory next) private view returns (bool) {
        bool isExported = next.asOf >= sale.asOf && next.asOf <= clock && next.asOf + 1 hours >= clock;
        return isExported && next.delivered != 0 && next.delivered <= sale.amount;
    }

    function _leafOf(Sale memory sale) private view returns (ManifestLeaf memory) {
        GrantKey key = _keys[sale.leafPatient][sale.leafKind];
        return ManifestLeaf(_ids[sale.leafRecord], key, keccak256("ciphertext"), keccak256("key"));
    }

    function _hashOf(ManifestLeaf memory leaf) private pure returns (bytes32) {
        return keccak256(abi.encode(keccak256(abi.encode(leaf))));
    }

    function _order(uint256 index) private pure returns (OrderId) {
        return OrderId.wrap(uint32(index + 1));
    }

    function _roleOf(uint256 buyer) private pure returns (Role) {
        return buyer == 0 ? Role.Researcher : Role.Company;
    }
}
