// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Rank} from "../../contracts/consensus/Rank.sol";
import {RankingHandler__Harness as RankingHandler} from "../doubles/RankingHandler__Harness.sol";

/// @notice Whatever comes, moves and goes, with whatever hint: the ranking is the sorted list.
contract RankingInvariantTest {
    RankingHandler private _handler;

    function setUp() external {
        _handler = new RankingHandler();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    /// hardhat-config: invariant.failOnRevert = true
    /// hardhat-config: invariant.runs = 64
    /// hardhat-config: invariant.depth = 256
    function invariant_IsTheSortedList() external view {
        uint16[] memory order = _handler.order();
        uint16 candidate = _handler.ranks(0).next();
        uint16 above;
        for (uint256 i = 0; i < order.length; ++i) {
            assert(candidate == order[i]);
            Rank rank = _handler.ranks(candidate);
            assert(rank.power() == _handler.powerOf(candidate));
            assert(rank.previous() == above);
            (above, candidate) = (candidate, rank.next());
        }
        assert(candidate == 0);
        assert(_handler.ranks(0).previous() == above);
        assert(_handler.ranks(0).power() == 0);
    }

    /// @notice The operator stays, and who is outside has nothing else.
    /// hardhat-config: invariant.failOnRevert = true
    /// hardhat-config: invariant.runs = 16
    /// hardhat-config: invariant.depth = 256
    function invariant_OutsideOnlyTheOperatorIsLeft() external view {
        for (uint16 i = 1; i <= _handler.candidates(); ++i) {
            Rank rank = _handler.ranks(i);
            assert(uint160(rank.operator()) == _handler.operatorOf(i));
            if (_handler.powerOf(i) == 0) assert(Rank.unwrap(rank) == _handler.operatorOf(i));
            assert(rank.isStanding() == (_handler.powerOf(i) != 0));
        }
    }
}
