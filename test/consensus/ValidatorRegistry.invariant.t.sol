// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {MedicalCoin} from "../../contracts/coin/MedicalCoin.sol";
import {IMedicalCoin} from "../../contracts/coin/IMedicalCoin.sol";
import {Rank} from "../../contracts/consensus/Rank.sol";
import {ValidatorRegistry} from "../../contracts/consensus/ValidatorRegistry.sol";
import {Healthchain__Harness as Healthchain} from "../doubles/Healthchain__Harness.sol";
import {StakingHandler__Harness as StakingHandler} from "../doubles/StakingHandler__Harness.sol";
import {vm} from "../doubles/Vm.sol";

/// @notice Whatever candidates, delegators, registrars and certifier do in whatever order, no coin appears, vanishes or changes hands.
/// The handler checks each action; the sums over everybody are added up now and then, and at the end of each run.
contract ValidatorRegistryInvariantTest {
    /// @dev Large and odd: many fall below the minimum, and every division leaves something.
    uint16 private constant SLASH_FRACTION = 6_667;

    StakingHandler internal _handler;
    ValidatorRegistry internal _registry;
    MedicalCoin internal _coin;

    function setUp() external {
        _handler = new StakingHandler(new Healthchain(), SLASH_FRACTION);
        _registry = _handler.registry();
        _coin = _handler.coin();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    /// @notice The ranking is sorted, its links agree, and it holds who stands and nobody else.
    /// hardhat-config: invariant.failOnRevert = true
    /// hardhat-config: invariant.depth = 256
    function invariant_TheRankingIsSortedAndHoldsWhoStands() external view {
        uint256 count;
        uint16 above;
        uint256 power = type(uint256).max;
        uint16 candidate = _registry.ranks(0).next();
        while (candidate != 0) {
            Rank rank = _registry.ranks(candidate);
            assert(rank.previous() == above && rank.power() <= power && rank.power() != 0);
            assert(rank.power() == _handler.bondedOf(candidate) / 1e9);
            assert(_handler.isStanding(candidate));
            ++count;
            (above, power, candidate) = (candidate, rank.power(), rank.next());
        }
        assert(_registry.ranks(0).previous() == above);
        assert(count == _registry.standingCount() && count == _handler.standing());
    }

    /// @notice The set is what the last election found, each below a third of the power, until the next.
    /// hardhat-config: invariant.failOnRevert = true
    /// hardhat-config: invariant.depth = 256
    function invariant_TheSetStaysUntilTheNextElection() external view {
        address[] memory validators = _registry.getValidators();
        assert(validators.length == _handler.electedCount());
        for (uint256 i = 0; i < validators.length; ++i) assert(validators[i] == _handler.elected(i));
    }

    /// @notice What the registry holds is all stake, all that is unbonding, and all rewards; divisions leave less than a wei each.
    /// hardhat-config: invariant.failOnRevert = true
    /// hardhat-config: invariant.depth = 256
    function invariant_TheCoinIsStakeAndUnbondingAndRewards() external view {
        if (!_isItsTurn()) return;
        uint256 owned = _handler.unclaimed();
        for (uint256 i = 0; i < _handler.accounts(); ++i) {
            StakingHandler.Books memory books = _handler.booksOf(i);
            owned += books.stake + books.unbonding;
        }
        uint256 held = _coin.balanceOf(address(_registry));
        assert(owned <= held && held <= owned + _handler.roundings());
    }

    /// @notice Nobody gets back more than what was put in, and all of them together lose no more than what was burned.
    /// hardhat-config: invariant.failOnRevert = true
    /// hardhat-config: invariant.depth = 256
    function invariant_NobodyWithdrawsMoreThanTheyPutIn() external view {
        if (!_isItsTurn()) return;
        uint256 lost;
        for (uint256 i = 0; i < _handler.accounts(); ++i) {
            StakingHandler.Books memory books = _handler.booksOf(i);
            assert(books.returned + books.stake + books.unbonding <= books.put);
            lost += books.put - books.returned - books.stake - books.unbonding;
        }
        assert(lost >= _handler.burned() && lost <= _handler.burned() + _handler.roundings());
    }

    /// @notice Every position, what it answers for, every reward and every status is as the model has it.
    /// hardhat-config: invariant.failOnRevert = true
    /// hardhat-config: invariant.depth = 256
    function invariant_EveryPositionIsAsTheModelHasIt() external view {
        if (!_isItsTurn()) return;
        for (uint16 i = 1; i <= _handler.institutions(); ++i) {
            assert(_handler.isInBooks(i));
            for (uint256 j = 0; j < _handler.accounts(); ++j) assert(_handler.isInBooks(i, j));
        }
    }

    /// @notice The certifier mints what the blocks have earned, and never more than its quota.
    /// hardhat-config: invariant.failOnRevert = true
    /// hardhat-config: invariant.depth = 256
    function invariant_TheEmissionStaysWithinItsQuota() external view {
        IMedicalCoin.Emission memory emission = _coin.emissionOf(address(_handler.certifier()));
        assert(emission.minted == _handler.settled() && emission.minted <= _handler.QUOTA());
    }

    /// @dev Sums over everybody are dear: they are added up after one action in sixteen.
    function _isItsTurn() private view returns (bool) {
        return _handler.height() % 16 == 0;
    }
}
