// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Governed} from "../Governed.sol";
import {Role} from "../accounts/Account.sol";
import {DataClass} from "../records/DataClass.sol";
import {DatasetId, Sale} from "./Dataset.sol";
import {IDataMarket} from "./IDataMarket.sol";
import {IDatasetRegistry} from "./IDatasetRegistry.sol";
import {MarketPeriod} from "./MarketPeriod.sol";

/**
 * @title Periods
 * @notice The consortium's part of the {DataMarket}: the rules, the published numbers, and how these and the ceilings follow the demand
 * from period to period.
 */
abstract contract Periods is IDataMarket, Governed {
    uint256 internal constant BASIS_POINTS = 10_000;
    uint256 private constant HOUR = 1 hours;

    /// @inheritdoc IDataMarket
    IDatasetRegistry public immutable datasetRegistry;

    MarketRules internal _rules;

    mapping(uint8 dataClass => mapping(Role role => Numbers)) internal _numbers;

    mapping(uint8 dataClass => mapping(Role role => NumberBounds)) private _numberBounds;

    mapping(DatasetId dataset => Ceiling) private _ceilings;

    constructor(IDatasetRegistry datasetRegistry_, MarketRules memory rules) {
        datasetRegistry = datasetRegistry_;
        _setRules(rules);
    }

    /// @inheritdoc IDataMarket
    function setRules(MarketRules calldata rules) external restricted {
        // Periods are numbered by their length.
        if (rules.periodLength != _rules.periodLength) revert MarketRulesInvalid(rules);
        _setRules(rules);
    }

    /// @inheritdoc IDataMarket
    function publishNumbers(
        uint8 dataClass,
        Role role,
        uint88 alpha,
        uint80 c,
        NumberBounds calldata bounds
    ) external restricted {
        bool isPriced = DataClass.isOfRecord(dataClass) && _buys(role);
        bool isBounded = bounds.cMin != 0 && bounds.cMin <= c && c <= bounds.cMax;
        if (!isPriced || !isBounded || alpha < bounds.alphaMin || alpha > bounds.alphaMax) {
            revert NumbersInvalid(dataClass, role, alpha, c);
        }
        _numberBounds[dataClass][role] = bounds;
        _numbers[dataClass][role] = Numbers(alpha, c, currentPeriod(), 0, 0);
        emit NumberBoundsSet(dataClass, role, bounds);
        emit NumbersPublished(dataClass, role, currentPeriod(), alpha, c);
    }

    /// @inheritdoc IDataMarket
    function advanceCeiling(DatasetId dataset) external {
        Sale memory sale = _saleOf(dataset);
        if (sale.institution == 0) revert DatasetNotOnSale(dataset);
        Ceiling memory ceiling = _ceilings[dataset];
        uint32 period = currentPeriod();
        uint256 lambda = _ceilingIn(ceiling, sale);
        // The first call starts the count, unless a sale did.
        if (ceiling.period != 0) {
            uint256 demand = ceiling.demand / _passedSince(ceiling.period, period);
            int256 step = MarketPeriod.step(demand, _expectedOf(sale.records), _rules.reactivity);
            lambda = MarketPeriod.moved(lambda, step, sale.lambdaMin, sale.lambdaMax);
        }

        // Within the bounds, which are of this size.
        _ceilings[dataset] = Ceiling(uint80(lambda), period, 0);
        emit CeilingMoved(dataset, period, uint80(lambda));
    }

    /// @inheritdoc IDataMarket
    function advanceNumbers(uint8 dataClass, Role role) external {
        Numbers memory numbers = _numbers[dataClass][role];
        if (numbers.c == 0) revert NumbersNotPublished(dataClass, role);
        uint32 period = currentPeriod();
        uint32 passed = _passedSince(numbers.period, period);
        if (numbers.orders != 0) {
            uint256 expected = _expectedOf(datasetRegistry.supplyOf(dataClass));
            int256 step = MarketPeriod.step(numbers.demand / passed, expected, _rules.reactivity);
            NumberBounds memory bounds = _numberBounds[dataClass][role];
            // Within the bounds, which are of this size.
            numbers.alpha = uint88(MarketPeriod.moved(numbers.alpha, step, bounds.alphaMin, bounds.alphaMax));
            numbers.c = uint80(MarketPeriod.moved(numbers.c, -step, bounds.cMin, bounds.cMax));
        }
        _numbers[dataClass][role] = Numbers(numbers.alpha, numbers.c, period, 0, 0);
        emit NumbersPublished(dataClass, role, period, numbers.alpha, numbers.c);
    }

    /// @inheritdoc IDataMarket
    function ceilingOf(DatasetId dataset) external view returns (Ceiling memory) {
        return _ceilings[dataset];
    }

    /// @inheritdoc IDataMarket
    function numbersOf(uint8 dataClass, Role role) external view returns (Numbers memory) {
        return _numbers[dataClass][role];
    }

    /// @inheritdoc IDataMarket
    function numberBoundsOf(uint8 dataClass, Role role) external view returns (NumberBounds memory) {
        return _numberBounds[dataClass][role];
    }

    /// @inheritdoc IDataMarket
    function marketRules() external view returns (MarketRules memory) {
        return _rules;
    }

    /// @inheritdoc IDataMarket
    function currentPeriod() public view returns (uint32) {
        return uint32(block.timestamp / _rules.periodLength);
    }

    function _saleOf(DatasetId dataset) internal view returns (Sale memory) {
        return datasetRegistry.saleOf(dataset);
    }

    /// @dev The ceiling in force of a dataset.
    function _ceilingOf(DatasetId dataset, Sale memory sale) internal view returns (uint256) {
        return _ceilingIn(_ceilings[dataset], sale);
    }

    /// @dev Counts a sale. What is ordered and given back is no demand: it would cost nothing to move the market by it.
    function _countSale(DatasetId dataset, uint8 dataClass, Role role, uint24 records) internal {
        Ceiling memory ceiling = _ceilings[dataset];
        if (ceiling.period == 0) ceiling.period = currentPeriod();
        // A sale has 24 bits, and takes a transaction.
        ceiling.demand += records;
        _ceilings[dataset] = ceiling;

        Numbers memory numbers = _numbers[dataClass][role];
        // Full counters stay full until the next move.
        unchecked {
            if (numbers.demand <= type(uint32).max - records) numbers.demand += records;
            if (numbers.orders != type(uint24).max) ++numbers.orders;
        }
        _numbers[dataClass][role] = numbers;
    }

    /// @dev Whether accounts of a role may buy.
    function _buys(Role role) internal pure returns (bool) {
        return role == Role.Researcher || role == Role.Company || role == Role.Insurer;
    }

    function _ceilingIn(Ceiling memory ceiling, Sale memory sale) private pure returns (uint256) {
        uint80 lambda = ceiling.lambda;
        if (lambda == 0 || lambda > sale.lambdaMax) return sale.lambdaMax;
        return lambda < sale.lambdaMin ? sale.lambdaMin : lambda;
    }

    /// @dev How many periods passed, at least one.
    function _passedSince(uint32 since, uint32 period) private pure returns (uint32) {
        if (period <= since) revert PeriodNotOver(since);
        return period - since;
    }

    /// @dev The turnover that is expected of a stock in a period, in records.
    function _expectedOf(uint32 records) private view returns (uint256) {
        return (uint256(records) * _rules.turnover) / BASIS_POINTS;
    }

    function _setRules(MarketRules memory rules) private {
        bool isTimed =
            _isBetween(rules.periodLength, 366 days) &&
                _isBetween(rules.deliveryTime, 90 days) &&
                _isBetween(rules.disputeWindow, 90 days) &&
                _isBetween(rules.arbitrationTime, 366 days);
        bool isReacting = rules.turnover != 0 && rules.reactivity <= BASIS_POINTS;
        if (!isTimed || !isReacting) revert MarketRulesInvalid(rules);
        _rules = rules;
        emit MarketRulesSet(rules);
    }

    function _isBetween(uint32 time, uint256 most) private pure returns (bool) {
        return time >= HOUR && time <= most;
    }
}
