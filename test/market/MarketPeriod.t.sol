// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {MarketPeriod} from "../../contracts/market/MarketPeriod.sol";

contract MarketPeriodTest {
    uint256 private constant WAD = 1e18;
    uint256 private constant BASIS_POINTS = 10_000;

    /// @notice The step has the sign of the excess, no more than an eighth, and is k times the excess by the target in between.
    function testFuzz_TheStepIsBounded(uint128 demand, uint128 target, uint16 seed) external pure {
        uint256 reactivity = uint256(seed) % (BASIS_POINTS + 1);
        int256 step = MarketPeriod.step(demand, target, reactivity);
        uint256 expected = target == 0 ? 1 : target;
        bool isUp = demand > expected;
        uint256 distance = isUp ? demand - expected : expected - demand;
        uint256 size = (distance * WAD * reactivity) / (expected * BASIS_POINTS);
        if (size > WAD / 8) size = WAD / 8;
        assert(step == (isUp ? int256(size) : -int256(size)));
    }

    /// @notice More demand never moves less, whatever the target.
    function testFuzz_MoreDemandNeverMovesLess(
        uint128 demand,
        uint128 more,
        uint128 target,
        uint16 seed
    ) external pure {
        uint256 reactivity = uint256(seed) % (BASIS_POINTS + 1);
        (uint256 least, uint256 most) = demand < more ? (demand, more) : (more, demand);
        assert(MarketPeriod.step(least, target, reactivity) <= MarketPeriod.step(most, target, reactivity));
    }

    /// @notice A value moves by an eighth at most, rounded down, and stays within its bounds.
    function testFuzz_AValueMovesByAnEighthWithinItsBounds(
        uint96 seed,
        uint96[2] calldata ends,
        int64 part
    ) external pure {
        (uint256 least, uint256 most) = ends[0] < ends[1] ? (ends[0], ends[1]) : (ends[1], ends[0]);
        uint256 value = least + (uint256(seed) % (most - least + 1));
        int256 step = int256(part) % int256(WAD / 8 + 1);
        uint256 moved = MarketPeriod.moved(value, step, least, most);
        assert(least <= moved && moved <= most);
        assert(moved <= value + value / 8 && moved + value / 8 + 1 >= value);
        if (step == 0) assert(moved == value);
        if (moved > least && moved < most) {
            assert(moved * WAD <= value * uint256(int256(WAD) + step));
            assert((moved + 1) * WAD > value * uint256(int256(WAD) + step));
        }
    }

    /// @notice A value out of its bounds comes back into them.
    function testFuzz_AValueOutOfItsBoundsComesBack(uint96 value, uint96[2] calldata ends) external pure {
        (uint256 least, uint256 most) = ends[0] < ends[1] ? (ends[0], ends[1]) : (ends[1], ends[0]);
        uint256 moved = MarketPeriod.moved(value, 0, least, most);
        assert(
            moved ==
                (
                    value < least
                        ? least
                        : value > most
                            ? most
                            : value
                )
        );
    }
}
