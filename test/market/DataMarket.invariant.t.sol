// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {MedicalCoin} from "../../contracts/coin/MedicalCoin.sol";
import {DatasetId, Stock} from "../../contracts/market/Dataset.sol";
import {DataMarket} from "../../contracts/market/DataMarket.sol";
import {DatasetRegistry} from "../../contracts/market/DatasetRegistry.sol";
import {Healthchain__Harness as Healthchain} from "../doubles/Healthchain__Harness.sol";
import {MarketHandler__Harness as MarketHandler} from "../doubles/MarketHandler__Harness.sol";

/// @notice Whatever patients, hospital, buyers, arbiter and strangers do in whatever order, no coin appears, vanishes or goes to another.
/// The handler checks each action; sums over everything are added up now and then, and at the end of each run.
contract DataMarketInvariantTest {
    uint256 private constant DATASETS = 2;
    uint256 private constant RECORDS = 8;

    MarketHandler internal _handler;
    DataMarket internal _market;
    DatasetRegistry internal _registry;
    MedicalCoin internal _coin;

    function setUp() external {
        _handler = new MarketHandler(new Healthchain());
        _market = _handler.market();
        _registry = _handler.registry();
        _coin = _handler.coin();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    /// @notice What the market holds is all escrow, all that creators are credited and have not claimed, and all income, to the wei.
    /// hardhat-config: invariant.failOnRevert = true
    /// hardhat-config: invariant.depth = 512
    function invariant_TheCoinIsEscrowAndSharesAndIncome() external view {
        if (!_isItsTurn(32)) return;
        assert(_coin.balanceOf(address(_market)) == _handler.held());
        assert(_market.incomeOf(1) == _handler.income());
    }

    /// @notice Every order is where the model has it, so that it was refunded or released, and never both.
    /// hardhat-config: invariant.failOnRevert = true
    /// hardhat-config: invariant.depth = 512
    function invariant_EveryOrderIsAsTheModelHasIt() external view {
        if (!_isItsTurn(64)) return;
        for (uint256 i = 0; i < _handler.sales(); ++i) assert(_handler.isOrderInBooks(i));
    }

    /// @notice Creators are credited the floor at least and claim no more than the credit, each by weight, in the versions it was in.
    /// hardhat-config: invariant.failOnRevert = true
    /// hardhat-config: invariant.depth = 512
    function invariant_CreatorsShareByWeight() external view {
        if (!_isItsTurn(128)) return;
        for (uint256 dataset = 0; dataset < DATASETS; ++dataset) {
            for (uint256 version = 0; version <= _handler.versionOf(dataset); ++version) {
                assert(_handler.isVersionSound(dataset, version));
                for (uint256 i = 0; i < RECORDS; ++i) assert(_handler.isPaidByWeight(i, dataset, version));
            }
        }
    }

    /// @notice Every version holds what the model has in it, for good; the stock and the supply are that of the versions on sale.
    /// hardhat-config: invariant.failOnRevert = true
    /// hardhat-config: invariant.depth = 512
    function invariant_VersionsHoldWhatTheyHeld() external view {
        if (!_isItsTurn(64)) return;
        uint256 supply;
        for (uint256 dataset = 0; dataset < DATASETS; ++dataset) {
            uint256 version = _handler.versionOf(dataset);
            (uint256 records, uint256 weight) = _handler.contentOf(dataset, version);
            Stock memory stock = _registry.stockOf(DatasetId.wrap(uint32(dataset + 1)));
            assert(stock.version == version && stock.records == records && stock.weight == weight);
            (uint256 joining, uint256 joiningWeight) = _registry.joiningOf(DatasetId.wrap(uint32(dataset + 1)));
            (uint256 next, uint256 nextWeight) = _handler.contentOf(dataset, version + 1);
            assert(joining == next - records && joiningWeight == nextWeight - weight);
            for (uint256 i = 0; i < RECORDS; ++i) assert(_handler.isInBooks(i, dataset));
            supply += records;
        }
        assert(_registry.supplyOf(24) == supply);
        assert(_coin.emissionOf(address(_registry)).minted == _handler.rewards());
    }

    /// @dev Sums over everything are dear: they are added up after one action in so many.
    function _isItsTurn(uint256 often) private view returns (bool) {
        return _handler.actions() % often == 0;
    }
}
