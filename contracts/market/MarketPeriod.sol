// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/**
 * @title MarketPeriod
 * @notice How the market moves from one period to the next (the paper: "the data supply and demand in the last period have decided the unit
 * data price in the current period"): by a bounded part of the old value, up when more was asked for than expected, down when less.
 */
library MarketPeriod {
    int256 private constant WAD = 1e18;
    int256 private constant LARGEST_STEP = WAD / 8;
    uint256 private constant BASIS_POINTS = 10_000;

    /// @notice `clamp(k (demand - target) / target, -1/8, 1/8)`, in WAD. A target of zero counts as one.
    /// @param demand Records asked for, or these times anything, at most 2^128.
    /// @param target Records expected, times the same, at most 2^128.
    /// @param reactivity k, in basis points.
    function step(uint256 demand, uint256 target, uint256 reactivity) internal pure returns (int256 step_) {
        if (target == 0) target = 1;
        int256 excess = int256(demand) - int256(target);
        step_ = (excess * WAD * int256(reactivity)) / int256(target * BASIS_POINTS);
        if (step_ > LARGEST_STEP) return LARGEST_STEP;
        if (step_ < -LARGEST_STEP) return -LARGEST_STEP;
    }

    /// @notice `value (1 + step)`, rounded down, within `least` and `most`.
    /// @param value At most 2^96.
    /// @param step_ {step}, in WAD.
    function moved(uint256 value, int256 step_, uint256 least, uint256 most) internal pure returns (uint256 result) {
        result = (value * uint256(WAD + step_)) / uint256(WAD);
        if (result < least) return least;
        if (result > most) return most;
    }
}
