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
        _numbers[dataClass][role] = Numbers(alpha, c, uint40(block.timestamp), 0, 0);
        emit NumberBoundsSet(dataClass, role, bounds);
        emit NumbersPublished(dataClass, role, currentPeriod(), alpha, c);
    }

    /// @inheritdoc IDataMarket
    function advanceCeiling(DatasetId dataset) external {
        Sale memory sale = _saleOf(dataset);
        if (!sale.open || sale.records == 0) revert DatasetNotOnSale(dataset);
        Ceiling memory ceiling = _ceilings[dataset];
        uint256 lambda = _ceilingIn(ceiling, sale);
        // The first call starts the count, unless a sale did.
        if (ceiling.since != 0) {
            int256 step = _stepOf(ceiling.demand, sale.records, ceiling.since);
            lambda = MarketPeriod.moved(lambda, step, sale.lambdaMin, sale.lambdaMax);
        }

        // Within the bounds, which are of this size.
        _ceilings[dataset] = Ceiling(uint80(lambda), uint40(block.timestamp), 0);
        emit CeilingMoved(dataset, currentPeriod(), uint80(lambda));
    }

    /// @inheritdoc IDataMarket
    function advanceNumbers(uint8 dataClass, Role role) external {
        Numbers memory numbers = _numbers[dataClass][role];
        if (numbers.c == 0) revert NumbersNotPublished(dataClass, role);
        int256 step = _stepOf(numbers.demand, datasetRegistry.supplyOf(dataClass), numbers.since);
        if (numbers.orders != 0) {
            NumberBounds memory bounds = _numberBounds[dataClass][role];
            // Within the bounds, which are of this size.
            numbers.alpha = uint88(MarketPeriod.moved(numbers.alpha, step, bounds.alphaMin, bounds.alphaMax));
            numbers.c = uint80(MarketPeriod.moved(numbers.c, -step, bounds.cMin, bounds.cMax));
        }
        _numbers[dataClass][role] = Numbers(numbers.alpha, numbers.c, uint40(block.timestamp), 0, 0);
        emit NumbersPublished(dataClass, role, currentPeriod(), numbers.alpha, numbers.c);
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
        if (ceiling.since == 0) ceiling.since = uint40(block.timestamp);
        // A sale has 24 bits, and takes a transaction.
        ceiling.demand += records;
        _ceilings[dataset] = ceiling;

        Numbers memory numbers = _numbers[dataClass][role];
        // Full counters stay full until the next move.
        unchecked {
            if (numbers.demand <= type(uint32).max - records) numbers.demand += records;
            if (numbers.orders != type(uint16).max) ++numbers.orders;
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

    /// @dev By how much to move for what was sold since then, against the turnover that is expected of a stock in a period. A whole one has
    /// to have passed: else two calls around the end of a calendar period would take a few seconds without sales for a period.
    function _stepOf(uint256 sold, uint256 stock, uint40 since) private view returns (int256) {
        uint256 length = _rules.periodLength;
        if (block.timestamp < since + length) revert PeriodNotOver(uint40(since + length));
        uint256 expected = (stock * _rules.turnover) / BASIS_POINTS;
        if (expected == 0) expected = 1;
        return MarketPeriod.step(sold * length, expected * (block.timestamp - since), _rules.reactivity);
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
